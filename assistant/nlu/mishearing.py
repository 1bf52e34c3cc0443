"""What a recogniser may write for what was said: other characters of a like sound. Pure."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

from assistant.nlu.normalise import is_hanzi
from assistant.nlu.pinyin import fuzzy_key, syllable

Kept = TypeVar("Kept")

CONFUSED = 0.3
"""Share of the slips that also confuse the sound (z/zh, n/l, an/ang), not only the character."""


def misheard(text: str, share: float, *, seed: int = 0) -> str:
    """Return ``text`` with about ``share`` of its Chinese characters heard as others of their sound.

    The same text, share and seed give the same result: the seed is mixed with the text's checksum, so
    that sentences slip independently of one another and of their order. The length stays the same.
    """
    chance = random.Random(zlib.crc32(f"{seed}:{share}:{text}".encode()))  # noqa: S311 - no secret
    return "".join(
        _slip(character, chance) if is_hanzi(character) and chance.random() < share else character
        for character in text
    )


def misheard_copies(sentences: Sequence[tuple[str, Kept]], shares: Sequence[float]) -> list[tuple[str, Kept]]:
    """Return a misheard copy of each (sentence, whatever belongs to it) for each share, new ones only."""
    known = {text for text, _ in sentences}
    copies = []
    for seed, share in enumerate(shares, start=1):
        for text, kept in sentences:
            heard = misheard(text, share, seed=seed)
            if heard not in known:
                known.add(heard)
                copies.append((heard, kept))
    return copies


def _slip(character: str, chance: random.Random) -> str:
    reading = syllable(character)
    if reading is None:
        return character
    same, confusable = _common()
    wide = chance.random() < CONFUSED
    pool = [
        other
        for other in (confusable.get(fuzzy_key(reading), ()) if wide else same.get(reading, ()))
        if other != character
    ]
    return chance.choice(pool) if pool else character


@lru_cache(maxsize=1)
def _common() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the common characters by syllable and by confusable sound.

    Common are the 3,755 of the first level of GB 2312: a recogniser's language model writes no others
    by mistake.
    """
    same: dict[str, list[str]] = {}
    confusable: dict[str, list[str]] = {}
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                character = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            reading = syllable(character)
            if reading is not None:
                same.setdefault(reading, []).append(character)
                confusable.setdefault(fuzzy_key(reading), []).append(character)
    return same, confusable
