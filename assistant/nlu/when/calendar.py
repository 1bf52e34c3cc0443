"""From a spoken day to days of the calendar: weeks begin on Monday, and what is past means the next one."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.nlu.when.festivals import festival_day, other_day
from assistant.nlu.when.lunar import LAST_YEAR, lunar_of, months_of, solar_of
from assistant.nlu.when.pieces import (
    Around,
    Beside,
    Coming,
    Day,
    DayShift,
    DaySpan,
    Festival,
    LunarDay,
    LunarMonth,
    MonthDay,
    MonthPart,
    NthWeekday,
    Offset,
    Week,
    Weekday,
)


@dataclass(frozen=True)
class DayReading:
    """Days that a spoken day may mean: ``first`` to ``last`` inclusive.

    ``past`` where it was said of the past; ``named_today`` where today was meant by name (今天), so that a
    time of it that is over still means today; ``if_to_come`` where it holds only while the time is to come.
    """

    first: date
    last: date
    confidence: float
    past: bool = False
    named_today: bool = False
    if_to_come: bool = False


def _one(day: date | None, confidence: float, **marks: bool) -> list[DayReading]:
    return [DayReading(day, day, confidence, **marks)] if day else []


def add_months(day: date, months: int) -> date:
    """Return the same day some months on, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    year = min(max(year, 1), 9998)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def resolve_day(day: Day | DayShift, today: date) -> list[DayReading]:
    """Return what a spoken day may mean as seen from ``today``, best first; empty where it is no day."""
    try:
        return _resolve(day, today)
    except (OverflowError, ValueError):  # a year out of the calendar, as in 九百年以后
        return []


def _resolve(day: Day | DayShift, today: date) -> list[DayReading]:
    if isinstance(day, Offset):
        return _offset(day, today)
    if isinstance(day, DayShift):
        there = add_months(today, day.months) + timedelta(days=day.days)
        return _one(there, 0.95, past=there < today)
    if isinstance(day, Weekday):
        return _weekday(day, today)
    if isinstance(day, Week):
        return _week(day, today)
    if isinstance(day, MonthDay):
        return _month_day(day, today)
    if isinstance(day, MonthPart):
        return _month_part(day, today)
    if isinstance(day, NthWeekday):
        return _nth_weekday(day, today)
    if isinstance(day, LunarDay):
        return _lunar_day(day, today)
    if isinstance(day, LunarMonth):
        return _lunar_month(day, today)
    if isinstance(day, Festival):
        return _festival(day, today)
    if isinstance(day, Coming):
        return [DayReading(today + timedelta(days=day.first), today + timedelta(days=day.last), 0.5)]
    if isinstance(day, Around):
        return _around(day, today)
    if isinstance(day, Beside):
        return _beside(day, today)
    return _span(day, today)


def _offset(day: Offset, today: date) -> list[DayReading]:
    there = today + timedelta(days=day.days)
    if day.vague:
        return [DayReading(there, there, 0.65), DayReading(there, there + timedelta(days=2), 0.4)]
    return _one(there, 0.97, past=day.days < 0, named_today=day.days == 0)


def _weekday(day: Weekday, today: date) -> list[DayReading]:
    monday = today - timedelta(days=today.weekday())
    readings: list[DayReading] = []
    for rank, weekday in enumerate(sorted(day.weekdays)):
        there = monday + timedelta(days=weekday + 7 * (day.weeks or 0))
        confidence = 0.95 - 0.1 * rank
        week = timedelta(days=7)
        if day.weeks is None:
            if there == today and len(day.weekdays) == 1:
                readings += _one(there, 0.7, if_to_come=True) + _one(there + week, 0.6)
            else:
                readings += _one(there if there >= today else there + week, confidence)
        elif day.weeks == 0 and there < today:
            readings += _one(there + week, 0.65) + _one(there, 0.3, past=True)
        else:
            readings += _one(there, confidence, past=there < today, named_today=there == today)
    if len(day.weekdays) > 1:
        readings.sort(key=lambda each: each.first)
        readings = [replace(each, confidence=0.9 - 0.05 * index) for index, each in enumerate(readings)]
    return readings


