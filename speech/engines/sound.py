"""Loudness and ends of synthesised sound."""

from __future__ import annotations

from typing import Any

from speech.models import Sound

CEILING = 0.97
"""Loudest sample allowed, of 1."""


def sound_of(samples: Any, rate: int, volume: float) -> Sound:
    """Return samples (float, -1 to 1) as sound at ``volume``; what would be clipped is bent instead.

    A voice made twice as loud for someone hard of hearing must not crackle: above half the ceiling the
    curve flattens, so that quiet syllables gain most.
    """
    import numpy

    loud = samples.astype(numpy.float32) * volume
    if volume > 1.0:
        knee = CEILING / 2
        over = numpy.abs(loud) > knee
        bent = knee + (CEILING - knee) * numpy.tanh((numpy.abs(loud) - knee) / (CEILING - knee))
        loud = numpy.where(over, numpy.sign(loud) * bent, loud)
    loud = numpy.clip(loud, -CEILING, CEILING)
    return Sound(pcm=(loud * 32767).astype("<i2").tobytes(), rate=rate)


def silence(seconds: float, rate: int) -> Sound:
    """Return silence."""
    return Sound(pcm=b"\0\0" * int(seconds * rate), rate=rate)


def louder(sound: Sound, volume: float) -> Sound:
    """Return ``sound`` at ``volume`` times its loudness."""
    import numpy

    if volume == 1.0:
        return sound
    return sound_of(numpy.frombuffer(sound.pcm, dtype="<i2") / 32767.0, sound.rate, volume)
