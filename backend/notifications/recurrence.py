"""When something that repeats comes next: the RRULEs that elders' words become, civil and lunar. Pure.

A subset of RFC 5545 with RSCALE=CHINESE of RFC 7529, evaluated day by day with a bound, so that no rule can
keep a worker busy: FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYHOUR, BYMINUTE. Times of day
are those of the first occurrence, in the town's zone, unless the rule names its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from lunar_python import LunarYear

from backend.clock import TOWN_ZONE, in_town

HORIZON_DAYS, LEAP_HORIZON_DAYS = 8 * 366, 40 * 366
"""How far ahead an occurrence is looked for; 29 February and a leap month of the moon are rare."""

WAKING = (time(7, 0), time(21, 0))
"""Rules of hours and minutes (「每两个钟头喝水」) speak within these hours only: nobody wants to be woken."""

_WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_KNOWN = frozenset(
    ("RSCALE", "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE")
) | {"SKIP", "WKST", "BYSECOND"}
_FREQUENT = {"HOURLY": timedelta(hours=1), "MINUTELY": timedelta(minutes=1)}


class UnknownRuleError(ValueError):
    """The rule is none that can be followed."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule, read."""

    freq: str
    lunar: bool
    interval: int
    count: int | None
    until: datetime | None
    months: frozenset[tuple[int, bool]]
    monthdays: frozenset[int]
    weekdays: frozenset[tuple[int, int]]
    hours: tuple[int, ...]
    minutes: tuple[int, ...]


def read(text: str) -> Rule:
    """Read an RRULE.

    Raises:
        UnknownRuleError: it says something that is not followed.
    """
    words: dict[str, str] = {}
    for word in text.upper().removeprefix("RRULE:").strip(";").split(";"):
        name, _, value = word.partition("=")
        if name not in _KNOWN or not value or name in words:
            raise UnknownRuleError(f"{word!r} is not understood")
        words[name] = value
    freq = words.get("FREQ", "")
    if freq not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY", *_FREQUENT):
        raise UnknownRuleError(f"FREQ={freq} is not understood")
    if words.get("RSCALE", "GREGORIAN") not in ("GREGORIAN", "CHINESE"):
        raise UnknownRuleError("only the civil and the Chinese calendar are known")
    try:
        return Rule(
            freq=freq,
            lunar=words.get("RSCALE") == "CHINESE",
            interval=_within(int(words.get("INTERVAL", "1")), 1, 10_000),
            count=_within(int(words["COUNT"]), 1, 100_000) if "COUNT" in words else None,
            until=_until(words["UNTIL"]) if "UNTIL" in words else None,
            months=frozenset(_month(month) for month in _list(words, "BYMONTH")),
            monthdays=frozenset(_within(int(day), -31, 31) for day in _list(words, "BYMONTHDAY")),
            weekdays=frozenset(_weekday(day) for day in _list(words, "BYDAY")),
            hours=tuple(sorted(_within(int(hour), 0, 23) for hour in _list(words, "BYHOUR"))),
            minutes=tuple(sorted(_within(int(minute), 0, 59) for minute in _list(words, "BYMINUTE"))),
        )
    except ValueError as error:
        raise UnknownRuleError(f"{text!r} is not understood: {error}") from error


def following(text: str, first: datetime, after: datetime) -> datetime | None:
    """Return the first occurrence later than ``after``, or None where there is none within years.

    Args:
        text: the RRULE.
        first: its first occurrence, aware; nothing occurs before it.
        after: aware.

    Raises:
        UnknownRuleError: the rule is none that can be followed.
    """
    rule = read(text)
    first, after = in_town(first), in_town(after)
    find = _frequent if rule.freq in _FREQUENT else _by_days
    found = find(rule, first, after)
    return None if found is None or (rule.until is not None and found > rule.until) else found


