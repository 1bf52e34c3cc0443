"""What a channel sent, made safe to keep and to pass on: nothing invisible, and never a command."""

from __future__ import annotations

import unicodedata

MAX_CHARACTERS = 500
"""Longest text that is passed to the dialogue, in code points after NFKC; two minutes of slow speech."""

KEPT_CHARACTERS = 10_000
"""Longest text that is kept in the log; what follows is cut off before anything else looks at it."""

_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Hangul fillers: letters by category, nothing to the eye."""


def clean(raw: str) -> str:
    """Return ``raw`` as it was meant to be seen: the words untouched, what cannot be seen or stored gone.

    Control characters (NUL among them), zero-width and direction marks and lone surrogates are dropped, any
    run of white space becomes one space. Punctuation keeps its width, so that the log shows what was written.
    """
    kept: list[str] = []
    for character in raw[:KEPT_CHARACTERS]:
        if character.isspace():
            kept.append(" ")
        elif unicodedata.category(character)[0] != "C" and character not in _BLANK_LETTERS:
            kept.append(character)
    return " ".join("".join(kept).split())


def plain(text: str) -> str:
    """Return ``text`` in compatibility form (NFKC), by which it is measured and searched for emergencies."""
    return unicodedata.normalize("NFKC", text)


def says_something(text: str) -> bool:
    """Return whether there is at least one letter, character or digit in ``text``."""
    return any(unicodedata.category(character)[0] in "LN" for character in plain(text))


def is_too_long(text: str) -> bool:
    """Return whether ``text`` is longer than a turn may be."""
    return len(plain(text)) > MAX_CHARACTERS


def as_plain_words(text: str) -> str:
    """Return ``text`` without a leading "/", which Rasa would take for the name of an intent.

    Full-width slashes go too, and whatever could hide one (marks, spaces), because the dialogue's own
    normalising would turn them back into "/".
    """
    start = 0
    while start < len(text):
        folded = plain(text[start])
        hidden = all(unicodedata.category(character)[0] in "ZCM" for character in folded)
        if not folded.startswith("/") and not hidden:
            break
        start += 1
    return text[start:]
