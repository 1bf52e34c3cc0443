"""`kangban bench listening --minutes`: does the speaker grow while it listens for long?

The sound is given as fast as it can be taken, through the very path of a microphone: detector, segmenter,
recogniser, turn and voice. Somebody talks to it once a minute; the rest is music, noise and quiet.
"""

from __future__ import annotations

import gc
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.cli.api import Api
from assistant.cli.lines import tell
from assistant.cli.voice_companion import ElderCompanion
from assistant.cli.voice_hints import LiveHints
from assistant.cli.voice_parts import Engines
from speech.detectors import best_detector
from speech.fakes import framed, silence
from speech.listener import Ear
from speech.metrics import Metrics
from speech.models import RATE, Sound
from speech.pipeline import Pipeline
from speech.talker import Talker

SETTLED_MIN = 5
"""Minutes after which everything has been loaded and used once: growth is counted from there."""

QUIETER = 0.02


class _Nowhere:
    """A loudspeaker that keeps nothing: it only takes the sounds, as a sound card does."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def play(self, sounds: Iterable[Sound]) -> bool:
        for sound in sounds:
            self.seconds += sound.seconds
        return True

    def stop(self) -> None:
        return

    def close(self) -> None:
        return


def hours(
    api: Api, engines: Engines, elder_id: str, questions: Sequence[bytes], minutes: int
) -> dict[str, Any]:
    """Listen to so many minutes of sound; return sizes by minute and the growth, in megabytes."""
    companion = ElderCompanion(api=api, elder_id=elder_id, steady=not engines.recognizer.streaming)
    companion.get_to_know()
    metrics, sizes = Metrics(), list[dict[str, float]]()

    class Household:
        def frames(self) -> Iterator[bytes]:
            for minute in range(minutes):
                yield from framed(_minute(questions[minute % len(questions)], seed=minute))
                sizes.append({"minute": minute + 1, **_sizes(engines)})
                tell(f"{minute + 1}/{minutes} min: {sizes[-1]}")

        def close(self) -> None:
            return

    pipeline = Pipeline(
        ear=Ear(
            detector=best_detector(),
            recognizer=engines.recognizer,
            judge=companion.judge,
            hints=LiveHints(api),
            wait=True,
        ),
        talker=Talker(engines.speaker, _Nowhere()),
        companion=companion,
        live=False,
        listeners=[metrics],
    )
    with tempfile.TemporaryDirectory(prefix=f"kangban-{uuid.uuid4().hex[:6]}"):
        pipeline.run(Household())
    settled = sizes[min(SETTLED_MIN, len(sizes)) - 1]
    return {
        "minutes": minutes,
        "utterances": metrics.counts["transcript"],
        "answers": metrics.counts["answered"],
        "sizes": sizes,
        "growth_mb": {
            part: round(sizes[-1][part] - settled[part], 1) for part in settled if part != "minute"
        },
    }


def _minute(question: bytes, *, seed: int) -> bytes:
    """Return a minute: noise, the question, quiet for its answer, music, quiet."""
    chance = np.random.default_rng(seed)

    def pcm(samples: Any) -> bytes:
        return bytes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())

    room = pcm(chance.normal(0, QUIETER / 10, 15 * RATE))
    at = np.arange(20 * RATE) / RATE
    notes: Any = np.repeat(chance.choice([220.0, 247.5, 277.2, 330.0, 371.2], 80), RATE // 4)
    music = pcm(0.1 * sum(np.sin(2 * np.pi * notes * part * at) / part for part in range(1, 5)))
    whole = room + question + silence(4.0) + music
    return whole + silence(max(0.0, 60.0 - len(whole) / 2 / RATE))


def _sizes(engines: Engines) -> dict[str, float]:
    gc.collect()
    found = {"speaker_mb": _resident("self")}
    for name, process in (("recognizer_mb", engines.recognizer), *engines.voices()):
        pid = getattr(process, "pid", None)
        if pid is not None:
            found[name] = _resident(str(pid))
    return found


def _resident(process: str) -> float:
    return round(int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096 / 1e6, 1)
