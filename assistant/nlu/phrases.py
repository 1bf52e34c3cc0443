"""Finds the words of a fixed list in a sentence, the longest at each place. One pass, stdlib only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True)
class Said(Generic[V]):
    """A listed phrase where it stands in a sentence."""

    start: int
    end: int
    text: str
    value: V


class Phrases(Generic[V]):
    """A fixed list of phrases, each with its value."""

    def __init__(self, phrases: Iterable[tuple[str, V]]) -> None:
        self._values: dict[str, V] = {}
        for phrase, value in phrases:
            self._values.setdefault(phrase, value)
        by_first: dict[str, set[int]] = {}
        for phrase in self._values:
            by_first.setdefault(phrase[0], set()).add(len(phrase))
        self._lengths = {first: tuple(sorted(lengths, reverse=True)) for first, lengths in by_first.items()}

    @classmethod
    def of(cls, table: Mapping[V, Iterable[str]]) -> Phrases[V]:
        """Build from value → phrases."""
        return cls((phrase, value) for value, phrases in table.items() for phrase in phrases)

    def __contains__(self, phrase: str) -> bool:
        return phrase in self._values

    def find(self, text: str, *, overlapping: bool = False) -> list[Said[V]]:
        """Return the longest phrase at each place, left to right.

        With ``overlapping`` a phrase may begin inside the one before it, else the search goes on behind it.
        """
        found: list[Said[V]] = []
        position = 0
        while position < len(text):
            step = 1
            for length in self._lengths.get(text[position], ()):
                phrase = text[position : position + length]
                if len(phrase) == length and phrase in self._values:
                    found.append(Said(position, position + length, phrase, self._values[phrase]))
                    step = 1 if overlapping else length
                    break
            position += step
        return found
