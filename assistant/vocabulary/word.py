"""The base of every word list: an enum whose value is what goes over the wire. Stdlib only, Python 3.10."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

W = TypeVar("W", bound="Word")


class Word(str, Enum):
    """A word with one identifier (its value, on the wire and in the database) and one Chinese label.

    Members are declared as ``NAME = ("identifier", "中文")``.
    """

    label: str
    """What people see, in Chinese."""

    def __new__(cls: type[W], identifier: str, label: str) -> W:
        """Make a member whose value is ``identifier``."""
        member = str.__new__(cls, identifier)
        member._value_ = identifier
        member.label = label
        return member

    def __str__(self) -> str:
        """Return the identifier, so that f-strings and logs show the wire value."""
        return str(self.value)


def identifiers(words: type[Word]) -> tuple[str, ...]:
    """Return the identifiers of a word list, in the order in which they are declared."""
    return tuple(str(word.value) for word in words)


def labels(words: type[Word]) -> dict[str, str]:
    """Return identifier → Chinese label of a word list."""
    return {str(word.value): word.label for word in words}


def word_of(words: type[W], identifier: str) -> W:
    """Return the word with ``identifier``.

    Raises:
        ValueError: there is none. (Calling the enum does the same; its two-part members hide that from mypy.)
    """
    for word in words:
        if word.value == identifier:
            return word
    raise ValueError(f"{identifier!r} is not one of {', '.join(identifiers(words))}")
