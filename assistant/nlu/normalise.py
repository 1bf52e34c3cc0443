"""Brings a sentence into one shape before it is understood, and remembers where each character came from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

MAX_LENGTH = 500
"""Code points of a sentence that are read; what follows is not an elder's sentence any more."""

_ROUNDS = 3
"""Most times a sentence is gone over again until nothing changes any more."""

# Zero-width characters and marks of direction: keyboards and web pages put them, nobody says them.
_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\u00ad"
)


@dataclass(frozen=True)
class Normalised:
    """A normalised sentence with the way back to the one that was given."""

    text: str
    """What is read."""
    starts: tuple[int, ...]
    """Per character of ``text``: where its source starts in the sentence as given."""
    ends: tuple[int, ...]
    """Per character of ``text``: where its source ends in the sentence as given."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the code-point span in the sentence as given of ``text[start:end]`` (start < end)."""
        return self.starts[start], self.ends[end - 1]


def is_hanzi(character: str) -> bool:
    """Return whether ``character`` is a Chinese character (the unified ideographs, and 〇)."""
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf" or character == "〇"


def normalise(text: str) -> str:
    """Return ``text`` in NFKC without the spaces that recognisers put between characters.

    Fillers (嗯, 那个) are kept: they are part of what was said. Whitespace stays, as one space, only
    between two characters of the Latin kind. Longer texts are cut at `MAX_LENGTH` code points.
    Never raises.
    """
    return trace(text).text


def trace(text: str) -> Normalised:
    """Return what `normalise` returns, with the offsets into ``text`` of each character."""
    found = _trace(text)
    for _ in range(_ROUNDS):
        # Where a space between them is dropped, a letter and its mark may become one (A´ → Á).
        again = _trace(found.text)
        if again.text == found.text:
            break
        spans = [found.span(start, end) for start, end in zip(again.starts, again.ends, strict=True)]
        found = Normalised(again.text, tuple(s for s, _ in spans), tuple(e for _, e in spans))
    return found


def _trace(text: str) -> Normalised:
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    pending_space: int | None = None
    for start, end in _clusters(text[:MAX_LENGTH]):
        for character in unicodedata.normalize("NFKC", text[start:end]):
            if character.isspace():
                pending_space = start
                continue
            if character in _INVISIBLE or unicodedata.category(character) in ("Cc", "Cs"):
                continue
            if pending_space is not None:
                if characters and _keeps_space(characters[-1], character):
                    characters.append(" ")
                    starts.append(pending_space)
                    ends.append(pending_space + 1)
                pending_space = None
            characters.append(character)
            starts.append(start)
            ends.append(end)
    # NFKC may lengthen (㍿ becomes four characters): the cap holds for the result, too.
    return Normalised("".join(characters[:MAX_LENGTH]), tuple(starts[:MAX_LENGTH]), tuple(ends[:MAX_LENGTH]))


def _keeps_space(before: str, after: str) -> bool:
    return before.isascii() and after.isascii() and before.isalnum() and after.isalnum()


def _clusters(text: str) -> list[tuple[int, int]]:
    """Split into spans that NFKC may treat as one: a character and the combining marks after it."""
    spans: list[tuple[int, int]] = []
    for position, character in enumerate(text):
        if spans and (unicodedata.combining(character) or "\u1160" <= character <= "\u11ff"):
            spans[-1] = (spans[-1][0], position + 1)
        else:
            spans.append((position, position + 1))
    return spans
