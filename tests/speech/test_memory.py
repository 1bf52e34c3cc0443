"""Listening for hours does not grow: three minutes of talk and pauses, as fast as they can be taken."""

from __future__ import annotations

import gc
from itertools import repeat
from pathlib import Path

from speech.detectors import SileroDetector
from speech.fakes import FakeLoudspeaker, FakeRecognizer, FakeSpeaker, framed, silence
from speech.listener import Ear, Utterance
from speech.metrics import Metrics
from speech.models import Manner
from speech.pipeline import Pipeline, Reply
from speech.talker import Talker
from tests.speech.sounds import espeak, music, noise

GROWTH_BYTES = 6_000_000


def resident() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class Nods:
    def __init__(self) -> None:
        self.heard = 0

    def answer(self, utterance: Utterance, text: str) -> Reply:
        self.heard += 1
        return Reply(texts=["好"], manner=Manner())

    def partial(self, utterance_id: str, text: str) -> None: ...

    def apology(self, key: str) -> Reply:
        return Reply(texts=[])


class Forgetful(FakeLoudspeaker):
    """A loudspeaker keeps nothing of what it has played."""

    def play(self, sounds: object) -> bool:
        played = super().play(sounds)  # type: ignore[arg-type]
        self.played.clear()
        return played


def test_three_minutes_of_talk_leave_nothing_behind() -> None:
    talk = espeak("wo3 xiang3 ding4 ming2 tian1 de5 wu3 fan4") + silence(1.5)
    minute = (talk + music(4.0) + noise(3.0) + silence(2.0)) * 4
    sizes: list[int] = []

    class Microphone:
        def frames(self):  # type: ignore[no-untyped-def]
            for _ in range(4):
                yield from framed(minute)
                sizes.append(resident())

        def close(self) -> None: ...

    nods = Nods()
    speaker = FakeSpeaker()
    pipeline = Pipeline(
        ear=Ear(detector=SileroDetector(), recognizer=FakeRecognizer(repeat("我想订明天的午饭")), wait=True),
        talker=Talker(speaker, Forgetful()),
        companion=nods,
        live=False,
        listeners=[Metrics()],
    )
    pipeline.run(Microphone())
    assert nods.heard >= 12
    assert sizes[-1] - sizes[0] < GROWTH_BYTES, [size // 1000 for size in sizes]
