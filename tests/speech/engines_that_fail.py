"""Engines for the tests of the watchdog: they work, and crash or hang when told to."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence

from speech.errors import EngineMissing
from speech.fakes import FakeRecognition, FakeRecognizer, FakeSpeaker
from speech.models import Manner, Partial, Sound


class _Failing(FakeRecognition):
    def feed(self, pcm: bytes) -> Partial | None:
        if pcm == b"crash!":
            os.abort()
        if pcm == b"hang!!":
            time.sleep(600)
        if pcm == b"greedy":
            bytearray(5 * 1024**3)
        if pcm == b"bad!!!":
            raise RuntimeError("a library complains")
        return super().feed(pcm)


class Failing(FakeRecognizer):
    def start(self, *, hints: Sequence[str] = ()) -> FakeRecognition:
        print("a library that chatters on standard output")  # noqa: T201
        return _Failing("我要订饭", engine="failing", alternatives=())


def failing() -> Failing:
    return Failing()


def missing() -> FakeRecognizer:
    raise EngineMissing("no model here")


class FailingSpeaker(FakeSpeaker):
    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Sound]:  # noqa: B008
        for number, sound in enumerate(super().speak(text, manner)):
            if text == "坏了" and number == 1:
                os.abort()
            if text.startswith("慢"):
                time.sleep(0.05)
            if text == "很慢。" and number == 0:
                time.sleep(1.0)
            yield sound


def speaking() -> FailingSpeaker:
    return FailingSpeaker()
