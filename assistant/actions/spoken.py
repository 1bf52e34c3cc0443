"""Rows, days and lists in everyday words. What is said of a booking is read from its committed row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date
from datetime import datetime, timedelta
from typing import Any

from assistant.actions import times
from assistant.nlu import answers
from assistant.nlu.understanding import Understanding
from assistant.nlu.when import lunar
from assistant.replies import phrasing
from assistant.replies.phrasebook import phrases
from assistant.vocabulary import (
    SET_MEAL,
    CareItem,
    Department,
    Diet,
    Meal,
    Person,
    ServiceKind,
    word_of,
)

_WEEKDAYS = "一二三四五六日"


def listed(names: Sequence[str]) -> str:
    """Return names as a list for the ear."""
    return "、".join(names)


def date(day: datetime) -> str:
    """Return month, day and weekday in words."""
    return phrases().say(
        "spoken.date",
        month=phrasing.say_number(day.month),
        day=phrasing.say_number(day.day),
        weekday=_WEEKDAYS[day.weekday()],
    )


def clock(moment: datetime) -> str:
    """Return the time of day in words."""
    return phrasing.say_clock(moment)


def lunar_date(day: datetime) -> str:
    """Return the lunar month and day in words."""
    found = lunar.lunar_of(day.date())
    if found is None:  # beyond the table (1900 to 2100)
        return ""
    month = phrases().say("spoken.lunar_month", variant=found.month - 1)
    said = phrases().say("spoken.lunar_day", variant=found.day - 1)
    return phrases().say("spoken.lunar_leap" if found.leap else "spoken.lunar", month=month, day=said)


def time_words(when: dict[str, Any], *, now: datetime) -> str:
    """Return a slot `when` in words."""
    start, end = times.window(when)
    return phrasing.say_when(start, end, now=now)


def meal_time(day: datetime, meal: str, *, now: datetime) -> str:
    """Return 「明天中饭」."""
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    said = phrasing.say_when(midnight, midnight + timedelta(days=1), now=now)
    return f"{said}{word_of(Meal, meal).label}"


def dishes(names: Sequence[str], quantity: int) -> str:
    """Return the dishes with their number of portions."""
    shown = [phrases().say("spoken.set_meal") if name == SET_MEAL else name for name in names]
    count = phrasing.say_count(quantity, phrases().say("spoken.portion"))
    if len(shown) == 1:
        return f"{shown[0]}{count}"
    return phrases().say("spoken.several_dishes", dishes=listed(shown), count=count)


def diet(limits: Sequence[str]) -> str:
    """Return diet limits in words, with a leading comma; empty where there are none."""
    return "".join(f"，{word_of(Diet, limit).label}" for limit in limits)


def person(value: str | None) -> str:
    """Return for whom, in words; empty for the elder herself."""
    if not value or value == Person.SELF:
        return ""
    known = {str(item.value): item.label for item in Person}
    return known.get(value, value)


def request(row: dict[str, Any], *, now: datetime) -> str:
    """Return one request in everyday words, from its row."""
    details = row["details"]
    start, end = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
    kind = row["kind"]
    if kind == ServiceKind.MEAL:
        what = dishes(details.get("dishes") or [SET_MEAL], int(details.get("quantity") or 1))
        for_whom = person(details.get("person"))
        key = "spoken.meal_for" if for_whom else "spoken.meal"
        return phrases().say(
            key,
            when=meal_time(start, details["meal"], now=now),
            dishes=what,
            diet=diet(details.get("diet") or []),
            delivery=phrases().say(f"spoken.{details.get('delivery') or 'delivery'}"),
            person=for_whom,
        )
    if kind == ServiceKind.HOME_CARE:
        carer = (row.get("carer") or {}).get("name") or details.get("carer")
        return phrases().say(
            "spoken.home_care_by" if carer else "spoken.home_care",
            when=phrasing.say_when(start, start, now=now),
            item=word_of(CareItem, details["care_item"]).label,
            carer=carer or "",
            person=person(details.get("person")),
        )
    if kind == ServiceKind.MEDICAL_APPOINTMENT:
        return phrases().say(
            "spoken.appointment_with_company" if details.get("accompaniment") else "spoken.appointment",
            when=phrasing.say_when(start, start, now=now),
            facility=details.get("facility") or "",
            department=word_of(Department, details["department"]).label,
            doctor=details.get("doctor") or "",
            person=person(details.get("person")),
        )
    carer = (row.get("carer") or {}).get("name") or details.get("carer") or ""
    return phrases().say(
        f"spoken.{details.get('mode') or 'visit'}",
        when=phrasing.say_when(start, start if details.get("carer_id") or carer else end, now=now),
        carer=carer,
    )


def matching(
    rows: Sequence[dict[str, Any]],
    heard: Understanding,
    *,
    now: datetime,
    last: str | None,
    text: str,
    when: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Return those of an elder's requests that a sentence speaks of; all where it names none.

    Args:
        rows: open requests.
        heard: what was understood of the sentence.
        now: the time of the turn.
        last: the id of the request last committed in this conversation (刚才那个).
        text: the sentence.
        when: the time by which the request is meant, where it is not the sentence's own.
    """
    slots = heard.slots
    if last is not None and answers.just_now(text):
        just = [row for row in rows if row["id"] == last]
        if just:
            return just
    found = list(rows)
    named = False
    criteria: tuple[tuple[Any, Any], ...] = (
        (_is_of_kind, answers.kind_named(text)),
        (_has_dish, slots.get("dish")),
        (_has("meal"), slots.get("meal")),
        (_has("care_item"), slots.get("care_item")),
        (_has("department"), slots.get("department")),
        (_has("doctor"), slots.get("doctor")),
        (_has("facility"), slots.get("facility")),
        (_has("mode"), slots.get("mode")),
    )
    for fits, value in criteria:
        if value:
            closer = [row for row in found if fits(row, value)]
            if closer or fits is not _has_dish:
                named = True
                found = closer
    asked = when if when is not None else slots.get("when")
    ordered = answers.ordered_on(text)
    if ordered is not None:
        found = made_on(found, ordered, now=now) or found
    elif asked is not None and "repeat" not in asked:
        start, end = times.window(asked)
        at = [row for row in found if _overlaps(row, start, end)]
        found = at if at or not named else [row for row in found if _same_day(row, start.date())]
    return found


def made_on(rows: Sequence[dict[str, Any]], days: int, *, now: datetime) -> list[dict[str, Any]]:
    """Return the requests that were made on a day, in days from today (-1 is yesterday)."""
    day = (now + timedelta(days=days)).date()
    return [
        row for row in rows if datetime.fromisoformat(row["created_at"]).astimezone(now.tzinfo).date() == day
    ]


def _has(name: str) -> Any:
    def fits(row: dict[str, Any], value: Any) -> bool:
        return bool(row["details"].get(name) == value)

    return fits


def _is_of_kind(row: dict[str, Any], kind: str) -> bool:
    return bool(row["kind"] == kind)


def _has_dish(row: dict[str, Any], names: list[str]) -> bool:
    return bool(set(names) & set(row["details"].get("dishes") or []))


def _overlaps(row: dict[str, Any], start: datetime, end: datetime) -> bool:
    begins, ends = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
    return (
        begins < max(end, start + timedelta(minutes=1)) and max(ends, begins + timedelta(minutes=1)) > start
    )


def _same_day(row: dict[str, Any], day: Date) -> bool:
    return datetime.fromisoformat(row["start"]).date() == day


def day(moment: datetime, *, now: datetime) -> str:
    """Return a day in words."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return phrasing.say_when(midnight, midnight + timedelta(days=1), now=now)
