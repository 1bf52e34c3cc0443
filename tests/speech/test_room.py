"""A room of its own: our voice and the elder's come out of one loudspeaker, and the microphone hears both."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from speech.detectors import SileroDetector
from speech.devices import DeviceLoudspeaker, DeviceMicrophone, SoundCards
from speech.events import Event, EventType
from speech.fakes import FakeRecognizer, FakeSpeaker
from speech.listener import Ear, Utterance
from speech.models import RATE, Manner, Sound
from speech.pipeline import Pipeline, Reply
from speech.talker import Talker
from tests.speech.sound_server import SoundServer
from tests.speech.sounds import espeak

WISH = "wo3 xiang3 ding4 ming2 tian1 zhong1 wu3 de5 fan4"
ANSWER = "hao3 de5 wo3 nian4 yi2 bian4 nin2 ting1 ting5 ming2 tian1 zhong1 wu3 yi2 fen4 tao4 can1 song4 dao4"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    started = SoundServer(tmp_path_factory.mktemp("sound"))
    with pytest.MonkeyPatch.context() as environment:
        for name, value in started.environment.items():
            environment.setenv(name, value)
        yield started
    started.end()


class Espeak(FakeSpeaker):
    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Sound]:  # noqa: B008
        yield Sound(pcm=quieter(espeak(text), 0.3), rate=RATE)


def quieter(pcm: bytes, by: float) -> bytes:
    return bytes((np.frombuffer(pcm, "<i2") * by).astype("<i2").tobytes())


class Answers:
    def __init__(self) -> None:
        self.heard: list[str] = []

    def answer(self, utterance: Utterance, text: str) -> Reply:
        self.heard.append(text)
        return Reply(texts=[ANSWER, ANSWER] if len(self.heard) == 1 else [])

    def partial(self, utterance_id: str, text: str) -> None: ...

    def apology(self, key: str) -> Reply:
        return Reply(texts=[])


class Speaking:
    """A speaker in the room, and an elder who speaks through the same loudspeaker."""

    def __init__(self, server: SoundServer) -> None:
        self.events: list[Event] = []
        self.answers = Answers()
        cards = SoundCards()
        self.microphone = DeviceMicrophone(cards, "room_microphone")
        self.elder = DeviceLoudspeaker(cards, "room_speaker")
        self.pipeline = Pipeline(
            ear=Ear(
                detector=SileroDetector(), recognizer=FakeRecognizer(["我要订饭", "等一等", "还有", "还有"])
            ),
            talker=Talker(Espeak(), DeviceLoudspeaker(cards, "room_speaker")),
            companion=self.answers,
            listeners=[self.events.append],
        )
        self._thread = threading.Thread(target=self.pipeline.run, args=(self.microphone,), daemon=True)
        self._thread.start()

    def wait_for(self, kind: EventType, *, within_s: float = 30.0) -> None:
        end = time.monotonic() + within_s
        while all(event.type is not kind for event in self.events):
            assert time.monotonic() < end, [event.type for event in self.events]
            time.sleep(0.02)

    def end(self) -> None:
        self.microphone.close()
        self._thread.join(20)
        assert not self._thread.is_alive()


def test_we_do_not_answer_our_own_voice(server: SoundServer) -> None:
    room = Speaking(server)
    room.elder.play([Sound(pcm=espeak(WISH), rate=RATE)])
    room.wait_for(EventType.SPOKEN)
    time.sleep(3.0)
    room.end()
    assert room.answers.heard == ["我要订饭"]
    assert EventType.INTERRUPTED not in [event.type for event in room.events]


def test_an_elder_who_speaks_over_us_is_heard(server: SoundServer) -> None:
    room = Speaking(server)
    room.elder.play([Sound(pcm=espeak(WISH), rate=RATE)])
    room.wait_for(EventType.SPEAKING)
    time.sleep(3.0)  # long enough for our own echo to be known
    room.elder.play([Sound(pcm=espeak(WISH), rate=RATE)])
    room.wait_for(EventType.INTERRUPTED, within_s=5.0)
    end = time.monotonic() + 15
    while len(room.answers.heard) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    room.end()
    assert room.answers.heard[:2] == ["我要订饭", "等一等"]
