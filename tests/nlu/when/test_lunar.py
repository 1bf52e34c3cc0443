"""The packed table of the Chinese calendar agrees with another almanac (lunar_python)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from lunar_python import LunarMonth, LunarYear, Solar

from assistant.nlu.when.festivals import FESTIVALS, festival_day
from assistant.nlu.when.lunar import (
    FIRST_YEAR,
    LAST_YEAR,
    SOLAR_TERMS,
    last_day_of_year,
    lunar_of,
    months_of,
    solar_of,
    term_date,
)

# Every year at hand; of the rest, one in ten (the other almanac is slow).
YEARS = [year for year in range(FIRST_YEAR, LAST_YEAR + 1) if 2015 <= year <= 2045 or year % 10 == 0]


def test_every_month_begins_where_the_other_almanac_begins_it() -> None:
    for year in YEARS:
        theirs = [
            (abs(month.getMonth()), month.getMonth() < 0, month.getDayCount(), month.getFirstJulianDay())
            for month in LunarYear.fromYear(year).getMonthsInYear()
        ]
        ours = [(month.month, month.leap, month.days) for month in months_of(year)]
        assert ours == [each[:3] for each in theirs], year
        first = Solar.fromJulianDay(LunarMonth.fromYm(year, 1).getFirstJulianDay())
        assert months_of(year)[0].first == date(first.getYear(), first.getMonth(), first.getDay())


@pytest.mark.parametrize(
    "year", [1900, 1949, 1984, 2000, 2024, 2025, 2026, 2027, 2033, 2034, 2057, 2099, 2100]
)
def test_solar_terms_fall_on_the_days_of_the_other_almanac(year: int) -> None:
    table = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()
    for term in SOLAR_TERMS[2:23]:
        theirs = table[term]
        assert term_date(year, term) == date(theirs.getYear(), theirs.getMonth(), theirs.getDay()), term


def test_a_day_goes_to_the_lunar_calendar_and_back() -> None:
    day = date(2019, 12, 1)
    while day < date(2040, 1, 1):
        lunar = lunar_of(day)
        assert lunar is not None
        assert solar_of(lunar.year, lunar.month, lunar.day, leap=lunar.leap) == day
        day += timedelta(days=1)


def test_days_that_do_not_exist_are_none() -> None:
    assert solar_of(2026, 13, 1) is None
    assert solar_of(2026, 1, 31) is None
    assert solar_of(2026, 6, 1, leap=True) is None
    assert solar_of(1800, 1, 1) is None
    assert lunar_of(date(1800, 1, 1)) is None
    assert term_date(2200, "冬至") is None
    assert festival_day("中秋", 2300) is None


def test_the_eve_is_the_day_before_the_new_year() -> None:
    for year in range(1950, 2060):
        eve, new_year = last_day_of_year(year), solar_of(year + 1, 1, 1)
        assert eve is not None
        assert new_year is not None
        assert eve + timedelta(days=1) == new_year


@pytest.mark.parametrize("name", FESTIVALS)
def test_every_festival_has_a_day_every_year(name: str) -> None:
    for year in range(1950, 2060):
        assert festival_day(name, year) is not None
