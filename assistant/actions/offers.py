"""Proposing a concrete time: what is free nearest to what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from assistant.actions import times
from assistant.actions.client import BackendError
from assistant.actions.turn import Turn
from assistant.vocabulary import ServiceKind

SEARCH_DAYS = 7
"""How far ahead something else is looked for when nothing is free at the time asked."""
DAY_STARTS, DAY_ENDS = 8, 18
"""Between these hours carers come, where only a day was said."""


def asked_window(when: dict[str, Any], now: datetime) -> tuple[datetime, datetime]:
    """Return where to look: a day becomes its working hours, a point one hour; never the past."""
    start, end = times.window(when)
    if times.is_whole_day(when):
        end = min(end, start + timedelta(days=1)).replace(hour=0) - timedelta(hours=24 - DAY_ENDS)
        start = start.replace(hour=DAY_STARTS)
    elif start == end:
        end = start + timedelta(hours=1)
    if start < now:
        start = now.replace(second=0, microsecond=0)
    return start, max(end, start + timedelta(minutes=30))


def nearest(options: Sequence[dict[str, Any]], wished: datetime) -> list[dict[str, Any]]:
    """Return the options by nearness of their start to ``wished``."""
    return sorted(
        options, key=lambda option: (abs(datetime.fromisoformat(option["start"]) - wished), option["start"])
    )


async def without_own_clashes(turn: Turn, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the options at which she has nothing else; all where each is at such a time.

    She is not bathed at the hour at which somebody comes to sit with her, unless she asks for just that hour.
    """
    try:
        rows = await turn.backend.requests(elder_id=turn.elder_id, open="true", limit=50)
    except BackendError:
        return found
    taken = [
        (datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"]))
        for row in rows
        if row["kind"] != ServiceKind.MEAL
    ]
    free = [
        option
        for option in found
        if not any(
            begins < datetime.fromisoformat(option["end"]) and datetime.fromisoformat(option["start"]) < ends
            for begins, ends in taken
        )
    ]
    return free or found
