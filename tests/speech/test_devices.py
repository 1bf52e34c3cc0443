"""Microphone and loudspeaker against a real sound server: found, chosen, unplugged, plugged in again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from speech.detectors import loudness
from speech.devices import DeviceLoudspeaker, DeviceMicrophone, SoundCards
from speech.errors import NoSuchDevice
from speech.fakes import tone
from speech.models import RATE, Sound
from tests.speech.sound_server import SoundServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    started = SoundServer(tmp_path_factory.mktemp("sound"))
    with pytest.MonkeyPatch.context() as environment:
        for name, value in started.environment.items():
            environment.setenv(name, value)
        yield started
    started.end()


@pytest.fixture(scope="module")
def cards(server: SoundServer) -> SoundCards:
    return SoundCards()


class Ears:
    """A microphone that is listened to in a thread."""

    def __init__(self, cards: SoundCards) -> None:
        self.frames: list[bytes] = []
        self.changes: list[bool] = []
        self.microphone = DeviceMicrophone(cards, "room_microphone", changed=self.changes.append)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        for frame in self.microphone.frames():
            self.frames.append(frame)

    def heard(self, loud: float = 0.05) -> float:
        return sum(0.032 for frame in list(self.frames) if loudness(frame) > loud)

    def close(self) -> None:
        self.microphone.close()
        self._thread.join(10)
        assert not self._thread.is_alive()


def until(true: object, *, within_s: float = 15.0) -> None:
    end = time.monotonic() + within_s
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def ears(cards: SoundCards) -> Iterator[Ears]:
    listening = Ears(cards)
    yield listening
    listening.close()


def test_devices_are_listed_by_name(cards: SoundCards) -> None:
    found = {device.name: device for device in cards.devices()}
    assert found["room_microphone"].inputs > 0
    assert found["room_speaker"].outputs > 0


def test_a_device_that_is_not_there_is_named_with_those_that_are(cards: SoundCards) -> None:
    with pytest.raises(NoSuchDevice, match="room_microphone"):
        next(DeviceMicrophone(cards, "a microphone of the moon").frames())


def test_what_is_played_is_heard_at_the_right_pitch(cards: SoundCards, ears: Ears) -> None:
    until(lambda: ears.frames)
    sound = Sound(pcm=tone(1.0, hertz=440, rate=24_000), rate=24_000)
    assert DeviceLoudspeaker(cards, "room_speaker").play([sound])
    until(lambda: ears.heard() > 0.9)
    assert ears.heard() == pytest.approx(1.0, abs=0.1)
    loud = b"".join(frame for frame in ears.frames if loudness(frame) > 0.05)
    spectrum = np.abs(np.fft.rfft(np.frombuffer(loud, "<i2")))
    assert int(spectrum.argmax()) * RATE / (len(loud) // 2) == pytest.approx(440, abs=4)


def test_a_loudspeaker_is_silent_soon_after_it_is_told(cards: SoundCards, ears: Ears) -> None:
    until(lambda: ears.frames)
    loudspeaker = DeviceLoudspeaker(cards, "room_speaker")
    played: list[bool] = []
    sound = Sound(pcm=tone(10.0), rate=RATE)
    thread = threading.Thread(target=lambda: played.append(loudspeaker.play([sound])))
    thread.start()
    time.sleep(0.7)
    loudspeaker.stop()
    began = time.monotonic()
    thread.join(5)
    assert time.monotonic() - began < 0.5
    assert played == [False]


def test_a_microphone_is_unplugged_and_plugged_in_again_without_a_restart(
    server: SoundServer, cards: SoundCards, ears: Ears
) -> None:
    until(lambda: ears.frames)
    server.unplug()
    until(lambda: ears.changes == [True, False])
    server.plug_in()
    until(lambda: ears.changes == [True, False, True])
    before = len(ears.frames)
    until(lambda: len(ears.frames) > before)
    assert DeviceLoudspeaker(cards, "room_speaker").play([Sound(pcm=tone(0.5), rate=RATE)])
    until(lambda: ears.heard() > 0.3)
