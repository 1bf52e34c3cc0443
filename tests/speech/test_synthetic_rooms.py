"""The rooms of synthetic speech: the noise asked for, an echo that dies, a pause in a quiet place."""

import numpy as np
import pytest

from speech.fakes import silence, tone
from speech.models import RATE, Sound
from speech.room import LEVEL, ROOMS, noisy, pausing

SAID = Sound(pcm=tone(1.0) + silence(0.1) + tone(1.0), rate=RATE)


def samples(sound: Sound) -> np.ndarray:
    return np.frombuffer(sound.pcm, "<i2") / 32768.0


@pytest.mark.parametrize("room", list(ROOMS))
def test_every_room_keeps_the_level_and_says_the_same_for_a_seed(room: str) -> None:
    made = ROOMS[room](SAID, 3)
    assert np.sqrt(np.mean(samples(made) ** 2)) == pytest.approx(LEVEL, rel=0.05)
    assert made == ROOMS[room](SAID, 3)
    if room != "clean":
        assert made != ROOMS[room](SAID, 4)


def test_the_noise_is_as_loud_as_asked_for() -> None:
    made = samples(noisy(SAID, 1, signal_to_noise_db=10.0))
    gap = made[int(1.01 * RATE) : int(1.09 * RATE)]
    assert 20 * np.log10(LEVEL / np.sqrt(np.mean(gap**2))) == pytest.approx(10.0, abs=2.0)


def test_the_pause_is_put_where_nobody_speaks() -> None:
    made = samples(pausing(SAID, 1))
    loud = np.flatnonzero(np.abs(made) > 0.01)
    longest = np.diff(loud).max() / RATE
    assert 0.7 <= longest <= 1.15
    assert len(made) / RATE == pytest.approx(2.1 + longest - 0.1, abs=0.05)
