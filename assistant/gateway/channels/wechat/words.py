"""How an answer is written in a message, and what a bare number in one means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.gateway.ports import TurnResult

LONGEST_BYTES = 2000
"""Longest message, in bytes; the platform takes 2048."""

_NUMBER = re.compile(r"(?:选|第)?\s*([1-9一二三四五六七八九])\s*(?:个|号|项)?")
_HANZI = "一二三四五六七八九"
_CODE = re.compile(r"\d(?:[\s-]*\d){7}", re.ASCII)
_MARKS = " 　。．.、，,！!？?~～)）(（"


def written(result: TurnResult) -> str:
    """Return a turn's answer as a message: its sentences, and what may be chosen as numbered lines."""
    lines = [str(reply) for reply in result["replies"]]
    labels = choices_of(result)
    lines += [f"{number}. {label}" for number, label in enumerate(labels, start=1)]
    return within_limit("\n".join(lines))


def choices_of(result: Mapping[str, Any] | None) -> Sequence[str]:
    """Return what a turn's question may be answered with, at most nine; none where it is open."""
    asks = (result or {}).get("asks")
    if not isinstance(asks, Mapping) or not isinstance(asks.get("choices"), list):
        return ()
    return tuple(str(label) for label in asks["choices"][:9])


def number_in(text: str) -> int | None:
    """Return the number that a message consists of: 「2」「２。」「第二个」; None where it is more."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip(_MARKS))
    if found is None:
        return None
    sign = found.group(1)
    return int(sign) if sign.isascii() else _HANZI.index(sign) + 1


def code_in(text: str) -> str | None:
    """Return the bind code that a message consists of, else None."""
    plain = unicodedata.normalize("NFKC", text).strip(_MARKS)
    return plain if _CODE.fullmatch(plain) else None


def is_short(text: str) -> bool:
    """Return whether a message may be the answer to a question and nothing else: 「对」「好了吗」「2」."""
    return len(unicodedata.normalize("NFKC", text).strip(_MARKS)) <= 4


def within_limit(text: str) -> str:
    """Return a text that fits into one message; a longer one ends at the end of a line or sentence."""
    if len(text.encode()) <= LONGEST_BYTES:
        return text
    kept = text.encode()[: LONGEST_BYTES - 3].decode("utf-8", "ignore")
    end = max(kept.rfind(mark) for mark in "。？！\n")
    return (kept[: end + 1] if end > len(kept) // 2 else kept).rstrip() + "…"
