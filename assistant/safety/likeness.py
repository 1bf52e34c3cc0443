"""How much a sentence is like emergencies that were said before: a second ear beside the rules.

A table of weights of characters, their neighbours and their sounds (``likeness.tsv``), learned by
``scripts/guard_likeness.py`` from rows that may be learned from. It is added up in plain Python; where the
file is gone the rules stand alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache
from math import exp
from pathlib import Path

from assistant.safety.sounds import SOUND_OF
from assistant.vocabulary import Emergency

log = logging.getLogger(__name__)

TABLE = Path(__file__).with_name("likeness.tsv")
MOST_CHARACTERS = 60
"""A longer text is looked at in windows of this length, and the most alarming one counts."""

_CATEGORIES = {str(category): category for category in Emergency}
_Table = tuple[float, dict[str, tuple[float, str, float]]]


def features(text: str) -> Iterator[str]:
    """Yield what is counted in normalised ``text``: characters by one to three, sounds by two and three."""
    framed = f"^{text}$"
    sounds = framed.translate(SOUND_OF)
    for length in (1, 2, 3):
        for at in range(len(framed) - length + 1):
            yield f"c{framed[at : at + length]}"
    for length in (2, 3):
        for at in range(len(sounds) - length + 1):
            yield f"s{sounds[at : at + length]}"


@cache
def table() -> _Table:
    """Return the bias and the weights; without the file, ones by which nothing is alike."""
    weights: dict[str, tuple[float, str, float]] = {}
    bias = -99.0
    try:
        for line in TABLE.read_text(encoding="utf-8").splitlines():
            feature, weight, category, lift = line.split("\t")
            if feature:
                weights[feature] = (int(weight) / 100, category, int(lift) / 100)
            else:
                bias = int(weight) / 100
    except (OSError, ValueError):
        log.exception("the guard's table of likeness cannot be read; the rules stand alone")
        return -99.0, {}
    return bias, weights


def known() -> bool:
    """Return whether there is a table to judge by."""
    return bool(table()[1])


def likeness(text: str) -> tuple[float, Emergency]:
    """Return 0..1 how alike normalised ``text`` is to an emergency, and to which one."""
    if len(text) <= MOST_CHARACTERS:
        return _judge(text)
    step = MOST_CHARACTERS // 2
    windows = (text[at : at + MOST_CHARACTERS] for at in range(0, len(text) - step, step))
    return max((_judge(window) for window in windows), key=lambda judged: judged[0])


def _judge(text: str) -> tuple[float, Emergency]:
    bias, weights = table()
    total = bias
    votes: dict[str, float] = {}
    for feature in dict.fromkeys(features(text)):
        found = weights.get(feature)
        if found is not None:
            weight, category, lift = found
            total += weight
            if weight > 0:
                votes[category] = votes.get(category, 0.0) + lift * weight
    best = max(votes, key=lambda category: votes[category]) if votes else str(Emergency.HELP)
    return 1 / (1 + exp(-max(-30.0, min(30.0, total)))), _CATEGORIES[best]
