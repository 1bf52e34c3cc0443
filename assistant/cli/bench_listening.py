"""`kangban bench listening`: how long an answer lets an elder wait, and how often a pause cuts her off.

The voices are Kokoro's: synthetic, cut to their speech, so that every pause is as long as it is said to be.
"""

from __future__ import annotations

import random
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.cli.api import Api
from assistant.cli.bench import keep
from assistant.cli.bench_listening_hours import hours
from assistant.cli.errors import PlainError
from assistant.cli.lines import tell, write_json, write_line
from assistant.cli.running import system
from assistant.cli.say import PATIENT
from assistant.cli.settings import CliSettings
from assistant.cli.speech_models import store_of
from assistant.cli.voice_companion import ElderCompanion
from assistant.cli.voice_hints import LiveHints
from assistant.cli.voice_parts import Engines
from speech.detectors import best_detector
from speech.engines.choice import open_speaker
from speech.errors import SpeechError
from speech.events import Event, EventType
from speech.fakes import FakeRecognizer, framed, silence
from speech.listener import Ear, Listener
from speech.metrics import percentile
from speech.models import RATE, Manner, Sound
from speech.pipeline import Pipeline
from speech.ports import Speaker
from speech.talker import Talker
from speech.wav_files import SoundMicrophone, WavLoudspeaker

QUESTIONS = (
    "今天是星期几？",
    "明天中午有什么好吃的？",
    "我想订明天的中饭，来一份红烧肉。",
    "算了，不要了。",
    "我昨天晚上没有睡好。",
    "我想看骨科。",
    "算了，不看了。",
    "你能帮我做什么？",
    "我订了什么？",
    "谢谢你，再见。",
)
"""Nothing is booked by these (what is begun is dropped), so nothing runs out."""

HALVES = (
    ("我想订", "明天中午的午饭"),
    ("我膝盖疼", "想看骨科"),
    ("帮我请个人", "来打扫卫生"),
    ("今天", "是几号"),
)
VOICES = ("zf_xiaobei", "zm_yunxi", "zf_xiaoyi")

LONGEST_PAUSE_S = 1.0
QUIET = 0.01
"""Below this (of 1.0) is not speech when a voice is cut to its speech."""


