"""Patterns that several rules of the grammar share: small numbers, weeks and months, parts of the day."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.nlu.numerals import read_number
from assistant.nlu.when.pieces import Part, Value

NOT_IN_NUMBER = r"(?<![0-9零〇一二三四五六七八九十百千廿卅])"
NOT_IN_DECIMAL = (
    r"(?<![0-9零〇一二三四五六七八九十百千廿卅.])"
    r"(?<![0-9零〇一二三四五六七八九十百千]点(?=[0-9零〇一二三四五六七八九十]{1,2}(?![点0-9])))"
)
HOUR = r"(?:二十[一二三四]?|十[一二三四五六七八九]?|[零〇一二两三四五六七八九]|2[0-4]|[01]?[0-9])"
MINUTE = (
    r"(?:[二三四五]十[一二三四五六七八九]?|十[一二三四五六七八九]?|[零〇0][一二三四五六七八九1-9]|[1-5][0-9])"
)
DAY = (
    r"(?:三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|十[一二三四五六七八九]?"
    r"|[一二三四五六七八九两]|3[01]|[12][0-9]|0?[1-9])"
)
MONTH = r"(?:十[一二]?|[一二三四五六七八九两]|1[0-2]|0?[1-9])"
LUNAR_DAY = (
    r"(?:初(?:十|[一二三四五六七八九])|三十|卅|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    r"|十[一二三四五六七八九]?)"
)
COUNT = (
    r"(?:半|[0-9]{1,2}\.[0-9](?![0-9])|[一二两俩三四五六七八九十]?十[一二三四五六七八九]?|[一二两三四五六七八九]百"
    r"|[一二两三四五六七八九]|[0-9]{1,3})"
)
WEEK = r"(?:礼拜|星期|周)"
WEEKDAY = r"[一二三四五六日天末1-7]"
THIS, NEXT, LAST = r"(?:这一?个?|本|今)", r"(?:下一?个?)", r"(?:上一?个?)"
THAT_DAY = r"(?:那天|这天|当天|那日|当日|那一天|这一天)"


@dataclass
class Rule:
    """A pattern and what it means; ``build`` returns None where the words are no time after all."""

    name: str
    source: str
    build: Callable[[re.Match[str]], Value | None]

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern; made when a sentence first needs it, for most rules are seldom needed."""
        return re.compile(self.source, re.ASCII)


def rule(name: str, pattern: str, build: Callable[[re.Match[str]], Value | None]) -> Rule:
    """Return a rule."""
    return Rule(name, pattern, build)


@functools.lru_cache(maxsize=512)
def small(text: str) -> int:
    """Return a small whole number the grammar has matched; 0 for what is none."""
    value = read_number(text)
    return int(value) if value is not None else 0


def weekday_number(character: str) -> int:
    """Return Monday 0 … Sunday 6 of 一…日天1-7."""
    if character in "日天":
        return 6
    return int(character) - 1 if character.isdigit() else "一二三四五六".index(character)


def _window(name: str, start: float, end: float, meal: str | None = None) -> Part:
    return Part(name, int(start * 60), int(end * 60), meal)


PARTS: dict[str, Part] = {
    "早上": _window("morning", 6, 9),
    "上午": _window("forenoon", 8, 12),
    "中午": _window("noon", 11, 13),
    "下午": _window("afternoon", 13, 18),
    "傍晚": _window("dusk", 17, 19),
    "晚上": _window("evening", 18, 22),
    "半夜": _window("midnight", 22, 24),
    "凌晨": _window("small_hours", 0, 6),
    "白天": _window("daytime", 8, 18),
    "breakfast": _window("morning", 6, 9, "breakfast"),
    "lunch": _window("noon", 11, 13, "lunch"),
    "dinner": _window("evening", 17, 19, "dinner"),
    # An hour on either side of a meal; before breakfast people are up from five on.
    "before_breakfast": _window("morning", 5, 6),
    "after_breakfast": _window("forenoon", 9, 10),
    "before_lunch": _window("forenoon", 10, 11),
    "after_lunch": _window("afternoon", 13, 14),
    "before_dinner": _window("afternoon", 16, 17),
    "after_dinner": _window("evening", 19, 20),
    "before_sleep": _window("evening", 20, 22),
    "after_rising": _window("morning", 6, 7),
    "after_nap": _window("afternoon", 14, 15),
}
"""Parts of the day, meals and what lies beside them, as minutes from midnight."""

PART_WORDS: dict[str, str] = {
    "早上": (
        "大清老早|大清早|天刚蒙蒙亮|天蒙蒙亮|天亮以后|天亮之后|天亮后|天一亮"
        "|天刚亮|天亮了|天亮|老清早|清老早|一大早|大早上|清早|清晨|早晨头"
        "|清晨头|早晨|早上头|早上|早起|早间|早浪向|早浪"
        "|一清早|一早|赶早|蒙蒙亮"
    ),
    "上午": "上半天|上半日|前半天|上午头|上半晌|前半晌|前晌|上午|午前|上昼",
    "中午": "大中午|中午头|正中午|中午|正午|晌午头|晌午|中浪向|中浪|日中|中昼|午间",
    "下午": "下半天|下半日|后半天|下午头|下午|午后|下昼|后半晌|下半晌|后晌",
    "傍晚": (
        "傍晚头|傍晚|天快黑|天黑以前|天黑之前|天黑前|傍黑|黄昏头|黄昏|夜快头"
        "|夜快|擦黑|晚半晌|太阳落山|太阳下山|日落|天擦黑"
    ),
    "晚上": "大晚上|晚上头|晚上厢|晚上|夜里厢|夜里头|夜里向|夜里|夜头|夜间|晚间|夜晚头|夜晚|夜到"
    "|黑里|入夜|天一黑|天黑透|天黑|天黑以后|天黑之后|天黑后|天黑了|当晚|晚浪",
    "半夜": "大半夜|半夜里厢|半夜里|半夜三更|三更半夜|半夜|深夜|夜半|深更半夜",
    "凌晨": "凌晨头|凌晨|后半夜里|后半夜|下半夜|天不亮|天没亮|天勿亮|天亮以前|天亮之前|天亮前",
    "白天": "大白天|白天|日里厢|日里|日间",
}
"""Part of the day → how it is said."""

_PART_OF = {word: name for name, words in PART_WORDS.items() for word in words.split("|")}


def part_of(words: str) -> Part | None:
    """Return the part of the day that ``words`` name."""
    name = _PART_OF.get(words)
    return PARTS[name] if name else None


PART = "(?:" + "|".join(sorted(_PART_OF, key=len, reverse=True)) + ")"
"""Any word for a part of the day, the longest first."""
