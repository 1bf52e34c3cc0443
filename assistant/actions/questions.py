"""Answering questions: what there is to eat, what day it is, what has been booked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assistant.actions import spoken, times
from assistant.actions.client import BackendError
from assistant.actions.turn import Turn
from assistant.nlu import remarks
from assistant.nlu.understanding import Understanding
from assistant.replies import phrasing
from assistant.vocabulary import Meal, ServiceKind, word_of

NAMED_DISHES = 5
"""Dishes named in one breath; more than that nobody remembers."""
NAMED_BOOKINGS = 6
"""Bookings named when all are asked for."""


def next_meal(now: datetime) -> tuple[datetime, Meal]:
    """Return the next meal whose hours have not begun: its day and which it is."""
    for meal, (first, _) in times.MEAL_HOURS.items():
        if now.hour < first:
            return now, word_of(Meal, meal)
    return now + timedelta(days=1), Meal.BREAKFAST


async def menu(turn: Turn, heard: Understanding) -> None:
    """Say what there is to eat at the meal asked about, or at the next one."""
    when = heard.slots.get("when") or turn.slots.get("when") or turn.unplaced_time()
    meal = heard.slots.get("meal") or turn.slots.get("meal")
    if when is None and meal is None and turn.talk.form is None and turn.talk.offer is not None:
        # 「明天中午有啥好吃的」, then 「红烧肉有没有」: the same meal is meant.
        when, meal = (turn.talk.offer["slots"].get(name) for name in ("when", "meal"))
    day, nearest = next_meal(turn.now)
    if when is not None:
        day, _ = times.window(when)
        meal = meal or times.meal_of(when) or (Meal.LUNCH if day.date() > turn.now.date() else nearest)
    elif meal is not None:
        day, _ = times.window({"start": (d := turn.now).isoformat(), "end": d.isoformat()})
        if times.MEAL_HOURS[meal][0] <= turn.now.hour:
            day += timedelta(days=1)
    meal = meal or nearest
    try:
        found = await turn.backend.menu(elder_id=turn.elder_id, day=day.date().isoformat(), meal=str(meal))
    except BackendError as error:
        turn.say("menu.none" if error.code == "no_menu" else "form.unreachable")
        return
    at = spoken.meal_time(day, str(meal), now=turn.now)
    left = [dish["name"] for dish in found["dishes"] if dish["left"] > 0]
    asked = heard.slots.get("dish") or []
    if asked:
        there = [name for name in asked if name in left]
        if there and turn.talk.form is None:
            _offer(turn, day, str(meal), there)
        if there:
            turn.say("menu.has", when=at, dishes=spoken.listed(there))
        else:
            turn.say(
                "menu.has_not",
                when=at,
                dishes=spoken.listed(asked),
                others=spoken.listed(left[:NAMED_DISHES]),
            )
    else:
        if turn.talk.form is None:
            _offer(turn, day, str(meal), [])
        turn.say(
            "menu.list",
            when=at,
            dishes=spoken.listed(left[:NAMED_DISHES]),
            count=phrasing.say_count(len(left), "样"),
        )


def _offer(turn: Turn, day: datetime, meal: str, dishes: list[str]) -> None:
    """Remember what was spoken of: 「那给我来一份」 need not name it again. A yes to a list is no order."""
    slots = {"when": times.slot_of(*times.meal_window(day, meal)), "meal": meal}
    turn.talk.offer = {
        "kind": ServiceKind.MEAL.value,
        "offered": bool(dishes),
        "slots": {**slots, **({"dish": dishes} if dishes else {})},
    }


def date_and_time(turn: Turn, heard: Understanding) -> None:
    """Say the date, the weekday, the lunar date, and the time where it was asked for."""
    when = heard.slots.get("when")
    if when is not None and "day" in heard.when_parts and "repeat" not in when:
        start, _ = times.window(when)
        days = (start.date() - turn.now.date()).days
        if days > 0 and remarks.asks_days_left(turn.text):
            turn.say(
                "datetime.days_left",
                date=spoken.date(start),
                lunar=spoken.lunar_date(start),
                count=phrasing.say_count(days, "天"),
            )
            return
        turn.say(
            "datetime.day",
            date=spoken.date(start),
            lunar=spoken.lunar_date(start),
        )
        return
    turn.say(
        "datetime.now",
        date=spoken.date(turn.now),
        lunar=spoken.lunar_date(turn.now),
        time=spoken.clock(turn.now),
    )


async def status(turn: Turn, heard: Understanding) -> None:
    """Say what is booked: all that is open, or what was asked about."""
    try:
        rows = await turn.backend.requests(elder_id=turn.elder_id, open="true", limit=50)
    except BackendError:
        turn.say("form.unreachable")
        return
    meant = spoken.matching(rows, heard, now=turn.now, last=turn.talk.last_request, text=turn.text)
    if not rows:
        turn.say("status.nothing")
    elif not meant:
        turn.say(
            "status.not_that", others=spoken.listed([spoken.request(row, now=turn.now) for row in rows[:3]])
        )
    elif len(meant) == 1:
        turn.say(f"status.{meant[0]['state']}", what=spoken.request(meant[0], now=turn.now))
    else:
        named = [spoken.request(row, now=turn.now) for row in meant[:NAMED_BOOKINGS]]
        turn.say("status.several", count=phrasing.say_count(len(meant), "样"), what="；".join(named))


def kind_asked(heard: Understanding) -> str | None:
    """Return the kind of service that a question or a cancellation speaks of."""
    slots: dict[str, Any] = heard.slots
    if slots.get("care_item"):
        return str(ServiceKind.HOME_CARE)
    if slots.get("department") or slots.get("doctor") or slots.get("facility"):
        return str(ServiceKind.MEDICAL_APPOINTMENT)
    if slots.get("dish") or slots.get("meal"):
        return str(ServiceKind.MEAL)
    return None
