"""How the word lists are written: words with spaces between, as a carer would write them down."""

from __future__ import annotations


def words(spaced: str) -> tuple[str, ...]:
    """Return the words of a text with spaces between them."""
    return tuple(spaced.split())