def bench_listening(
    settings: CliSettings,
    *,
    times: int,
    pauses: int,
    minutes: int,
    elder_id: str,
    engine: str | None,
    voice: str | None,
    as_json: bool,
) -> None:
    """Measure in real time, and print the figures and where the samples lie.

    Raises:
        PlainError: no engine, or no town.
    """
    try:
        with system(settings, demo_if_empty=True) as api, tempfile.TemporaryDirectory() as folder:
            speaker = open_speaker(store_of(settings), "kokoro", limits=PATIENT)
            try:
                cut = _cut_off(speaker, pauses) if pauses else []
                asked = QUESTIONS if minutes else [QUESTIONS[at % len(QUESTIONS)] for at in range(times)]
                questions = [
                    _said(speaker, text, VOICES[at // len(QUESTIONS) % len(VOICES)])
                    for at, text in enumerate(asked)
                ]
            finally:
                speaker.close()
            engines = Engines(settings, recognizer=engine, speaker=voice, keep_in=Path(folder))
            try:
                long = hours(api, engines, elder_id, questions, minutes) if minutes else None
                # The first round finds nothing kept; the second what rendering ahead would have made.
                first = [] if minutes else _delays(api, engines, elder_id, questions)
                delays = [] if minutes else _delays(api, engines, elder_id, questions)
                names = {"engine": engines.recognizer.name, "voice": engines.speaker.name}
            finally:
                engines.close()
    except SpeechError as error:
        raise PlainError(f"语音用不了：{error.message} (see `kangban doctor`)") from error
    kinds = (("pause", cut), ("delay_first_time", first), ("delay", delays))
    samples = [{"kind": kind, **one} for kind, found in kinds for one in found]
    summary: dict[str, Any] = {"bench": "listening", "synthetic": True, **names}
    if long is not None:
        samples += [{"kind": "size", **one} for one in long.pop("sizes")]
        summary |= long
    else:
        summary |= _figures(delays, first)
    if cut:
        summary |= {
            "pauses": len(cut),
            "longest_pause_s": LONGEST_PAUSE_S,
            "cut_off_share": round(sum(one["cut"] for one in cut) / len(cut), 4),
        }
    summary["samples"] = str(keep(settings, samples, bench="listening"))
    if as_json:
        write_json(summary)
        return
    _show(summary)


def _figures(delays: list[dict[str, Any]], first: list[dict[str, Any]]) -> dict[str, Any]:
    waited = [one["delay_s"] for one in delays]
    found: dict[str, Any] = {
        "answers": len(waited),
        "delay_p50_s": percentile(waited, 0.5),
        "delay_p95_s": percentile(waited, 0.95),
        "first_time_p50_s": percentile([one["delay_s"] for one in first], 0.5),
        "first_time_p95_s": percentile([one["delay_s"] for one in first], 0.95),
        "silence_wait_p50_s": percentile([one["wait_s"] for one in delays], 0.5),
    }
    for part in ("words", "turn", "voice"):
        found[f"{part}_p50_s"] = percentile([one[f"{part}_s"] for one in delays], 0.5)
    return found


def _show(summary: dict[str, Any]) -> None:
    if "growth_mb" in summary:
        write_line(
            f"听了 {summary['minutes']} 分钟 minutes listened to: {summary['utterances']} 句 utterances,"
            f" 涨了 growth after the fifth minute: {summary['growth_mb']} MB"
        )
    if "delay_p50_s" in summary:
        write_line(
            f"回答前的等待 from the end of the silence to the first sound: p50 {summary['delay_p50_s']} s,"
            f" p95 {summary['delay_p95_s']} s ({summary['answers']} answers, {summary['engine']},"
            f" {summary['voice']})"
        )
        write_line(
            f"  其中 of it p50: 听写 words {summary['words_p50_s']}, 对话 turn {summary['turn_p50_s']},"
            f" 声音 voice {summary['voice_p50_s']} s"
        )
        write_line(
            f"  没有备好的话 with nothing rendered ahead: p50 {summary['first_time_p50_s']} s,"
            f" p95 {summary['first_time_p95_s']} s"
        )
        write_line(f"静默的等待 the silence itself: p50 {summary['silence_wait_p50_s']} s")
    if "cut_off_share" in summary:
        write_line(
            f"停顿被打断 pauses up to {LONGEST_PAUSE_S} s cut off: {summary['cut_off_share']}"
            f" of {summary['pauses']}"
        )
    write_line(f"原始数据 samples: {summary['samples']}")


def _said(speaker: Speaker, text: str, voice: str) -> bytes:
    """Return a sentence at 16 kHz, without the silence around it."""
    sounds = list(speaker.speak(text, Manner(voice=voice, rate=0.9)))
    samples = np.frombuffer(b"".join(sound.pcm for sound in sounds), "<i2").astype(float)
    at = np.arange(0, len(samples) - 1, sounds[0].rate / RATE)
    there = np.interp(at, np.arange(len(samples)), samples)
    loud = np.flatnonzero(np.abs(there) > QUIET * 32768)
    cut = there[loud[0] : loud[-1] + 1] if len(loud) else there
    return bytes(cut.astype("<i2").tobytes())


def _cut_off(speaker: Speaker, count: int) -> list[dict[str, Any]]:
    """Say two halves with a pause between them, and see whether they stay one utterance."""
    chance = random.Random(78)  # noqa: S311 - the same pauses each time
    parts = {
        (half, voice): _said(speaker, half, voice) for voice in VOICES[:2] for pair in HALVES for half in pair
    }
    detector, found = best_detector(), []
    for number in range(count):
        first, second = HALVES[number % len(HALVES)]
        voice = VOICES[number % 2]
        pause_s = round(chance.uniform(0.3, LONGEST_PAUSE_S), 3)
        pcm = silence(0.4) + parts[first, voice] + silence(pause_s) + parts[second, voice] + silence(2.0)
        room = np.random.default_rng(number).normal(0, 40, len(pcm) // 2)
        noisy = (np.frombuffer(pcm, "<i2") + room).clip(-32768, 32767).astype("<i2").tobytes()
        ended: list[float] = []

        def emit(kind: EventType, data: dict[str, Any], ended: list[float] = ended) -> None:
            if kind is EventType.SPEECH_ENDED:
                ended.append(float(data["at_s"]))

        detector.reset()
        listener = Listener(Ear(detector=detector, recognizer=FakeRecognizer()), emit=emit, now=lambda: 0.0)
        for frame in framed(noisy):
            listener.take(frame)
        listener.flush()
        listener.close()
        found.append({"pause_s": pause_s, "text": f"{first}|{second}", "cut": len(ended) != 1})
    return found


def _delays(api: Api, engines: Engines, elder_id: str, questions: Sequence[bytes]) -> list[dict[str, Any]]:
    """Hear each question in real time, and measure until the first sound of the answer."""
    companion = ElderCompanion(api=api, elder_id=elder_id, steady=not engines.recognizer.streaming)
    companion.get_to_know()
    found: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, pcm in enumerate(questions):
            ended: dict[str, float] = {}

            def listener(event: Event, ended: dict[str, float] = ended) -> None:
                if event.type is EventType.SPEECH_ENDED:
                    ended["at"], ended["wait_s"] = event.at, float(event.data["silence_s"])
                elif event.type is EventType.TRANSCRIPT and "at" in ended:
                    ended["words_s"] = event.at - ended["at"]
                elif event.type is EventType.REPLY and "at" in ended:
                    ended["turn_s"] = event.at - ended["at"] - ended["words_s"]
                elif event.type is EventType.SPEAKING and "turn_s" in ended:
                    ended.setdefault("delay_s", event.at - ended["at"])
                    ended.setdefault("voice_s", ended["delay_s"] - ended["words_s"] - ended["turn_s"])

            pipeline = Pipeline(
                ear=Ear(
                    detector=best_detector(),
                    recognizer=engines.recognizer,
                    judge=companion.judge,
                    hints=LiveHints(api, asked=lambda: companion.asked),
                ),
                talker=Talker(engines.speaker, WavLoudspeaker(Path(folder), uuid.uuid4().hex)),
                companion=companion,
                listeners=[listener],
            )
            pipeline.run(SoundMicrophone(Sound(pcm=silence(0.4) + pcm + silence(3.0), rate=RATE), paced=True))
            if "delay_s" in ended:
                found.append({name: round(value, 3) for name, value in ended.items() if name != "at"})
            tell(f"{number + 1}/{len(questions)}")
    return found
