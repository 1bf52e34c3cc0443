"""Rules for what comes again over the year: 每年八月初三, 每年重阳, 每年三月八号, 半年一次, 每个季度."""

from __future__ import annotations

import re

from assistant.nlu.when.festivals import FESTIVAL_NAMES, YEARLY, YEARLY_SUNDAYS, festival_of
from assistant.nlu.when.fragments import DAY, LUNAR_DAY, MONTH, WEEK, rule, small, weekday_number
from assistant.nlu.when.lunar import SOLAR_TERMS
from assistant.nlu.when.pieces import Repeat, Value

_LUNAR_YEAR_DAY = (
    r"(?:农历|阴历|旧历)?的?(?P<leap>闰)?(?P<month>正|冬|腊|十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])月(?P<day>"
    + LUNAR_DAY
    + r"|半)(?![号日0-9一二三四五六七八九])"
)


def _yearly_festival(match: re.Match[str]) -> Value | None:
    return repeat_of_festival(festival_of(match.group("name")) or "")


def repeat_of_festival(name: str) -> Repeat | None:
    """Return the yearly rule of a festival by its canonical name; solar terms by their usual day."""
    if name in YEARLY:
        month, day, lunar = YEARLY[name]
        return Repeat("YEARLY", month=month, monthdays=(day,), lunar=lunar)
    if name in YEARLY_SUNDAYS:
        month, nth = YEARLY_SUNDAYS[name]
        return Repeat("YEARLY", month=month, weekdays=(6,), nth=nth)
    if name in SOLAR_TERMS:
        return Repeat("YEARLY", confidence=0.8, term=name)
    return None


def _yearly(match: re.Match[str]) -> Value | None:
    return Repeat("YEARLY", month=small(match.group("month")), monthdays=(small(match.group("day")),))


def _yearly_lunar(match: re.Match[str]) -> Value | None:
    words = match.group("month")
    month = {"正": 1, "冬": 11, "腊": 12}.get(words) or small(words)
    day_words = match.group("day")
    day = 15 if day_words == "半" else small(day_words.removeprefix("初"))
    return Repeat("YEARLY", month=month, monthdays=(day,), lunar=True, leap=bool(match.group("leap")))


def _yearly_weekday(match: re.Match[str]) -> Value | None:
    words = match.group("nth")
    nth = -1 if words.startswith("最后") else small(words[1])
    day = weekday_number(match.group("day"))
    return Repeat("YEARLY", month=small(match.group("month")), weekdays=(day,), nth=nth)


RULES = [
    rule(
        "yearly_weekday",
        rf"(?:每一?年|年年)的?(?P<month>{MONTH})月份?的?(?P<nth>第[一二三四五1-5]个?|最后一?个){WEEK}(?P<day>[一二三四五六日天1-7])",
        _yearly_weekday,
    ),
    rule("yearly_lunar", r"(?:每一?年|年年)(?:的|都|到了?|逢)?" + _LUNAR_YEAR_DAY, _yearly_lunar),
    rule(
        "yearly",
        rf"(?:每一?年|年年)(?:的|都|到了?|逢)?(?:阳历|公历)?(?P<month>{MONTH})月(?P<day>{DAY})[号日]?",
        _yearly,
    ),
    rule(
        "yearly_festival",
        rf"(?:每一?年|年年)(?:的|都|到了?|逢|过)*(?P<name>{FESTIVAL_NAMES})",
        _yearly_festival,
    ),
    rule(
        "yearly_once",
        r"(?:每一?年|一年)(?:来|做|查|体检|去)*一[次趟回]",
        lambda _: Repeat("YEARLY", confidence=0.85),
    ),
    rule("yearly_bare", r"每一?年", lambda _: Repeat("YEARLY", confidence=0.5)),
    rule(
        "half_yearly",
        r"每(?:隔)?半年(?:一[次趟回])?|半年(?:来|做|查|体检|去)*一[次趟回]",
        lambda _: Repeat("MONTHLY", 6, confidence=0.85),
    ),
    rule(
        "quarterly",
        r"每一?个?季度(?:一[次趟回])?|一个?季度(?:来|做|查|配)*一[次趟回]",
        lambda _: Repeat("MONTHLY", 3, confidence=0.85),
    ),
]
"""Tried before the other rules of repetition."""
