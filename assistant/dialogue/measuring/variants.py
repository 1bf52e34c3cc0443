"""What becomes of a sentence on its way to us: misheard, without punctuation, in the words of the region."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from assistant.nlu.mishearing import misheard

_DIALECT = (
    ("我们", "阿拉"), ("你们", "倷"), ("他们", "伊拉"), ("她", "伊"), ("他", "伊"), ("你", "侬"),
    ("今天", "今朝"), ("明天", "明朝"), ("昨天", "昨日仔"), ("晚上", "夜里厢"), ("早上", "早浪向"),
    ("中午", "中浪头"), ("时候", "辰光"), ("什么", "啥"), ("怎么", "哪能"), ("不要", "覅"), ("东西", "物事"),
    ("孩子", "小囡"), ("家里", "屋里厢"), ("事情", "事体"), ("洗", "汏"), ("睡觉", "困觉"), ("好吗", "好伐"),
    ("吗", "伐"), ("都", "侪"), ("很", "老"), ("不", "勿"), ("没有", "呒没"),
    ("下雨", "落雨"), ("这个", "迭个"),
)  # fmt: skip
"""Mandarin → what is said for it between Shanghai and Suzhou; put in by rule, so only a flavour."""


def unpunctuated(text: str) -> str:
    """Return ``text`` as a recogniser writes it: letters and numbers only."""
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LN" or sign in ".%")


def dialect(text: str) -> str:
    """Return ``text`` with everyday words of the region put in."""
    for mandarin, local in _DIALECT:
        text = text.replace(mandarin, local)
    return text


VARIANTS: Mapping[str, Callable[[str], str]] = {
    "clean": lambda text: text,
    "misheard_10": lambda text: misheard(text, 0.10, seed=7),
    "misheard_25": lambda text: misheard(text, 0.25, seed=7),
    "unpunctuated": unpunctuated,
    "dialect": dialect,
}
"""name → what is done to each sentence of a set."""
