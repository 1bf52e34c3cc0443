"""The reminders that an elder has set: which there are, which is meant, how one is said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assistant.actions.client import BackendError
from assistant.actions.turn import Turn
from assistant.replies import phrasing

MOST_NAMED = 5
"""Reminders named in one breath."""


async def active(turn: Turn) -> list[dict[str, Any]]:
    """Return the elder's reminders that are still to be given, each marked ``kind: reminder``.

    Raises:
        BackendError: the backend did not answer.
    """
    found = await turn.backend.reminders(turn.elder_id)
    return [{**row, "kind": "reminder"} for row in found["reminders"]]


async def tell(turn: Turn) -> None:
    """Say which reminders she has set."""
    try:
        rows = await active(turn)
    except BackendError:
        turn.say("form.unreachable")
        return
    if not rows:
        turn.say("reminder.none")
        return
    named = "；".join(said(row, turn.now) for row in rows[:MOST_NAMED])
    turn.say("reminder.list", count=phrasing.say_count(len(rows), "个"), what=named)


def meant(rows: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Return the reminders that the words speak of: those that share most characters with them."""
    shared = [len(set(row["text"]) & set(text)) for row in rows]
    most = max(shared, default=0)
    return [row for row, count in zip(rows, shared, strict=True) if count == most] if most else rows


def said(row: dict[str, Any], now: datetime) -> str:
    """Return a reminder as it is said: 每天晚上八点，吃降压药."""
    return f"{when_said(row, now)}，{row['text']}"


def when_said(row: dict[str, Any], now: datetime) -> str:
    """Return the time of a reminder as it is said."""
    if row["start"] is None:
        return phrasing.say_repeat(row["repeat"], (now, now), now=now)
    start = datetime.fromisoformat(row["start"])
    if row.get("repeat"):
        return phrasing.say_repeat(row["repeat"], (start, start), now=now)
    return phrasing.say_when(start, start, now=now)
