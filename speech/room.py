"""A room for synthetic speech: its echo, its noise, and the pauses of somebody who thinks while speaking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from speech.models import RATE, Sound

LEVEL = 0.08
"""Loudness (RMS) of speech at the microphone, of full scale."""


def _samples(sound: Sound) -> Any:
    import numpy

    return numpy.frombuffer(sound.pcm, dtype="<i2").astype(numpy.float64) / 32768.0


def _sound(samples: Any) -> Sound:
    import numpy

    loudness = float(numpy.sqrt(numpy.mean(samples**2))) if samples.size else 0.0
    level = samples * (LEVEL / loudness) if loudness else samples
    return Sound(pcm=(numpy.clip(level, -0.99, 0.99) * 32767).astype("<i2").tobytes(), rate=RATE)


def clean(sound: Sound, seed: int) -> Sound:  # noqa: ARG001 - one shape for all rooms
    """Return the speech at the level of a microphone."""
    return _sound(_samples(sound))


def noisy(sound: Sound, seed: int, *, signal_to_noise_db: float = 15.0) -> Sound:
    """Add the noise of a household: louder in the low tones, as fans, streets and fridges are."""
    import numpy

    samples = _samples(sound)
    white = numpy.random.default_rng(seed).standard_normal(samples.size)
    spectrum = numpy.fft.rfft(white)
    spectrum /= numpy.sqrt(numpy.maximum(1.0, numpy.arange(spectrum.size) * RATE / samples.size / 100.0))
    noise = numpy.fft.irfft(spectrum, samples.size)
    wanted = numpy.sqrt(numpy.mean(samples**2)) * 10 ** (-signal_to_noise_db / 20)
    return _sound(samples + noise * (wanted / numpy.sqrt(numpy.mean(noise**2))))


def echoing(sound: Sound, seed: int, *, decay_s: float = 0.4) -> Sound:
    """Put the speaker three steps from the microphone in a tiled room (60 dB down after ``decay_s``)."""
    import numpy

    samples, chance = _samples(sound), numpy.random.default_rng(seed)
    length = int(decay_s * RATE)
    tail = chance.standard_normal(length) * 10 ** (-3 * numpy.arange(length) / length)
    tail[: int(0.004 * RATE)] = 0.0
    tail *= 0.7 / numpy.sqrt(numpy.sum(tail**2))
    tail[0] = 1.0
    size = samples.size + length
    return _sound(numpy.fft.irfft(numpy.fft.rfft(samples, size) * numpy.fft.rfft(tail, size), size))


def pausing(sound: Sound, seed: int, *, shortest_s: float = 0.6, longest_s: float = 1.0) -> Sound:
    """Stretch the quietest place in the middle of the sentence: an elder who looks for a word."""
    import numpy

    samples = _samples(sound)
    pause = numpy.zeros(int(numpy.random.default_rng(seed).uniform(shortest_s, longest_s) * RATE))
    window = RATE // 20
    third = samples.size // 3
    places = range(third, max(third + 1, 2 * third), window)
    quietest = min(
        places, key=lambda at: float(numpy.mean(samples[at : at + window] ** 2)) if samples.size else 0.0
    )
    at = quietest + window // 2
    return _sound(numpy.concatenate([samples[:at], pause, samples[at:]]))


ROOMS: dict[str, Callable[[Sound, int], Sound]] = {
    "clean": clean,
    "noise": noisy,
    "echo": echoing,
    "pause": pausing,
}
"""By name, as the bench tells them apart."""
