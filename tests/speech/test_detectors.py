"""Detectors against human speech, and against what is no speech; the fallback against levels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from speech.detectors import EnergyDetector, SileroDetector, loudness
from speech.fakes import framed, silence, tone
from speech.ports import VoiceDetector
from speech.segmenter import Decision, Segmenter
from tests.speech.sounds import espeak, hum, music, noise

_fits: tuple[VoiceDetector, ...] = (EnergyDetector(),)


def begins(detector: VoiceDetector, pcm: bytes) -> int:
    """Return how many times somebody seems to begin speaking."""
    segmenter = Segmenter()
    found = [segmenter.process(0.032, detector.probability(frame) >= 0.5) for frame in framed(pcm)]
    return found.count(Decision.STARTED)


@pytest.mark.parametrize("make", [noise, music, hum, silence], ids=["noise", "music", "hum", "silence"])
def test_what_is_no_speech_starts_nothing(make: Callable[[float], bytes]) -> None:
    assert begins(SileroDetector(), make(20.0)) == 0


def test_an_energy_detector_hears_what_is_louder_than_the_room() -> None:
    room = np.random.default_rng(3).normal(0, 60, 16_000 * 2).astype("<i2").tobytes()
    detector = EnergyDetector()
    assert begins(detector, room) == 0
    assert begins(detector, tone(0.8, loud=0.2)) == 1


def test_a_noise_that_stays_becomes_the_room() -> None:
    detector = EnergyDetector()
    list(map(detector.probability, framed(silence(1.0))))
    steady = [detector.probability(frame) for frame in framed(noise(40.0, loud=0.02))]
    assert steady[0] > 0.9
    assert max(steady[-100:]) < 0.5


def test_loudness_is_between_nothing_and_all() -> None:
    assert loudness(b"") == loudness(silence(0.1)) == 0.0
    assert loudness(tone(0.5, loud=1.0)) == pytest.approx(0.707, abs=0.01)


def test_the_net_is_reset_between_streams() -> None:
    detector = SileroDetector()
    first = [detector.probability(frame) for frame in framed(noise(1.0))]
    detector.reset()
    assert [detector.probability(frame) for frame in framed(noise(1.0))] == first


def test_a_voice_is_speech() -> None:
    said = "wo3 xiang3 ding4 ming2 tian1 zhong1 wu3 de5 fan4"
    assert begins(SileroDetector(), espeak(said) + silence(2.0)) == 1
