"""From a repeat and its time of day to an RRULE and its first occurrence that is not over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from assistant.nlu.when.hours import DAY_MINUTES, TimeReading
from assistant.nlu.when.lunar import lunar_of
from assistant.nlu.when.pieces import Repeat

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HORIZON = 800
"""Days searched for a first occurrence: two years and the longest lunar year."""


def rrule(repeat: Repeat, hours: tuple[int, ...] = (), minute: int = 0) -> str:
    """Return the RRULE; ``hours`` only where there are several times a day."""
    words = ["RSCALE=CHINESE"] if repeat.lunar else []
    words.append(f"FREQ={repeat.freq}")
    if repeat.interval > 1:
        words.append(f"INTERVAL={repeat.interval}")
    if repeat.month is not None:
        words.append(f"BYMONTH={repeat.month}{'L' if repeat.leap else ''}")
    if repeat.monthdays:
        words.append("BYMONTHDAY=" + ",".join(map(str, repeat.monthdays)))
    if repeat.weekdays:
        nth = "" if repeat.nth is None else str(repeat.nth)
        words.append("BYDAY=" + ",".join(nth + _DAYS[day] for day in repeat.weekdays))
    if len(hours) > 1:
        words.append("BYHOUR=" + ",".join(map(str, hours)))
        words.append(f"BYMINUTE={minute}")
    return ";".join(words)


def occurs(repeat: Repeat, day: date) -> bool:
    """Say whether a rule may fall on a day; the interval is counted from its first occurrence."""
    if repeat.lunar:
        lunar = lunar_of(day)
        if lunar is None or lunar.leap != repeat.leap:
            return False
        if repeat.month not in (None, lunar.month):
            return False
        tomorrow = lunar_of(day + timedelta(days=1))
        last = -1 in repeat.monthdays and tomorrow is not None and tomorrow.day == 1
        return last or lunar.day in repeat.monthdays
    if repeat.month is not None and day.month != repeat.month:
        return False
    if repeat.nth is not None:
        other = day + timedelta(days=7)
        nth = -1 if repeat.nth == -1 else (day.day - 1) // 7 + 1
        return (
            day.weekday() in repeat.weekdays
            and nth == repeat.nth
            and (repeat.nth != -1 or other.month != day.month)
        )
    if repeat.weekdays and day.weekday() not in repeat.weekdays:
        return False
    if repeat.monthdays:
        last = (day + timedelta(days=1)).month != day.month
        return day.day in repeat.monthdays or (last and -1 in repeat.monthdays)
    return True


def _days(repeat: Repeat, start: date) -> Iterator[date]:
    for ahead in range(_HORIZON if repeat.month is None else 8 * 366):
        day = start + timedelta(days=ahead)
        if occurs(repeat, day):
            yield day


def first_occurrence(
    repeat: Repeat, times: list[TimeReading], now: datetime, since: date | None
) -> tuple[datetime, datetime] | None:
    """Return the first window (or point) of the rule that is not over at ``now``."""
    start_day = max(since or now.date(), now.date())
    if times and times[0].end > DAY_MINUTES and since is None:
        start_day -= timedelta(days=1)  # 夜里两点 belongs to the evening before
    midnight = datetime(start_day.year, start_day.month, start_day.day, tzinfo=now.tzinfo)
    for day in _days(repeat, start_day):
        base = midnight + timedelta(days=(day - start_day).days)
        for time in times or [TimeReading(0, DAY_MINUTES, 1.0)]:
            start, end = base + timedelta(minutes=time.start), base + timedelta(minutes=time.end)
            if end > now or start >= now:
                return start, end
    return None


def frequent_first(repeat: Repeat, now: datetime) -> tuple[datetime, datetime]:
    """Return the first occurrence of an hourly or minutely rule: one interval from now, on the minute."""
    step = timedelta(hours=repeat.interval) if repeat.freq == "HOURLY" else timedelta(minutes=repeat.interval)
    at = now.replace(second=0, microsecond=0) + step
    return at, at


def in_order(repeat: Repeat) -> Repeat:
    """Return the rule with its days in order, each once."""
    return replace(
        repeat,
        weekdays=tuple(sorted(set(repeat.weekdays))),
        monthdays=tuple(sorted(set(repeat.monthdays))),
    )
