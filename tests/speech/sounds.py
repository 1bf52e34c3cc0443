"""Sound for the tests, all of it synthetic: noise, music, mains hum, and espeak's voice."""

from __future__ import annotations

import io
import subprocess
import wave

import numpy as np
from numpy.typing import NDArray

from speech.models import RATE


def as_pcm(samples: NDArray[np.float64]) -> bytes:
    """Return samples of -1 to 1 as PCM."""
    return bytes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def noise(seconds: float, *, loud: float = 0.1, seed: int = 5) -> bytes:
    """Return white noise."""
    return as_pcm(np.random.default_rng(seed).normal(0, loud, int(seconds * RATE)))


def hum(seconds: float) -> bytes:
    """Return the hum of the mains and a fan."""
    at = np.arange(int(seconds * RATE)) / RATE
    fan = np.random.default_rng(1).normal(0, 0.02, len(at))
    return as_pcm(0.2 * np.sin(2 * np.pi * 50 * at) + 0.05 * np.sin(2 * np.pi * 100 * at) + fan)


def music(seconds: float, *, seed: int = 7) -> bytes:
    """Return a plucked melody on a pentatonic scale with five overtones."""
    chance = np.random.default_rng(seed)
    note_samples = RATE // 4
    notes = int(seconds * RATE) // note_samples
    at = np.arange(notes * note_samples) / RATE
    pitch = np.repeat(chance.choice([220.0, 247.5, 277.2, 330.0, 371.2, 440.0], notes), note_samples)
    wave = sum((np.sin(2 * np.pi * pitch * h * at) / h for h in range(1, 6)), np.zeros(len(at)))
    return as_pcm(0.2 * wave * np.tile(np.exp(-np.arange(note_samples) / (RATE / 8)), notes))


def espeak(pinyin: str) -> bytes:
    """Return pinyin with tone numbers as espeak-ng says it, at 16 kHz."""
    said = subprocess.run(
        ["espeak-ng", "-v", "cmn-latn-pinyin", "-s", "130", "--stdout", pinyin],
        check=True,
        capture_output=True,
    ).stdout
    with wave.open(io.BytesIO(said)) as file:
        rate, samples = file.getframerate(), np.frombuffer(file.readframes(1 << 24), "<i2")
    at = np.arange(0, len(samples) - 1, rate / RATE)
    return as_pcm(np.interp(at, np.arange(len(samples)), samples / 32768))
