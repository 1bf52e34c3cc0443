"""Proposing a concrete time: what is free nearest to what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from assistant.actions import times

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
