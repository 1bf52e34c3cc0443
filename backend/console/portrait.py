"""The portrait of an elder: everything that the town knows about her, on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.vocabulary import CheckInOutcome, ReadingKind, RequestState, ServiceKind
from backend.alarms import ladder
from backend.alarms.models import Alarm
from backend.checkins import service as checkins
from backend.checkins.models import CheckIn
from backend.clock import in_town, town_day
from backend.console import board, key_elders
from backend.elders import service as elders
from backend.elders.models import ElderReading
from backend.notifications.models import ReminderState
from backend.notifications.service import handovers, reminders
from backend.requests.models import Request

READINGS = 60
"""Measured values of a kind that the chart shows."""

WEEKS = 12
"""Weeks of check-ins that the chart shows."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """Measured values of one kind, oldest first."""

    kind: ReadingKind
    unit: str
    rows: Sequence[ElderReading]


def portrait(session: Session, elder_id: str, *, now: datetime) -> dict[str, Any]:
    """Return what the page shows.

    Raises:
        NotFound: ``unknown_elder``.
    """
    elder = elders.get_elder(session, elder_id)
    found = checkins.find(session, elder_id=elder_id, since=now - timedelta(weeks=WEEKS), limit=500)
    services = (
        board.request_columns()
        .where(Request.elder_id == elder_id)
        .order_by(Request.start.desc(), Request.id)
        .limit(20)
    )
    return {
        "elder": elder,
        "village": elder.village.name,
        "contacts": list(elder.contacts),
        "tags": elder.tags,
        "age": town_day(now).year - elder.birth_year if elder.birth_year else None,
        "reasons": key_elders.reasons(session, now=now, elder_id=elder_id).get(elder_id, []),
        "heard_at": board.last_heard_of(session, elder_id, now=now),
        "series": _series(session, elder_id),
        "services": board.request_lines(session.execute(services).all(), now=now),
        "counts": _counts(session, elder_id, now=now),
        "checkins": found[:15],
        "weeks": _weeks(found, now=now),
        "reminders": reminders.find(session, elder_id=elder_id, state=ReminderState.ACTIVE, limit=30),
        "handovers": handovers.find(session, elder_id=elder_id, limit=10),
        "alarms": board.alarm_lines(
            session, board.alarm_columns().where(Alarm.elder_id == elder_id), limit=10
        ),
        "ladder": ladder.described(session, elder_id),
    }


def _series(session: Session, elder_id: str) -> list[Series]:
    by_kind: dict[ReadingKind, list[ElderReading]] = {kind: [] for kind in ReadingKind}
    for row in elders.readings(session, elder_id=elder_id, limit=READINGS * len(ReadingKind)):
        if len(by_kind[row.kind]) < READINGS:
            by_kind[row.kind].append(row)
    return [Series(kind=kind, unit=rows[0].unit, rows=rows[::-1]) for kind, rows in by_kind.items() if rows]


def _counts(session: Session, elder_id: str, *, now: datetime) -> list[tuple[ServiceKind, int, int]]:
    """Return of each kind how many were completed and how many in all within the last 90 days."""
    query = select(Request.kind, Request.state, func.count(Request.id)).where(
        Request.elder_id == elder_id, Request.start >= now - timedelta(days=90)
    )
    done: Counter[ServiceKind] = Counter()
    every: Counter[ServiceKind] = Counter()
    for kind, state, count in session.execute(query.group_by(Request.kind, Request.state)):
        every[kind] += count
        if state is RequestState.COMPLETED:
            done[kind] += count
    return [(kind, done[kind], every[kind]) for kind in ServiceKind]


def _weeks(found: Sequence[CheckIn], *, now: datetime) -> list[tuple[str, int, int, int]]:
    """Return week by week: its Monday, and how often she was well, needed attention, did not answer."""
    today = town_day(now)
    monday = today - timedelta(days=today.weekday())
    counted: Counter[tuple[int, CheckInOutcome]] = Counter()
    for row in found:
        counted[((monday - in_town(row.at).date()).days + 6) // 7, row.outcome] += 1
    weeks = []
    for back in range(WEEKS - 1, -1, -1):
        day = monday - timedelta(weeks=back)
        weeks.append(
            (
                f"{day.month}/{day.day}",
                counted[back, CheckInOutcome.WELL],
                counted[back, CheckInOutcome.NEEDS_ATTENTION] + counted[back, CheckInOutcome.EMERGENCY],
                counted[back, CheckInOutcome.NO_ANSWER],
            )
        )
    return weeks
