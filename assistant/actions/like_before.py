"""「跟昨天一样」, 「给我老伴也订一份」, 「还是上回那个医生」: what an earlier request says is not asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assistant.actions import spoken, times
from assistant.actions.client import BackendError
from assistant.actions.turn import Turn
from assistant.nlu import answers
from assistant.nlu.understanding import Understanding
from assistant.vocabulary import SET_MEAL, RequestState, ServiceKind, Slot

LOOKED_AT = 50
"""Earlier requests looked through; an elder means one of the last few."""

KEPT: dict[str, tuple[str, ...]] = {
    ServiceKind.MEAL: ("dish", "quantity", "delivery", "diet", "address"),
    ServiceKind.HOME_CARE: ("care_item", "address"),
    ServiceKind.MEDICAL_APPOINTMENT: ("department", "doctor", "facility"),
    ServiceKind.COMPANIONSHIP: ("mode",),
}
"""kind → what another request like it takes over; when and for whom are new each time."""


def kept(kind: str, details: dict[str, Any]) -> dict[str, Any]:
    """Return the slots that another request like one with these details takes over."""
    found = {name: details.get("dishes" if name == "dish" else name) for name in KEPT.get(kind, ())}
    return {name: value for name, value in found.items() if value}


async def fill(turn: Turn, kind: str, heard: Understanding, *, text: str | None = None) -> None:
    """Fill slots that were not said from the request that is pointed at; do nothing where none is."""
    text = turn.text if text is None else text
    other = heard.slots.get("person") is not None or ("when" in heard.slots and turn.talk.last_request)
    too = bool("也" in text and other and not _names_something(heard))
    same_doctor = kind == ServiceKind.MEDICAL_APPOINTMENT and answers.same_doctor(text)
    if kind not in KEPT or not (too or same_doctor or answers.like_before(text)):
        return
    try:
        rows = await turn.backend.requests(elder_id=turn.elder_id, kind=kind, limit=LOOKED_AT)
    except BackendError:
        return  # it is asked for instead
    row = _meant(turn, rows, text)
    if row is None:
        return
    if SET_MEAL not in text and turn.slots.get("dish") == [SET_MEAL]:
        turn.slots.pop("dish")  # 「老样子」 is what she had then; where she had nothing, it is the set meal
    details = row["details"]
    for name in KEPT[kind]:
        value = details.get("dishes" if name == "dish" else name)
        if value and name not in turn.slots and not (too and name == Slot.QUANTITY):
            turn.slots[name] = value
    if too:
        _take_time(turn, row)
    else:
        _take_meal(turn, row)


def _names_something(heard: Understanding) -> bool:
    return bool({"dish", "care_item", "department", "doctor", "mode"} & heard.slots.keys())


def _meant(turn: Turn, rows: Sequence[dict[str, Any]], text: str) -> dict[str, Any] | None:
    """Return the request meant: the one just made in this conversation, else the latest that was made."""
    good = [row for row in rows if row["state"] not in (RequestState.REJECTED, RequestState.CANCELLED)]
    just = [row for row in good if row["id"] == turn.talk.last_request]
    if just:
        return just[0]
    day = answers.ordered_on(text)
    if day is not None:
        good = spoken.made_on(good, day, now=turn.now) or good
    return max(good, key=lambda row: str(row["created_at"]), default=None)


def _take_time(turn: Turn, row: dict[str, Any]) -> None:
    """For somebody else too: at the same time, unless another was said or it is over."""
    start, end = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
    meal = row["details"].get("meal")
    _take_meal(turn, row)
    if "when" in turn.slots or start <= turn.now:
        return
    turn.slots["when"] = times.slot_of(start.astimezone(turn.now.tzinfo), end.astimezone(turn.now.tzinfo))
    turn.talk.when_parts = ["clock", "day"]
    if meal and "meal" not in turn.slots:
        turn.slots["meal"] = meal


def _take_meal(turn: Turn, row: dict[str, Any]) -> None:
    """「后天也要一份」, 「后天还是老样子」: of the same meal, where only a day was said."""
    meal = row["details"].get("meal")
    if meal and "meal" not in turn.slots and "when" in turn.slots and times.is_whole_day(turn.slots["when"]):
        turn.slots["meal"] = meal
