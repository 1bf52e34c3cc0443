"""Festivals and solar terms: how they are said, and on which day of a year they fall."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import date, timedelta

from assistant.nlu.when.lunar import SOLAR_TERMS, last_day_of_year, solar_of, term_date


def _solar(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: date(year, month, day)


def _lunar(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: solar_of(year, month, day)


def _eve(before: int) -> Callable[[int], date | None]:
    def day(year: int) -> date | None:
        # The eve that people speak of in a civil year closes the lunar year before it.
        last = last_day_of_year(year - 1)
        return last - timedelta(days=before) if last else None

    return day


def _sunday(month: int, nth: int) -> Callable[[int], date | None]:
    def day(year: int) -> date | None:
        first = date(year, month, 1)
        return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (nth - 1))

    return day


def _term(term: str, year: int) -> date | None:
    return term_date(year, term)


_LITTLE_YEAR_SOUTH, _LITTLE_YEAR_NORTH = _lunar(12, 24), _lunar(12, 23)

FESTIVALS: dict[str, Callable[[int], date | None]] = {
    "元旦": _solar(1, 1),
    "情人节": _solar(2, 14),
    "妇女节": _solar(3, 8),
    "植树节": _solar(3, 12),
    "劳动节": _solar(5, 1),
    "青年节": _solar(5, 4),
    "护士节": _solar(5, 12),
    "母亲节": _sunday(5, 2),
    "儿童节": _solar(6, 1),
    "父亲节": _sunday(6, 3),
    "建党节": _solar(7, 1),
    "建军节": _solar(8, 1),
    "教师节": _solar(9, 10),
    "国庆": _solar(10, 1),
    "平安夜": _solar(12, 24),
    "圣诞": _solar(12, 25),
    "春节": _lunar(1, 1),
    "年初二": _lunar(1, 2),
    "年初三": _lunar(1, 3),
    "年初四": _lunar(1, 4),
    "年初五": _lunar(1, 5),
    "年初六": _lunar(1, 6),
    "年初七": _lunar(1, 7),
    "年初八": _lunar(1, 8),
    "元宵": _lunar(1, 15),
    "龙抬头": _lunar(2, 2),
    "三月三": _lunar(3, 3),
    "端午": _lunar(5, 5),
    "七夕": _lunar(7, 7),
    "中元": _lunar(7, 15),
    "中秋": _lunar(8, 15),
    "重阳": _lunar(9, 9),
    "腊八": _lunar(12, 8),
    "小年": _LITTLE_YEAR_SOUTH,
    "小年夜": _eve(1),
    "除夕": _eve(0),
    **{term: functools.partial(_term, term) for term in SOLAR_TERMS},
}
"""Canonical name → day in a year; for lunar ones the lunar year of that number. 小年 is 腊月廿四 south of the
Yangtze, 廿三 in the north: see ``other_day``."""

_SAID: dict[str, str] = {
    "元旦": "元旦节|元旦|阳历年",
    "情人节": "情人节",
    "妇女节": "三八妇女节|三八节|妇女节",
    "植树节": "植树节",
    "劳动节": "五一劳动节|五一节|五一长假|劳动节"
    "|(?<![0-9零一二三四五六七八九十百点初])五一(?![0-9零一二三四五六七八九十百个])",
    "青年节": "五四青年节|青年节",
    "护士节": "护士节",
    "母亲节": "母亲节",
    "儿童节": (
        "六一儿童节|六一节|儿童节|^六一$|(?<![0-9零一二三四五六七八九十百点初周期拜])六一(?=那天"
        "|前|后|以前|以后)"
    ),
    "父亲节": "父亲节",
    "建党节": (
        "七一建党节|建党节|^七一$|(?<![0-9零一二三四五六七八九十百点初周期拜])七一(?=那天|前|后|以前|以后)"
    ),
    "建军节": (
        "八一建军节|八一节|建军节|^八一$|(?<![0-9零一二三四五六七八九十百点初周期拜])八一(?=那天"
        "|前|后|以前|以后)"
    ),
    "教师节": "教师节",
    "国庆": (
        "十一国庆|国庆节|国庆|(?<![0-9零一二三四五六七八九百初])十一(?=长假"
        "|假期|黄金周|放假|那天|期间|前|后|以前|以后|过后)"
    ),
    "平安夜": "平安夜",
    "圣诞": "圣诞节|圣诞",
    "春节": "大年初一|年初一|正月初一|春节|大年头上|(?<![拜回])过年(?![好货糕])",
    "年初二": "大年初二|年初二",
    "年初三": "大年初三|年初三",
    "年初四": "大年初四|年初四",
    "年初五": "大年初五|年初五",
    "年初六": "大年初六|年初六",
    "年初七": "大年初七|年初七",
    "年初八": "大年初八|年初八",
    "元宵": "元宵节|正月半|上元节|(?<![吃碗个份买煮点只])元宵(?![汤圆子馅])",
    "龙抬头": "龙抬头",
    "三月三": "上巳节",
    "端午": "端午节|端阳节|端午|端阳",
    "七夕": "七夕节|七夕",
    "中元": "中元节|鬼节|七月半",
    "中秋": "中秋节|八月半|中秋",
    "重阳": "重阳节|敬老节|老人节|重阳(?!糕)",
    "腊八": "腊八节|腊八(?![粥饭蒜豆面])",
    "小年": "(?<![大老])小年(?![轻纪夜])",
    "小年夜": "小年夜",
    "除夕": "大年三十夜|大年三十|年三十夜|年三十|三十夜|除夕夜|除夕|大年夜",
    "清明": "清明节|清明",
    "冬至": "冬至节|冬至夜(?!里)|冬至",
    # These are weather or names at least as often as days.
    **{
        term: rf"{term}(?=节气|那天|这天|当天|前|后|以前|之前|以后|之后|的时候)|(?<=到了){term}|^{term}$"
        for term in ("大雪", "小雪", "雨水", "小满", "大寒", "小寒", "白露", "谷雨", "大暑", "小暑")
    },
}
_SAID |= {term: term for term in SOLAR_TERMS if term not in _SAID}

FESTIVAL_NAMES = (
    "(?:"
    + "|".join(_SAID[name] for name in sorted(_SAID, key=lambda n: -max(map(len, _SAID[n].split("|")))))
    + ")"
)
"""A pattern for every way of naming one."""

YEARLY: dict[str, tuple[int, int, bool]] = {
    **{"元旦": (1, 1, False), "情人节": (2, 14, False), "妇女节": (3, 8, False), "植树节": (3, 12, False)},
    **{"劳动节": (5, 1, False), "青年节": (5, 4, False), "护士节": (5, 12, False), "儿童节": (6, 1, False)},
    **{"建党节": (7, 1, False), "建军节": (8, 1, False), "教师节": (9, 10, False), "国庆": (10, 1, False)},
    **{"平安夜": (12, 24, False), "圣诞": (12, 25, False)},
    **{"春节": (1, 1, True), "元宵": (1, 15, True), "龙抬头": (2, 2, True), "三月三": (3, 3, True)},
    **{f"年初{'零一二三四五六七八'[n]}": (1, n, True) for n in range(2, 9)},
    **{"端午": (5, 5, True), "七夕": (7, 7, True), "中元": (7, 15, True), "中秋": (8, 15, True)},
    **{"重阳": (9, 9, True), "腊八": (12, 8, True), "小年": (12, 24, True), "除夕": (12, -1, True)},
}
"""Festival → month, day (-1 the last of the month) and whether by the Chinese calendar: for yearly rules."""
YEARLY_SUNDAYS = {"母亲节": (5, 2), "父亲节": (6, 3)}
"""Festival → month and which Sunday of it."""


_PLAIN_NAMES: dict[str, str] = {}


def festival_of(words: str) -> str | None:
    """Return the canonical name of a festival as said, or None."""
    if not _PLAIN_NAMES:
        for name, said in _SAID.items():
            for word in re.sub(r"\(\?[^)]*\)", "", said).split("|"):
                _PLAIN_NAMES[word.strip("^$")] = name
    return _PLAIN_NAMES.get(words)


def festival_day(name: str, year: int) -> date | None:
    """Return the day of a festival or solar term in a year; None outside 1900-2100."""
    if not 1900 <= year <= 2100:
        return None
    return FESTIVALS[name](year) if name in FESTIVALS else None


def other_day(name: str, year: int) -> date | None:
    """Return the day of a festival where other regions keep another one (小年), else None."""
    return _LITTLE_YEAR_NORTH(year) if name == "小年" and 1900 <= year <= 2100 else None
