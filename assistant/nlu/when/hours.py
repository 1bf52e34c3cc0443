"""From a spoken clock time to minutes of the day: which half of it, by the part said and by the service."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.nlu.when.fragments import PARTS
from assistant.nlu.when.pieces import Clock, Part
from assistant.vocabulary import Meal, ServiceKind

DAY_MINUTES = 24 * 60

_APPOINTED = (str(ServiceKind.MEDICAL_APPOINTMENT), str(ServiceKind.HOME_CARE))
_MEAL_CONTEXTS = {str(ServiceKind.MEAL), *(str(meal) for meal in Meal)}


@dataclass(frozen=True)
class TimeReading:
    """Minutes from midnight of the day said, beyond 1440 in the night after it; equal ends are a point.

    ``open_half`` where both halves of the day are possible and the next one to come is meant.
    """

    start: int
    end: int
    confidence: float
    open_half: bool = False


def part_times(part: Part) -> list[TimeReading]:
    """Return the windows of a part of the day; before or after "a meal" may be any of the three."""
    if part.name in ("before_meal", "after_meal"):
        side = part.name.removesuffix("_meal")
        windows = [PARTS[f"{side}_{meal}"] for meal in ("breakfast", "lunch", "dinner")]
        if part.start:  # 饭后半小时
            points = [
                each.start + part.start if side == "after" else each.end - part.start for each in windows
            ]
            return [TimeReading(at, at, 0.6, open_half=True) for at in points]
        return [TimeReading(each.start, each.end, 0.6, open_half=True) for each in windows]
    return [TimeReading(part.start, part.end, 0.92)]


def clock_times(clock: Clock, part: Part | None, context: str | None) -> list[TimeReading]:
    """Return what a clock time may mean, best first, before the day is known."""
    readings: list[TimeReading] = []
    for hour, confidence, open_half in _hours(clock, part, context):
        start = hour * 60 + clock.minute
        end = start
        if clock.to is not None:
            end = _range_end(start, clock)
        elif clock.bound is not None:
            start, end = _bounded(start, clock.bound, part)
        if clock.vague:
            confidence *= 0.9
        readings.append(TimeReading(start, end, confidence, open_half))
    if clock.to_part is not None:
        # 九点到下午三点 ends on the day on which it began.
        return [each for each in readings if each.end <= DAY_MINUTES] or readings
    return readings


def _range_end(start: int, clock: Clock) -> int:
    hour, minute = clock.to or (0, 0)
    if clock.to_part is not None:
        hour = _with_part(hour, clock.to_part.name)
    end = hour * 60 + minute
    while end <= start and end < 2 * DAY_MINUTES:
        end += DAY_MINUTES // 2 if hour <= 12 else DAY_MINUTES
    return end


def _bounded(at: int, bound: str, part: Part | None) -> tuple[int, int]:
    """三点以前 begins with its part of the day; 三点以后 ends with it."""
    around = part
    if around is None or not around.start <= at <= around.end:
        fitting = [PARTS[n] for n in ("上午", "下午", "晚上") if PARTS[n].start <= at <= PARTS[n].end]
        around = fitting[-1 if bound == "after" else 0] if fitting else None
    if bound == "before":
        start = around.start if around and around.start < at else at - 120
        return max(start, 0), at
    end = around.end if around and around.end > at else at + 120
    return at, end


def _with_part(hour: int, name: str) -> int:
    """Return the hour of the day (beyond 24 in the night after) of a spoken hour in a part of the day."""
    if hour > 12:
        return hour
    if name in ("morning", "forenoon"):
        return hour
    if name == "noon":
        return hour + 12 if hour <= 4 else hour
    if name in ("afternoon", "dusk"):
        return hour + 12 if 1 <= hour < 12 else hour
    if name == "small_hours":
        return hour % 12
    if name == "daytime":
        return hour + 12 if 1 <= hour <= 6 else hour
    if name in ("evening", "midnight"):
        if hour in (0, 12):
            return 24
        return hour + 24 if hour <= (4 if name == "evening" else 5) else hour + 12
    return hour


def _hours(clock: Clock, part: Part | None, context: str | None) -> list[tuple[int, float, bool]]:
    hour = clock.hour
    if hour == 24:
        return [(24, 0.9, False)]
    if part is not None and part.name not in ("before_meal", "after_meal"):
        return [(_with_part(hour, part.name), 0.97, False)]
    if clock.exact or hour == 0 or hour > 12:
        return [(hour, 0.97, False)]
    return _by_context(hour, context)


def _by_context(hour: int, context: str | None) -> list[tuple[int, float, bool]]:
    later = hour + 12
    if context in _APPOINTED:
        return [(later if hour <= 6 else hour, 0.9, False)]
    if hour == 12:
        return [(12, 0.9, False)]
    if context in _MEAL_CONTEXTS:
        return _by_meal(hour, context or "")
    if hour <= 5:
        return [(later, 0.85, False)]
    if context == str(ServiceKind.COMPANIONSHIP):
        if hour == 6:
            return [(later, 0.8, False)]
        return [(hour, 0.85 if hour > 7 else 0.6, False)] + ([(later, 0.45, False)] if hour == 7 else [])
    # A reminder, or nothing known: whichever of the two comes next.
    return [(hour, 0.6, True), (later, 0.55 if hour < 9 else 0.5, True)]


def _by_meal(hour: int, context: str) -> list[tuple[int, float, bool]]:
    later = hour + 12
    if context == Meal.BREAKFAST:
        return [(hour, 0.9, False)]
    if context == Meal.LUNCH:
        return [(later if hour <= 4 else hour, 0.9, False)]
    if context == Meal.DINNER:
        return [(later if hour < 10 else hour, 0.9, False)]
    if hour <= 5:
        return [(later, 0.9, False)]
    if hour == 6:
        return [(later, 0.6, False), (hour, 0.5, False)]
    return [(hour, 0.6 if hour == 7 else 0.85, False)] + ([(later, 0.5, False)] if hour == 7 else [])
