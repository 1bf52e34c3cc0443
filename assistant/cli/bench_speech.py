"""`kangban bench speech`: how much of what is spoken is heard, how fast, and how much of it is understood."""

from __future__ import annotations

import queue
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from assistant.cli.api import Api
from assistant.cli.bench import keep
from assistant.cli.errors import PlainError
from assistant.cli.lines import tell, write_json, write_line
from assistant.cli.running import system
from assistant.cli.say import PATIENT
from assistant.cli.settings import CliSettings
from assistant.cli.speech_models import store_of
from assistant.cli.spoken_requests import SETS, SpokenRequest, read_requests, speak_requests
from assistant.cli.voice_hints import LiveHints
from speech.aloud import as_said
from speech.decode import decode
from speech.engines.choice import open_recognizer, open_speaker
from speech.errors import SpeechError
from speech.hearing import FEED_FRAMES
from speech.models import FRAME_BYTES
from speech.ports import Recognizer

BATCH = 20
"""Sentences understood in one call."""

Made = tuple[SpokenRequest, Path]


def bench_speech(
    settings: CliSettings,
    *,
    spoken: str,
    most: int | None,
    engine: str | None,
    hints: bool,
    make_only: bool,
    as_json: bool,
) -> None:
    """Speak the requests, hear them, understand them; print one table and where the samples lie.

    Raises:
        PlainError: no voice, no recogniser, or no system can be used.
    """
    requests = read_requests(SETS[spoken], most=most)
    try:
        if make_only:
            made = list(_made(settings, requests))
            write_line(f"{len(made)} 句在 {settings.home / 'bench' / 'spoken'} (synthetic requests, made)")
            return
        with system(settings, demo_if_empty=True) as api:
            samples = _measure(settings, api, requests, engine, hints=hints)
    except SpeechError as error:
        raise PlainError(f"量不了：{error.message}") from error
    summary = _summary(samples)
    summary["samples"] = str(keep(settings, samples, bench="speech"))
    if as_json:
        write_json(summary)
        return
    write_line(
        f"合成的声音 synthetic speech: {summary['requests']} 句, {summary['audio_s']} s, {summary['engine']}"
    )
    write_line(f"字错率 CER: {summary['cer']:.3f}    RTF p50: {summary['rtf_p50']:.2f}")
    for room, row in summary["rooms"].items():
        write_line(
            f"  {room:<8} {row['requests']:>4} 句  CER {row['cer']:.3f}  understood {row['understood']:.3f}"
        )
    write_line("                     intent   slots   both")
    for name, said in (
        ("written", "written"),
        ("heard_unrepaired", "heard, no repair"),
        ("heard", "heard, repaired"),
    ):
        row = summary[name]
        write_line(f"  {said:<16} {row['intent']:>8.3f}{row['slots']:>8.3f}{row['both']:>7.3f}")
    faults = ", ".join(f"{kind} {count}" for kind, count in summary["faults"].items())
    write_line(f"错在哪 what went wrong: {faults or 'nothing'}")
    write_line(f"每一句 raw samples: {summary['samples']}")


def _made(settings: CliSettings, requests: Sequence[SpokenRequest]) -> Iterator[tuple[SpokenRequest, Path]]:
    """Yield each request with its sound; the voice runs only where one is missing."""
    folder = settings.home / "bench" / "spoken"
    there = [one for one in requests if (folder / one.file).exists()]
    yield from ((one, folder / one.file) for one in there)
    missing = [one for one in requests if one not in there]
    if not missing:
        return
    speaker = open_speaker(store_of(settings), "kokoro", limits=PATIENT)
    try:
        for number, done in enumerate(speak_requests(missing, speaker, folder), 1):
            yield done
            if number % 20 == 0:
                tell(f"说 spoken {number}/{len(missing)} …")
    finally:
        speaker.close()


def _ahead(made: Iterator[Made]) -> Iterator[Made]:
    """Yield what is made while the next ones are being made: the voice and the ear are processes apart."""
    waiting: queue.Queue[Made | Exception | None] = queue.Queue()

    def make() -> None:
        try:
            for one in made:
                waiting.put(one)
            waiting.put(None)
        except Exception as error:
            waiting.put(error)

    threading.Thread(target=make, daemon=True, name="requests").start()
    while (one := waiting.get()) is not None:
        if isinstance(one, Exception):
            raise one
        yield one


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _measure(
    settings: CliSettings,
    api: Api,
    requests: Sequence[SpokenRequest],
    engine: str | None,
    *,
    hints: bool,
) -> list[dict[str, Any]]:
    recognizer = open_recognizer(store_of(settings), engine, limits=PATIENT)
    names = LiveHints(api)() if hints else ()
    samples: list[dict[str, Any]] = []
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for request, path in _ahead(_made(settings, requests)):
            samples.append(_hear(recognizer, request, path, names))
            if len(samples) % 20 == 0:
                tell(f"听 heard {len(samples)}/{len(requests)} …")
    except KeyboardInterrupt:
        tell(f"停了，算前面的 {len(samples)} 句 (stopped; the figures are of what was heard so far)")
    finally:
        recognizer.close()
        for number, handler in before.items():
            signal.signal(number, handler)
    if not samples:
        raise PlainError("一句也没听 (nothing was heard)")
    for start in range(0, len(samples), BATCH):
        part = samples[start : start + BATCH]
        texts = [one["heard"] or "嗯" for one in part]
        heard = api.post("/parse", {"texts": texts})["results"]
        bare_heard = api.post("/parse", {"texts": texts, "repair": False})["results"]
        written = api.post("/parse", {"texts": [one["text"] for one in part]})["results"]
        for one, by_ear, unrepaired, by_eye in zip(part, heard, bare_heard, written, strict=True):
            one["by_ear"] = _right(one, by_ear, by_eye)
            one["unrepaired"] = _right(one, unrepaired, by_eye)
            one["by_eye"] = _right(one, by_eye, by_eye)
            one["understood"] = {"intent": by_ear["intent"], "slots": by_ear["slots"]}
            one["repaired"] = by_ear["repaired"]
            one["fault"] = _fault(one)
    return samples


