"""The long listening of `kangban bench listening --minutes`, two minutes of it on the real app."""

from __future__ import annotations

from itertools import repeat

from assistant.cli.bench_listening_hours import hours
from speech.fakes import FakeRecognizer, FakeSpeaker
from tests.cli.test_voice_companion import Home, home
from tests.gateway.conftest import _stand_in, dialogue, town_file
from tests.speech.sounds import espeak

__all__ = ["_stand_in", "dialogue", "home", "town_file"]


class FakeEngines:
    def __init__(self) -> None:
        self.recognizer = FakeRecognizer(repeat("我昨天晚上没有睡好"))
        self.speaker = FakeSpeaker()

    def voices(self) -> list[tuple[str, FakeSpeaker]]:
        return [("fake_mb", self.speaker)]


def test_each_minute_is_heard_answered_and_weighed(home: Home) -> None:
    question = espeak("wo3 zuo2 tian1 wan3 shang4 mei2 you3 shui4 hao3")
    found = hours(home.api, FakeEngines(), "E1", [question], 2)  # type: ignore[arg-type]
    assert (found["minutes"], found["utterances"], found["answers"]) == (2, 2, 2)
    assert [size["minute"] for size in found["sizes"]] == [1, 2]
    assert all(size["speaker_mb"] > 10 for size in found["sizes"])
    assert set(found["growth_mb"]) == {"speaker_mb"}
