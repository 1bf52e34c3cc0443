"""With which characters a pattern can begin: most rules need not be tried on most sentences."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

_WHERE = "re._{}" if sys.version_info >= (3, 11) else "sre_{}"
parser: Any = import_module(_WHERE.format("parser" if sys.version_info >= (3, 11) else "parse"))
codes: Any = import_module(_WHERE.format("constants"))
"""Python's own reader of patterns; not public, so a test holds the guard's patterns against it."""


def openings(pattern: str) -> frozenset[str] | None:
    """Return the characters one of which a text must have for ``pattern`` to match; None where any will do.

    Raises:
        re.error: the pattern is no pattern.
    """
    first, empty = _of_all(parser.parse(pattern))
    return None if empty or first is None else frozenset(first)


def _of_all(items: Iterable[tuple[Any, Any]]) -> tuple[set[str] | None, bool]:
    """Return what a sequence can begin with (None: anything) and whether it can be empty."""
    found: set[str] = set()
    for code, value in items:
        first, empty = _of(code, value)
        if first is None:
            return None, False
        found |= first
        if not empty:
            return found, False
    return found, True


def _of(code: Any, value: Any) -> tuple[set[str] | None, bool]:
    if code is codes.LITERAL:
        return {chr(value)}, False
    if code is codes.IN:
        return _of_class(value), False
    if code is codes.BRANCH:
        return _of_branches(value[1])
    if code is codes.SUBPATTERN:
        return _of_all(value[3])
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        first, empty = _of_all(value[2])
        return first, empty or value[0] == 0
    if code in (codes.ASSERT, codes.ASSERT_NOT, codes.AT):
        return set(), True
    return None, False


def _of_class(members: Iterable[tuple[Any, Any]]) -> set[str] | None:
    found: set[str] = set()
    for code, value in members:
        if code is codes.LITERAL:
            found.add(chr(value))
        elif code is codes.RANGE:
            found.update(map(chr, range(value[0], value[1] + 1)))
        else:
            return None
    return found


def _of_branches(branches: Iterable[Any]) -> tuple[set[str] | None, bool]:
    found: set[str] = set()
    anything = empty = False
    for branch in branches:
        first, nothing = _of_all(branch)
        empty |= nothing
        if first is None:
            anything = True
        else:
            found |= first
    return (None if anything else found), empty