def _hear(recognizer: Recognizer, request: SpokenRequest, path: Path, names: Iterable[str]) -> dict[str, Any]:
    sound = decode(path)
    begun = time.perf_counter()
    session = recognizer.start(hints=tuple(names))
    # As the speaker does it: what streams is fed as the sound comes, what does not gets the utterance whole.
    step = FRAME_BYTES * FEED_FRAMES if recognizer.streaming else max(1, len(sound.pcm))
    for at in range(0, len(sound.pcm), step):
        session.feed(sound.pcm[at : at + step])
    heard = session.finish()
    said, got = bare(request.text), bare(heard.text)
    return {
        "text": request.text,
        "heard": heard.text,
        "intent": request.intent,
        "slots": request.slots,
        "voice": request.voice,
        "rate": request.rate,
        "room": request.room,
        "file": path.name,
        "engine": heard.engine,
        "confidence": heard.confidence,
        "audio_s": round(sound.seconds, 3),
        "compute_s": round(time.perf_counter() - begun, 3),
        "wrong": distance(said, got),
        "characters": len(said),
    }


def _right(row: dict[str, Any], found: dict[str, Any], written: dict[str, Any]) -> dict[str, bool]:
    """Say whether intent and slots are right; an emergency may be known by the guard alone.

    The labelled slots must be there with their values, and the time must be the one that is read from the
    written sentence; other slots are not judged.
    """
    intent = found["intent"] == row["intent"] or (
        row["intent"] == "report_emergency" and found.get("emergency") is not None
    )
    slots = all(found["slots"].get(name) == value for name, value in row["slots"].items())
    slots = slots and found["slots"].get("when") == written["slots"].get("when")
    return {"intent": intent, "slots": slots, "both": intent and slots}


def _fault(row: dict[str, Any]) -> str | None:
    """Say whose fault it is: nothing was heard, it was misheard, or the very words are not understood."""
    if row["by_ear"]["both"]:
        return None
    if not row["by_eye"]["both"]:
        return "understanding"
    return "nothing heard" if not row["heard"] else "misheard"


def _summary(samples: list[dict[str, Any]]) -> dict[str, Any]:
    def share(rows: list[dict[str, Any]], way: str, what: str) -> float:
        return float(round(sum(row[way][what] for row in rows) / len(rows), 4))

    def cer(rows: list[dict[str, Any]]) -> float:
        return float(round(sum(row["wrong"] for row in rows) / sum(row["characters"] for row in rows), 4))

    rooms = sorted({row["room"] for row in samples})
    by_room = {room: [row for row in samples if row["room"] == room] for room in rooms}
    return {
        "bench": "speech",
        "synthetic": True,
        "requests": len(samples),
        "engine": samples[0]["engine"],
        "audio_s": round(sum(row["audio_s"] for row in samples), 1),
        "cer": cer(samples),
        "rtf_p50": round(median(row["compute_s"] / row["audio_s"] for row in samples), 3),
        "compute_p50_s": round(median(row["compute_s"] for row in samples), 3),
        "written": {what: share(samples, "by_eye", what) for what in ("intent", "slots", "both")},
        "heard_unrepaired": {
            what: share(samples, "unrepaired", what) for what in ("intent", "slots", "both")
        },
        "heard": {what: share(samples, "by_ear", what) for what in ("intent", "slots", "both")},
        "faults": dict(sorted(Counter(row["fault"] for row in samples if row["fault"]).items())),
        "rooms": {
            room: {"requests": len(rows), "cer": cer(rows), "understood": share(rows, "by_ear", "both")}
            for room, rows in by_room.items()
        },
    }


def bare(text: str) -> str:
    """Return a text in characters only, digits as they are said: what two texts are compared by."""
    return "".join(sign for sign in as_said(text) if sign not in "，。？！").replace("幺", "一")


def distance(said: str, heard: str) -> int:
    """Return the least number of characters to be put in, taken out or replaced."""
    row = list(range(len(heard) + 1))
    for number, sign in enumerate(said, 1):
        before, row[0] = row[0], number
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (sign != other))
    return row[-1]