def _week(day: Week, today: date) -> list[DayReading]:
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * day.weeks)
    first = monday + timedelta(days=5) if day.weekend else monday
    last = monday + timedelta(days=6)
    if day.weeks == 0 and not day.weekend:
        first = max(first, today)
    readings = [DayReading(first, last, 0.85 if day.weekend else 0.7, past=last < today)]
    if day.bare and first <= today:
        week = timedelta(days=7)
        readings.append(DayReading(first + week, last + week, 0.5))
    return readings


def _month_day(day: MonthDay, today: date) -> list[DayReading]:
    if day.maybe_lunar:
        lunar = _lunar_day(LunarDay(day.day, day.month, years=day.years), today)
        solar = _month_day(MonthDay(day.day, day.month, years=day.years), today)
        return [DayReading(r.first, r.last, 0.6, past=r.past) for r in lunar] + [
            DayReading(r.first, r.last, 0.45, past=r.past) for r in solar
        ]
    if day.month is None:
        return _day_of_month(day, today)
    if day.year is not None or day.years is not None:
        year = day.year if day.year is not None else today.year + (day.years or 0)
        there = _safe(year, day.month, day.day)
        return _one(there, 0.97, past=bool(there and there < today), named_today=there == today)
    for year in range(today.year, today.year + 9):
        there = _safe(year, day.month, day.day)
        if there and there >= today:
            return _one(there, 0.95, named_today=there == today)
    return []


def _day_of_month(day: MonthDay, today: date) -> list[DayReading]:
    if day.months:
        month = add_months(today.replace(day=1), day.months)
        there = _safe(month.year, month.month, day.day)
        return _one(there, 0.95, past=day.months < 0)
    readings: list[DayReading] = []
    for ahead in range(0, 14):
        month = add_months(today.replace(day=1), ahead)
        there = _safe(month.year, month.month, day.day)
        if there and there >= today:
            confidence = 0.92 if day.months is None or not ahead else 0.6
            readings = _one(there, confidence, named_today=there == today)
            break
    if day.months == 0:
        here = _safe(today.year, today.month, day.day)
        if here and here < today:
            readings += _one(here, 0.3, past=True)
    return readings


_THIRDS = {
    "start": (1, 5),
    "middle": (11, 20),
    "end": (25, 31),
    "last_day": (31, 31),
    "first_day": (1, 1),
    "whole": (1, 31),
}


def _month_part(day: MonthPart, today: date) -> list[DayReading]:
    first_day, last_day = _THIRDS[day.part]

    def bounds(month: date) -> tuple[date, date]:
        length = calendar.monthrange(month.year, month.month)[1]
        return month.replace(day=min(first_day, length)), month.replace(day=min(last_day, length))

    month = today.replace(day=1)
    if day.month is not None and day.years is not None:
        month = date(today.year + day.years, day.month, 1)
    elif day.month is not None:
        month = date(today.year, day.month, 1)
        if bounds(month)[1] < today:
            month = date(today.year + 1, day.month, 1)
    elif day.months is not None:
        month = add_months(month, day.months)
    elif bounds(month)[1] < today:
        month = add_months(month, 1)
    first, last = bounds(month)
    if first < today <= last:
        first = today
    return [DayReading(first, last, 0.8 if day.part != "whole" else 0.6, past=last < today)]


def _nth_weekday(day: NthWeekday, today: date) -> list[DayReading]:
    def there(month: date) -> date | None:
        length = calendar.monthrange(month.year, month.month)[1]
        days = [month.replace(day=n) for n in range(1, length + 1)]
        fitting = [each for each in days if each.weekday() == day.weekday]
        index = day.nth if day.nth < 0 else day.nth - 1
        return fitting[index] if -len(fitting) <= index < len(fitting) else None

    first = today.replace(day=1)
    if day.months:
        found = there(add_months(first, day.months))
        return _one(found, 0.95, past=bool(found and found < today))
    months = [add_months(first, ahead) for ahead in range(0, 25)]
    for month in months:
        found = there(month) if day.month in (None, month.month) else None
        if found and found >= today:
            return _one(found, 0.92, named_today=found == today)
    return []


