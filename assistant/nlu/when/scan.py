"""Finds the pieces of time in a tidied sentence, from left to right, each character read once."""

from __future__ import annotations

import functools
import re

from assistant.nlu.when import rules_block, rules_clock, rules_day, rules_repeat
from assistant.nlu.when.fragments import Rule
from assistant.nlu.when.pieces import Block, Piece

_SHIFTS = ("digital", "within", "ahead", "ago", "passing", "bare_span", "short_before")
_RULES: tuple[Rule, ...] = (
    *rules_block.RULES,
    *rules_repeat.RULES,
    *(r for r in rules_day.RULES if r.name in ("coming", "ten_days")),
    *(r for r in rules_clock.RULES if r.name in _SHIFTS),
    *rules_day.RULES,
    *rules_clock.RELATIVE_NIGHT,
    *(r for r in rules_clock.RULES if r.name not in _SHIFTS),
)


_NUMERALS = frozenset("零〇一二三四五六七八九十0123456789")


@functools.lru_cache(maxsize=1)
def _master() -> re.Pattern[str]:
    """Return one pattern that finds where any rule begins; compiled when first needed."""
    alternatives = []
    for index, each in enumerate(_RULES):
        anonymous = re.sub(r"\(\?P<\w+>", "(?:", each.source)
        alternatives.append(f"(?P<r{index}>{anonymous})")
    return re.compile("|".join(alternatives), re.ASCII)


def scan(plain: str) -> list[Piece]:
    """Return the pieces of a tidied sentence in order; blocked words are left out."""
    pieces: list[Piece] = []
    position, length = 0, len(plain)
    search = _master().search
    while position < length:
        found = search(plain, position)
        if found is None:
            break
        start, end = found.span()
        if end <= start or found.lastgroup is None:
            position = max(end, start) + 1
            continue
        each = _RULES[int(found.lastgroup[1:])]
        match = each.pattern.match(plain, start)
        value = each.build(match) if match else None
        if match is None or value is None:
            position = start + 1
            continue
        position = match.end()
        if isinstance(value, Block):
            continue
        pieces.append(Piece(value, start, position))
        if plain[position - 1] in _NUMERALS:
            # 礼拜五两点: the numeral of the day is spent and does not belong to the hour's number.
            plain = f"{plain[: position - 1]}日{plain[position:]}"
    return pieces