def _frequent(rule: Rule, first: datetime, after: datetime) -> datetime | None:
    step = _FREQUENT[rule.freq] * rule.interval
    at = first if after < first else first + step * ((after - first) // step + 1)
    if rule.count is not None and (at - first) // step >= rule.count:
        return None
    if not WAKING[0] <= at.timetz().replace(tzinfo=None) <= WAKING[1]:
        day = at.date() + timedelta(days=at.time() > WAKING[1])
        morning = datetime.combine(day, WAKING[0], TOWN_ZONE)
        at = first + step * -((first - morning) // step)
    return at


def _by_days(rule: Rule, first: datetime, after: datetime) -> datetime | None:
    counted = rule.count is not None or (rule.lunar and rule.interval > 1)
    start = first.date() if counted else max(first.date(), after.date())
    clocks = _clocks(rule, first)
    seen = days = 0
    horizon = LEAP_HORIZON_DAYS if any(leap for _, leap in rule.months) else HORIZON_DAYS
    for day in _dates(start, horizon + (max(after, first).date() - start).days):
        if not (_falls_lunar(rule, day, first) if rule.lunar else _falls(rule, day, first.date())):
            continue
        days += 1
        if rule.lunar and (days - 1) % rule.interval:
            continue
        for clock in clocks:
            at = datetime.combine(day, clock, TOWN_ZONE)
            if at < first:
                continue
            seen += 1
            if rule.count is not None and seen > rule.count:
                return None
            if at > after:
                return at
    return None


def _clocks(rule: Rule, first: datetime) -> list[time]:
    hours = rule.hours or (first.hour,)
    minutes = rule.minutes or (first.minute,)
    return [time(hour, minute) for hour in hours for minute in minutes]


def _dates(start: date, days: int) -> Iterator[date]:
    return (start + timedelta(days=ahead) for ahead in range(days))


def _falls(rule: Rule, day: date, first: date) -> bool:
    months = (day.year - first.year) * 12 + day.month - first.month
    weeks = ((day - timedelta(days=day.weekday())) - (first - timedelta(days=first.weekday()))).days // 7
    passed = {
        "DAILY": (day - first).days,
        "WEEKLY": weeks,
        "MONTHLY": months,
        "YEARLY": day.year - first.year,
    }
    if passed[rule.freq] % rule.interval:
        return False
    if rule.months and (day.month, False) not in rule.months:
        return False
    last = ((day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)).day
    if rule.monthdays and not rule.monthdays & {day.day, day.day - last - 1}:
        return False
    if rule.weekdays:
        nth, from_end = (day.day - 1) // 7 + 1, -((last - day.day) // 7 + 1)
        return bool(rule.weekdays & {(day.weekday(), 0), (day.weekday(), nth), (day.weekday(), from_end)})
    if rule.monthdays:
        return True
    if rule.freq == "WEEKLY":
        return day.weekday() == first.weekday()
    if rule.freq == "MONTHLY" or (rule.freq == "YEARLY" and rule.months):
        return day.day == first.day
    return rule.freq == "DAILY" or (day.month, day.day) == (first.month, first.day)


def _falls_lunar(rule: Rule, day: date, first: datetime) -> bool:
    month, leap, number, length = lunar_day(day)
    if rule.freq == "DAILY":
        return True
    of_first = lunar_day(first.date())
    months = rule.months or ({of_first[:2]} if rule.freq == "YEARLY" else frozenset())
    if months and (month, leap) not in months:
        return False
    if not months and leap:
        return False  # 「每月初一」 is not said twice for a month that comes twice
    wanted = rule.monthdays or {of_first[2]}
    # 三十 in a month of twenty-nine days is its last day: a birthday is not left out.
    return bool(wanted & {number, number - length - 1}) or (number == length == 29 and 30 in wanted)


@lru_cache(maxsize=16)
def _months(year: int) -> tuple[tuple[date, int, bool, int], ...]:
    months = []
    for month in LunarYear.fromYear(year).getMonths():
        if month.getYear() == year:
            noon = int(month.getFirstJulianDay() + 0.5)
            months.append(
                (
                    date.fromordinal(noon - 1721425),
                    abs(month.getMonth()),
                    month.getMonth() < 0,
                    month.getDayCount(),
                )
            )
    return tuple(months)


def lunar_day(day: date) -> tuple[int, bool, int, int]:
    """Return lunar month, whether it is a leap month, the day in it, and how many days it has."""
    for year in (day.year, day.year - 1):
        for first, month, leap, length in _months(year):
            if first <= day < first + timedelta(days=length):
                return month, leap, (day - first).days + 1, length
    raise ValueError(f"{day} is in no lunar month")


def _list(words: dict[str, str], name: str) -> list[str]:
    return words[name].split(",") if name in words else []


def _within(number: int, lowest: int, highest: int) -> int:
    if not lowest <= number <= highest or (lowest < 0 and number == 0):
        raise ValueError(f"{number} is not between {lowest} and {highest}")
    return number


def _month(text: str) -> tuple[int, bool]:
    return _within(int(text.removesuffix("L")), 1, 12), text.endswith("L")


def _weekday(text: str) -> tuple[int, int]:
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text} is no weekday")
    return _WEEKDAYS[match[2]], int(match[1] or 0)


def _until(text: str) -> datetime:
    for form in ("%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S", "%Y%m%d"):
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is put on below
        except ValueError:
            continue
        if form.endswith("Z"):
            return datetime.fromisoformat(f"{found.isoformat()}+00:00")
        return found.replace(tzinfo=TOWN_ZONE) + (timedelta(days=1) if len(text) == 8 else timedelta())
    raise ValueError(f"{text} is no time")