def _lunar_years(today: date) -> range:
    return range(today.year - 1, min(today.year + 40, LAST_YEAR) + 1)


def _lunar_day(day: LunarDay, today: date) -> list[DayReading]:
    if day.month is None:
        ahead = timedelta(days=day.day - 1)
        found = [
            month.first + ahead
            for year in range(today.year - 1, today.year + 2)
            for month in months_of(year)
            if day.day <= month.days and month.first + ahead >= today
        ]
        return _one(found[0], 0.8, named_today=found[0] == today) if found else []
    if day.years is not None:
        that = solar_of(today.year + day.years, day.month, day.day, leap=day.leap)
        if that and (that >= today or day.years < 0):
            return _one(that, 0.95, past=that < today)
    for year in _lunar_years(today):
        there: date | None = solar_of(year, day.month, day.day, leap=day.leap)
        if there is None and day.day == 30:
            # A short month has no thirtieth: its last day is meant.
            there = solar_of(year, day.month, 29, leap=day.leap)
        if there and there >= today:
            return _one(there, 0.95, named_today=there == today)
    return []


def _lunar_month(day: LunarMonth, today: date) -> list[DayReading]:
    for year in _lunar_years(today):
        for month in months_of(year):
            last = month.first + timedelta(days=month.days - 1)
            if month.month == day.month and not month.leap and last >= today:
                return [DayReading(max(month.first, today), last, 0.6)]
    return []


def _festival(day: Festival, today: date) -> list[DayReading]:
    first_year = today.year + (day.years or 0)
    years = (
        range(first_year, first_year + 3)
        if day.years is None or day.years >= 0
        else range(first_year, first_year + 1)
    )
    for year in years:
        there, other = festival_day(day.name, year), other_day(day.name, year)
        if day.years is None and festival_day(day.name, year - 1) is not None:
            earlier = festival_day(day.name, year - 1)
            if earlier and earlier >= today:  # 腊八 of the old lunar year, seen in January
                there, other = earlier, other_day(day.name, year - 1)
        if there and (there >= today or (day.years or 0) < 0):
            readings = _one(
                there, 0.95 if other is None else 0.55, past=there < today, named_today=there == today
            )
            return readings + (_one(other, 0.5) if other and other >= today else [])
    return []


def _around(day: Around, today: date) -> list[DayReading]:
    shift = timedelta(days=day.shift)
    readings = [
        DayReading(r.first + shift, r.last + shift, r.confidence, past=r.past)
        for r in _resolve(day.day, today)
    ]
    return [r for r in readings if r.last >= today or r.past] or readings[:1]


def _beside(day: Beside, today: date) -> list[DayReading]:
    week = timedelta(days=7)
    one = timedelta(days=1)
    for r in _resolve(day.day, today):
        if day.after:
            return [DayReading(r.last + one, r.last + week, 0.6)]
        last = r.first - one
        if last >= today:
            return [DayReading(max(today, r.first - week), last, 0.6)]
    return []


def _span(day: DaySpan, today: date) -> list[DayReading]:
    first = _resolve(day.first, today)
    if not first:
        return []
    # The end is looked for from the beginning on: 三十号到二号.
    last = [
        r for r in _resolve(day.last, today) + _resolve(day.last, first[0].first) if r.last >= first[0].first
    ]
    if not last or (last[0].last - first[0].first).days > 92:
        return first
    return [DayReading(first[0].first, last[0].last, 0.85, past=last[0].last < today)]


def fits(day: Day, reading: DayReading, today: date) -> bool:
    """Say whether a second naming (明天礼拜一) speaks of the same day."""
    if isinstance(day, Weekday) and day.weeks is None:
        return reading.first == reading.last and reading.first.weekday() in day.weekdays
    if isinstance(day, LunarDay) and day.month is None:
        lunar = lunar_of(reading.first)
        return lunar is not None and lunar.day == day.day
    return any(r.first == reading.first for r in resolve_day(day, today))
