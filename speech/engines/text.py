"""What a recogniser wrote, made plain: simplified, no punctuation, no spaces between characters."""

from __future__ import annotations

import re
from typing import Any

_HANZI = r"[\u3400-\u9fff]"
_SPACES = re.compile(rf"(?<={_HANZI})\s+(?={_HANZI})")
_NUMBER_POINT = re.compile(r"(?<=\d)[.:/%°℃](?=\d)|(?<=\d)[%℃]")
_PUNCTUATION = re.compile(r"[^\w\s.:/%℃]|_")
_LONE = re.compile(r"(?<!\d)[.:/](?!\d)|(?<!\d)[.:/]|[.:/](?!\d)")


def plain(text: str, converter: Any = None) -> str:
    """Return ``text`` without punctuation (points in numbers stay), without spaces between characters."""
    if converter is not None:
        text = converter.convert(text)
    text = _PUNCTUATION.sub(" ", text)
    text = _LONE.sub(" ", text)
    text = re.sub(r"\s+", " ", text).strip()
    while (joined := _SPACES.sub("", text)) != text:
        text = joined
    return re.sub(rf"(?<={_HANZI})\s+(?=\d)|(?<=\d)\s+(?={_HANZI})", "", text)
