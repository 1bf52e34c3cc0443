"""The figures of the statistics page: week by week and village by village, each counted in the database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Integer, case, cast, func, select
from sqlalchemy.orm import Session

from assistant.vocabulary import FALLBACK_INTENT, RequestState, ServiceKind
from backend.clock import TOWN_ZONE, town_day
from backend.console.request_log import UNSURE
from backend.elders.models import Elder, Village
from backend.requests.models import Request, RequestHistory
from backend.turns.models import Turn

WEEKS = 12
"""Weeks that the page shows."""


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """How well was understood what was said, in a week or a village; shares from 0 to 1."""

    name: str
    since: date
    until: date
    village: str
    turns: int
    sure: float | None
    unsure: float | None
    fallback: float | None
    repaired: float | None


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What was asked for in a week, by kind, and what came of it."""

    since: date
    until: date
    kinds: tuple[int, ...]
    completed: int
    cancelled: int
    missed: int
    every: int
    minutes: float | None


def weeks(now: datetime) -> list[tuple[date, date]]:
    """Return the first and last day of the last weeks, oldest first; this week last."""
    today = town_day(now)
    monday = today - timedelta(days=today.weekday())
    begins = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return [(begin, begin + timedelta(days=6)) for begin in begins]


def understanding_by_week(session: Session, *, now: datetime) -> list[Understanding]:
    """Return how well each week's turns were understood."""
    found = []
    for since, until in weeks(now):
        row = session.execute(select(*_columns()).where(*_within(Turn.received_at, since, until))).one()
        found.append(_understanding(f"{since.month}/{since.day}", since, until, "", row))
    return found


def understanding_by_village(session: Session, *, now: datetime) -> list[Understanding]:
    """Return how well each village's turns of these weeks were understood, the worst first."""
    span = weeks(now)
    since, until = span[0][0], span[-1][1]
    query = (
        select(Village.id, Village.name, *_columns())
        .join(Elder, Elder.id == Turn.elder_id)
        .join(Village, Village.id == Elder.village_id)
        .where(*_within(Turn.received_at, since, until))
        .group_by(Village.id, Village.name)
    )
    found = [
        _understanding(row.name, since, until, row.id, row) for row in session.execute(query) if row.turns
    ]
    return sorted(found, key=lambda one: (one.sure or 0.0, one.name))


def demand_by_week(session: Session, *, now: datetime) -> list[Demand]:
    """Return what each week was asked for and what came of it."""
    found = []
    for since, until in weeks(now):
        query = select(Request.kind, Request.state, func.count(Request.id)).where(
            *_within(Request.created_at, since, until)
        )
        counts = session.execute(query.group_by(Request.kind, Request.state)).all()

        by_kind: Counter[ServiceKind] = Counter()
        by_state: Counter[RequestState] = Counter()
        for kind, state, count in counts:
            by_kind[kind] += count
            by_state[state] += count
        found.append(
            Demand(
                since=since,
                until=until,
                kinds=tuple(by_kind[kind] for kind in ServiceKind),
                completed=by_state[RequestState.COMPLETED],
                cancelled=by_state[RequestState.CANCELLED],
                missed=_missed(session, since, until),
                every=by_kind.total(),
                minutes=_response(session, since, until),
            )
        )
    return found


def _response(session: Session, since: date, until: date) -> float | None:
    """Return the median of how many minutes passed until somebody was sent to what a week asked for."""
    first = (
        select(RequestHistory.request_id, func.min(RequestHistory.at).label("at"))
        .join(Request, Request.id == RequestHistory.request_id)
        .where(RequestHistory.state == RequestState.ASSIGNED, *_within(Request.created_at, since, until))
        .group_by(RequestHistory.request_id)
        .subquery()
    )
    query = select(Request.created_at, first.c.at).join(first, first.c.request_id == Request.id)
    passed = sorted((at - created).total_seconds() / 60 for created, at in session.execute(query))
    return passed[len(passed) // 2] if passed else None


def _missed(session: Session, since: date, until: date) -> int:
    query = (
        select(func.count(func.distinct(RequestHistory.request_id)))
        .join(Request, Request.id == RequestHistory.request_id)
        .where(RequestHistory.state == RequestState.MISSED, *_within(Request.created_at, since, until))
    )
    return session.scalar(query) or 0


def _columns() -> tuple[Any, ...]:
    def share(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    return (
        func.count(Turn.intent).label("turns"),
        func.avg(Turn.confidence).label("sure"),
        share(Turn.confidence < UNSURE).label("unsure"),
        share(Turn.intent == FALLBACK_INTENT).label("fallback"),
        func.coalesce(func.sum(cast(Turn.repaired, Integer)), 0).label("repaired"),
    )


def _understanding(name: str, since: date, until: date, village: str, row: Any) -> Understanding:
    return Understanding(
        name=name,
        since=since,
        until=until,
        village=village,
        turns=row.turns,
        sure=float(row.sure) if row.sure is not None else None,
        unsure=row.unsure / row.turns if row.turns else None,
        fallback=row.fallback / row.turns if row.turns else None,
        repaired=row.repaired / row.turns if row.turns else None,
    )


def _within(column: Any, since: date, until: date) -> tuple[Any, Any]:
    begin = datetime.combine(since, time(), TOWN_ZONE)
    return column >= begin, column < datetime.combine(until, time(), TOWN_ZONE) + timedelta(days=1)
