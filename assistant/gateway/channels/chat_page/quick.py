"""The answers that are offered as buttons: from what a turn or an announcement asks, never by guessing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.replies.phrasebook import PhraseBook

MOST = 6
"""Buttons at most: one thing at a time."""

PREFIX = "chat.quick"


def of_turn(result: Mapping[str, Any], book: PhraseBook) -> list[str]:
    """Return the buttons below a turn's answer."""
    step = result.get("all_clear")
    if isinstance(step, Mapping) and "asked" in step:
        return _of(book, "all_clear")
    asks = result.get("asks")
    if result.get("alarm") or not isinstance(asks, Mapping):
        return []
    choices = [str(choice) for choice in asks.get("choices") or ()]
    return choices[:MOST] or _of(book, str(asks.get("slot")))


def of_question(asks: str | None, book: PhraseBook) -> list[str]:
    """Return the buttons below something that we said first."""
    return _of(book, f"said_{asks}") if asks else []


def _of(book: PhraseBook, name: str) -> list[str]:
    key = f"{PREFIX}.{name}"
    return [book.say(key, variant=number) for number in range(min(book.variants(key), MOST))]
