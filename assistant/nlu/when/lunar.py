"""Lunar years 1900-2100 as one packed table, and the Chinese calendar over it. Stdlib only."""

from __future__ import annotations

import functools
from datetime import date, timedelta
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""The lunar years the table holds."""

SOLAR_TERMS = (
    *("小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至"),
    *("小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至"),
)
"""The 24 solar terms in the order of the civil year: two in each month."""

_EARLIEST = (4, 19, 3, 18, 4, 19, 4, 19, 4, 20, 4, 20, 6, 22, 6, 22, 6, 22, 7, 22, 6, 21, 6, 21)
"""The earliest day of its month on which each solar term falls in 1900-2100."""

# Eighteen hexadecimal digits a year. The first six: days from 21 January to the lunar new year (5 bits),
# the leap month (4), long months from the first on (13, lowest bit first). The last twelve: for each solar
# term two bits, days after its earliest. Astronomical facts; tests compare every day with another almanac.
_PACKED = (
    "1516d25aa665a65a563a07526aaaa6aa9a5a240ea5aaaaaabaaa6a10b64aaaabbabbafaa34064b5aa665a65aab"
    "1c0a9b6aaaa6aa9a5a089556aaaaaaaaaa6a2e056aaaabbabbafaa180b595aa665a65aab0257526aaaa6aa9a5a"
    "280752aaaaaaaaaa6a12db25aaabbabbafaa380b2556a665a65aab200a4b6aa6a6aa9a560ab4abaaaaaaaa9a5a"
    "3002adaaabaabaaeaa1a056b569665a65aaa044b696aa6a6a69a562a0da96aaaaaaa9a5a16fd92aaabaabaaeaa"
    "3c0e92569665a65aaa240d255aa6a6a65a560eba4d6aaaaaaa9a5a340a56aaabaabaaa6a1e02b6569665a65aaa"
    "0695b55aa6a6a65a562e06d46aaaa6aa9a5a180ea9aaabaabaaa6a045e92555665a65aaa280e925aa665a65a56"
    "12cd266aaaa6aa9a5a36052baaaaaabaaa6a200a57555665665aaa0ab2b65aa665a65a56300b5a6aaaa6aa9a5a"
    "1c06d4aaaaaaaaaa6a066ec9555665665aaa2a07495aa665a65a5614f6936aaaa6aa9a5a3a0a93aaaaaaaaaa6a"
    "24052b555665665aaa0cca5b5aa665a65a56320aad6aaaa6aa9a5a1e056aaaaaaaaaaa6a089b55555665655aaa"
    "2e0ba4569665a65a56180b496aa6a6aa9a56025a93aaaaaaaa9a5a280a955556556559aa10f52d569665a65a55"
    "3605366aa6a6a65a56200aadaaaaaaaa9a5a0cb5aa5556556559aa3005b2569665a65a551a0da55aa6a6a65a56"
    "067d4a6aaaa6aa9a5a2c0d4a5556556555aa150a95569665a65a55380a975aa665a65a562405566aaaa6aa9a5a"
    "0ecab555555565556a320ad5555665665a551e06d25aa665a65a56088ea56aaaa6aa9a5a2e0ea555555565556a"
    "18064a555665665a55006c975aa665a65a56260a9b6aaaa6aa9a5a12f55a55555555556a36056a555665665a55"
    "200b695aa665a65a560cb7526aaaa6aa9a5a320b5255555555556a1a0b25555665655a5504964b5aa665a65a56"
    "2a0a4b6aa6a6aa9a5a1514ab55555555456a3802ad555655655a5522056d5a9665a65a560ecb696aa6a6a69a56"
    "340da955555555456a1e0d92555655655a55089d25569665a65a562e0d256aa6a6a65a56195a4d55555155455a"
    "3c0a565556556559552602b6569665a65a5510c5b55aa6a5a65a563606d515555155455a200ea9555555655555"
    "0cbe92569665665a55320e925aa665a65a561c0d2615555155455a046a56555555655515280a57555665665a55"
    "1514d65aa665a65a563a035a15555155455a2206d55555555555150eb6c9555665665a553407495aa665a65a56"
    "1e069315555155455a06952b5555555555152c052b555665665a55160a5b5aa665a65a5602555a15555155455a"
    "26056a55555555551510fb55555655655a55380ba45aa665a65a56220b4915515155455a0aba93555555554515"
    "300a95555655655a551a052d5a9665a65a56048aad15515151455a280ab55555515545151535aa555655655a55"
    "3a05d2569665a65a56240da51551515105560edd4a555551554505340d4a5556556559551e0c95569665665a55"
    "08952e1551105105562c0556155551554505160ab55555556555550255b2569665665a552806d2055110510556"
    "10cea515555155450536072555555555551520064b555665665a550aac970551105105562e0cab155551554505"
    "1a055a555555555515046ad6555665665a552a0b690551105105561577521555515545053a0b52555555555515"
    "240b25555655655a550eda4b055110510556320a4b1555515545051c04ab55555555551506a55b555655655a55"
    "2c05ad055110510556160b6a155151514505025b52555555554515280d92555655655a5512fd25054110510556"
    "360d25155151510505200a555555515545150ab4ad555655655a553004b60141101105561805b5155110510501"
    "046daa5555515545052a0ec9555555655555171e920141101105553a0e92155110510501240d26555551554505"
    "0eca56555555555555320a570141101105551c04d60551105105010686d51555515545052c0755555555555555"
    "180749000110110555006e9305511051050126069315555155450510f52b55555555551536052b000110110555"
    "1e0a5b0551105105010ab55a15555155450530056a5555555555151a0b6500010010055504974a055110510501"
    "2a0b4a155151514505151a955555555555153a0a9500010010055522052d0541105105010ccaad155151514505"
    "320ab55555515545151e05aa000100100555068ba50541105105012c0da5155150510505180d4a555551554515"
    "027c95000100100555260c9601411011050110f94e155110510505360556555551554505200ab5000000100055"
    "0ab5b20141101105003006d21551105105011a0ea5555551554505068e4a00000000005528068b014110110500"
    "130c970551105105013804ab15555155450522055b0000000000550ccad6000110110500320b6a055110510501"
    "1e07521555515545050897250000000000152c0b45000100110500160a8b05511051050100549b155551554505"
    "2604ab555555555515"
)
_WIDTH = 18


class LunarDate(NamedTuple):
    """A day of the Chinese calendar; ``year`` is the civil year in which its new year falls."""

    year: int
    month: int
    day: int
    leap: bool = False


class _Month(NamedTuple):
    month: int
    leap: bool
    first: date
    days: int


@functools.lru_cache(maxsize=256)
def _row(year: int) -> tuple[int, int]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return 0, 0
    whole = "".join(_PACKED)
    at = (year - FIRST_YEAR) * _WIDTH
    return int(whole[at : at + 6], 16), int(whole[at + 6 : at + _WIDTH], 16)


@functools.lru_cache(maxsize=256)
def months_of(year: int) -> tuple[_Month, ...]:
    """Return the months of a lunar year in order; empty outside the table."""
    packed, _ = _row(year)
    if not packed:
        return ()
    leap = (packed >> 13) & 0xF
    first = date(year, 1, 21) + timedelta(days=packed >> 17)
    months: list[_Month] = []
    numbers = [(number, False) for number in range(1, 13)]
    if leap:
        numbers.insert(leap, (leap, True))
    for index, (number, is_leap) in enumerate(numbers):
        days = 29 + (packed >> index & 1)
        months.append(_Month(number, is_leap, first, days))
        first += timedelta(days=days)
    return tuple(months)


def solar_of(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """Return the civil day of a lunar day; None where that month or day does not exist in that year."""
    for candidate in months_of(year):
        if (candidate.month, candidate.leap) == (month, leap):
            return candidate.first + timedelta(days=day - 1) if 1 <= day <= candidate.days else None
    return None


def lunar_of(day: date) -> LunarDate | None:
    """Return the lunar day of a civil day; None outside the table."""
    for year in (day.year, day.year - 1):
        for month in reversed(months_of(year)):
            if month.first <= day < month.first + timedelta(days=month.days):
                return LunarDate(year, month.month, (day - month.first).days + 1, month.leap)
    return None


def last_day_of_year(year: int) -> date | None:
    """Return 除夕 of a lunar year (the day before the next new year); None outside the table."""
    months = months_of(year)
    return months[-1].first + timedelta(days=months[-1].days - 1) if months else None


def term_date(year: int, term: str) -> date | None:
    """Return the civil day of a solar term in a civil year (Beijing time); None outside the table."""
    if term not in SOLAR_TERMS or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    _, offsets = _row(year)
    index = SOLAR_TERMS.index(term)
    return date(year, index // 2 + 1, _EARLIEST[index] + (offsets >> 2 * index & 3))
