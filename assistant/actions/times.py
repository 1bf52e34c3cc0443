"""Putting together times that were said bit by bit: 「后天」, then 「上午」, is one morning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from assistant.nlu.understanding import Understanding
from assistant.vocabulary import Meal

AS_LIKELY = 0.8
"""A second reading at least this likely, by the measure of the first, is asked about, not guessed."""

MEAL_HOURS: dict[str, tuple[int, int]] = {
    Meal.BREAKFAST: (6, 9),
    Meal.LUNCH: (11, 13),
    Meal.DINNER: (17, 19),
}
"""Hours of the meals (the time conventions: 早饭 06–09, 中饭 11–13, 晚饭 17–19)."""


def window(when: dict[str, Any]) -> tuple[datetime, datetime]:
    """Return start and end of a slot `when`; of a repeat, those of its first occurrence."""
    pair = when["first"] if "repeat" in when else when
    return datetime.fromisoformat(pair["start"]), datetime.fromisoformat(pair["end"])


def slot_of(start: datetime, end: datetime) -> dict[str, str]:
    """Return the slot value of a window."""
    return {"start": start.isoformat(), "end": end.isoformat()}


def is_whole_day(when: dict[str, Any]) -> bool:
    """Whether only a day was said: 00:00 to a later 00:00."""
    start, end = window(when)
    return end > start and start.hour == start.minute == end.hour == end.minute == 0


def which(heard: Understanding, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the times between which only the elder can decide: 礼拜三 said on a Wednesday; else nothing."""
    readings = [reading for reading in heard.when if not reading.past]
    if "when" not in given or len(readings) < 2 or readings[0].repeat:
        return []
    near = [each for each in readings if each.confidence >= readings[0].confidence * AS_LIKELY]
    return [each.as_slot() for each in near[:2]] if len(near) > 1 else []


def merge(
    old: dict[str, Any] | None, old_parts: Iterable[str], new: dict[str, Any], new_parts: Iterable[str]
) -> tuple[dict[str, Any], list[str]]:
    """Return the time meant by ``new`` after ``old``, and the kinds of time now known.

    A new day keeps the hour that was said before, a new hour keeps the day.
    """
    had, has = set(old_parts), set(new_parts)
    hour_kinds = {"clock", "part_of_day"}
    if old is None or "repeat" in new or "repeat" in old or "duration" in has:
        return new, sorted(has)
    if "day" in has and not has & hour_kinds and had & hour_kinds:
        day, _ = window(new)
        start, end = window(old)
        moved = timedelta(days=(day.date() - start.date()).days)
        return slot_of(start + moved, end + moved), sorted(has | (had & hour_kinds))
    if "day" not in has and has & hour_kinds and "day" in had:
        day, _ = window(old)
        start, end = window(new)
        moved = timedelta(days=(day.date() - start.date()).days)
        return slot_of(start + moved, end + moved), sorted(has | {"day"})
    return new, sorted(has)


def other_day(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two times lie on different days."""
    return window(one)[0].date() != window(other)[0].date()


def meal_of(when: dict[str, Any]) -> Meal | None:
    """Return the meal at the hour of ``when``; None where only a day was said."""
    if is_whole_day(when):
        return None
    start, end = window(when)
    middle = (start + (end - start) / 2).hour
    if middle < 10:
        return Meal.BREAKFAST
    return Meal.LUNCH if middle < 15 else Meal.DINNER


def meal_window(day: datetime, meal: str) -> tuple[datetime, datetime]:
    """Return the hours of ``meal`` on the day of ``day``."""
    first, last = MEAL_HOURS[meal]
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=first), midnight + timedelta(hours=last)
