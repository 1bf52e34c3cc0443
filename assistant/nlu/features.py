"""What the intent model looks at in a sentence. Pure and stdlib only, so that it can be measured anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from assistant.nlu.catalogue import Catalogue
from assistant.nlu.concepts import tags
from assistant.nlu.normalise import normalise
from assistant.nlu.pinyin import fuzzy_key, syllable

ANY_MOMENT = datetime(2026, 1, 5, 9, 0, tzinfo=timezone(timedelta(hours=8)))
"""Concept tags only say that a time was named, not which: any fixed moment will do."""


@dataclass(frozen=True)
class FeatureFamilies:
    """Which families of features are in use."""

    characters: bool = True
    pinyin: bool = True
    concepts: bool = True


def features_of(text: str, catalogue: Catalogue, families: FeatureFamilies) -> Counter[str]:
    """Count the features of one sentence: ``c:`` characters, ``p:`` sounds, ``t:`` concept tags."""
    plain = "".join(character for character in normalise(text) if character.isalnum())
    found: Counter[str] = Counter()
    if families.characters:
        found.update(_ngrams("c", f"^{plain}$", 1, 3))
    if families.pinyin:
        found.update(_ngrams("p", ["^", *map(_sound, plain), "$"], 1, 3))
    if families.concepts:
        found.update(tag_features(tags(text, catalogue=catalogue, now=ANY_MOMENT)))
    return found


def tag_features(named: Sequence[str]) -> Counter[str]:
    """Count the features of a sentence's concept tags: their n-grams, and that each is there at all."""
    found = Counter(_ngrams("t", ["^", *named, "$"], 1, 3))
    found.update(f"t2:{tag}" for tag in set(named))
    return found


def _sound(character: str) -> str:
    reading = syllable(character)
    return fuzzy_key(reading) if reading else character


def _ngrams(family: str, items: Sequence[str], shortest: int, longest: int) -> list[str]:
    return [
        f"{family}:{'.'.join(items[start : start + length])}"
        for length in range(shortest, longest + 1)
        for start in range(len(items) - length + 1)
        if items[start : start + length] not in ("^", "$", ["^"], ["$"])
    ]
