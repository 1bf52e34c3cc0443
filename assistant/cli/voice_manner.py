"""How one elder is spoken to: read from her preferences, changed by her words, remembered in the book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.nlu.manner import MannerWish
from speech.models import Manner

RATE_STEP, SLOWEST, FASTEST = 0.12, 0.6, 1.4
VOLUME_STEP, SOFTEST, LOUDEST = 0.3, 0.4, 2.0

USUAL = Manner(rate=0.9)
"""For an elder of whom nothing is known: a little slower than the voice's own pace. Older listeners want it
slower than younger ones, and lower rate raises what they understand (Front. Psychol. 2023, 1119355)."""

HARD_OF_HEARING = Manner(rate=0.85, volume=1.3)


def manner_of(elder: Mapping[str, Any]) -> Manner:
    """Return how to speak to an elder, from what ``GET /elders/{id}`` tells."""
    usual = USUAL if elder.get("hearing") in (None, "good") else HARD_OF_HEARING
    voice = elder.get("preferences", {}).get("voice", {})
    return Manner(
        rate=_within(voice.get("rate", usual.rate), 0.5, 2.0),
        volume=_within(voice.get("volume", usual.volume), 0.0, 2.0),
        voice=voice.get("voice"),
    )


def _within(value: float, least: float, most: float) -> float:
    return min(max(float(value), least), most)


def changed(manner: Manner, wish: MannerWish) -> tuple[Manner, str]:
    """Return the manner after a wish, and the key of the phrase that says so."""
    rate = _within(round(manner.rate + wish.rate * RATE_STEP, 2), SLOWEST, FASTEST)
    volume = _within(round(manner.volume + wish.volume * VOLUME_STEP, 2), SOFTEST, LOUDEST)
    after = Manner(rate=rate, volume=volume, voice=manner.voice)
    if wish.rate:
        keys = ("voice.slower", "voice.slowest") if wish.rate < 0 else ("voice.faster", "voice.fastest")
    else:
        keys = ("voice.softer", "voice.softest") if wish.volume < 0 else ("voice.louder", "voice.loudest")
    return after, keys[after == manner]
