"""From the outbox to the loudspeaker: what was promised is said at home, once, and confirmed."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.cli import voice_announcements
from assistant.cli.api import ApiUnreachable
from assistant.cli.settings import settings_from
from assistant.cli.voice_announcements import Announcer
from assistant.cli.voice_companion import ElderCompanion
from assistant.cli.wiring import System, build_system
from backend.clock import FrozenClock
from backend.outbox.models import Channel, Message, MessageState
from backend.outbox.service import OFFER
from speech.fakes import FakeDetector, FakeLoudspeaker, FakeRecognizer, FakeSpeaker, silence
from speech.listener import Ear
from speech.models import RATE, Sound
from speech.pipeline import Pipeline
from speech.talker import Talker
from speech.wav_files import SoundMicrophone
from tests.cli.test_voice_companion import InProcessApi
from tests.gateway.conftest import NOON, SECRET, StandIn, _stand_in, dialogue, town_file

__all__ = ["_stand_in", "dialogue", "town_file"]

PILLS = {"turn_key": "web:pills", "elder_id": "E1", "text": "吃降压药", "start": "2026-05-11T09:05:00+08:00"}


@dataclass
class Speaker:
    """The home speaker of E1 on a whole app; a room in which nobody talks."""

    system: System
    clock: FrozenClock
    api: InProcessApi
    pipeline: Pipeline
    voice: FakeSpeaker
    announcer: Announcer

    def works(self) -> None:
        """Let ten minutes pass, and the workers do what is due."""
        assert not self.voice.said
        self.clock.advance(timedelta(minutes=10))
        for worker in self.system.workers:
            worker.run_once()

    def said(self, words: str) -> list[Any]:
        return [manner for text, manner in self.voice.said if words in text]

    def waits(self, until: Callable[[], bool], *, seconds: float = 12.0) -> bool:
        end = time.monotonic() + seconds
        while not until() and time.monotonic() < end:
            time.sleep(0.05)
        return until()


@pytest.fixture
def speaker(
    tmp_path: Path, town_file: Path, dialogue: StandIn, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Speaker]:
    monkeypatch.setattr(voice_announcements, "WAIT_S", 0.2)
    monkeypatch.setattr(voice_announcements, "QUIET_S", 0.3)
    monkeypatch.setattr(voice_announcements, "AGAIN_S", 0.1)
    shutil.copy(town_file, tmp_path / "kangban.db")
    clock = FrozenClock(NOON)
    system = build_system(
        settings_from({"KANGBAN_HOME": str(tmp_path)}),
        clock=clock,
        secret=SECRET,
        dialogue_address=lambda: dialogue.url,
    )
    with TestClient(system.app, headers={"Authorization": f"Bearer {SECRET}"}) as client:
        api = InProcessApi(client)
        companion = ElderCompanion(api=api, elder_id="E1")  # type: ignore[arg-type]
        companion.get_to_know()
        voice = FakeSpeaker()
        pipeline = Pipeline(
            ear=Ear(detector=FakeDetector(), recognizer=FakeRecognizer()),
            talker=Talker(voice, FakeLoudspeaker()),
            companion=companion,
        )
        microphone = SoundMicrophone(Sound(pcm=silence(60.0), rate=RATE), paced=True)
        room = threading.Thread(target=pipeline.run, args=(microphone,), daemon=True)
        room.start()
        announcer = Announcer(api, "E1", pipeline, lambda: companion.manner)  # type: ignore[arg-type]
        announcer.start()
        yield Speaker(system, clock, api, pipeline, voice, announcer)
        announcer.end()
        microphone.close()
        room.join(5.0)


def waiting(speaker: Speaker) -> list[str]:
    """What the book has for the loudspeaker and does not know to have been said."""
    with speaker.system.database.session() as session:
        rows = session.scalars(
            select(Message).where(Message.channel == Channel.SPEAKER, Message.state == MessageState.PENDING)
        )
        return [row.text for row in rows]


def test_a_reminder_is_said_at_home_once_and_the_book_knows_it(speaker: Speaker) -> None:
    speaker.api.post("/reminders", PILLS)
    speaker.works()
    assert speaker.waits(lambda: bool(speaker.said("吃降压药")))
    assert speaker.waits(lambda: not waiting(speaker)), "it was confirmed"
    time.sleep(1.0)
    assert len(speaker.said("吃降压药")) == 1


def test_a_check_in_is_asked_aloud_and_waits_for_an_answer_without_the_wake_phrase(speaker: Speaker) -> None:
    speaker.api._call("PUT", "/elders/E1/rhythm", json={"times": ["09:05"]})
    speaker.works()
    assert speaker.waits(lambda: bool(speaker.voice.said))
    assert "？" in "".join(text for text, _ in speaker.voice.said)
    assert speaker.waits(lambda: not waiting(speaker))


def test_what_could_not_be_confirmed_is_confirmed_later_and_not_said_again(speaker: Speaker) -> None:
    speaker.api.post("/reminders", PILLS)
    post = speaker.api.post

    def cut(path: str, body: dict[str, Any]) -> dict[str, Any]:
        if not lost:
            lost.append(path)
            raise ApiUnreachable("the cable is out")
        return post(path, body)

    lost: list[str] = []
    speaker.api.post = cut  # type: ignore[method-assign]
    speaker.works()
    assert speaker.waits(lambda: bool(lost))
    assert waiting(speaker)
    speaker.clock.advance(OFFER)
    assert speaker.waits(lambda: not waiting(speaker))
    assert len(speaker.said("吃降压药")) == 1
