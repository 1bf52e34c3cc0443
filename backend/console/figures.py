"""The figures of the statistics page: week by week and village by village, each counted in the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Integer, case, cast, func, select
from sqlalchemy.orm import Session

from assistant.vocabulary import FALLBACK_INTENT, RequestState, ServiceKind
from backend.clock import TOWN_ZONE, town_day
from backend.console.request_log import UNSURE
from backend.elders.models import Elder, Village
from backend.ratings.models import Rating
from backend.ratings.service import BAD
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
    span = weeks(now)
    week = _week_of(Turn.received_at, span)
    query = select(week.label("week"), *_columns()).where(*_within(Turn.received_at, *_whole(span)))
    rows = {row.week: row for row in session.execute(query.group_by(week))}
    return [
        _understanding(f"{since.month}/{since.day}", since, until, "", rows.get(number))
        for number, (since, until) in enumerate(span)
    ]


def understanding_by_village(session: Session, *, now: datetime) -> list[Understanding]:
    """Return how well each village's turns of these weeks were understood, the worst first."""
    span = weeks(now)
    since, until = _whole(span)
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
    span = weeks(now)
    week = _week_of(Request.created_at, span)
    asked = select(week.label("week"), Request.kind, Request.state, func.count(Request.id)).where(
        *_within(Request.created_at, *_whole(span))
    )
    kinds: Counter[tuple[int, ServiceKind]] = Counter()
    states: Counter[tuple[int, RequestState]] = Counter()
    for number, kind, state, count in session.execute(asked.group_by(week, Request.kind, Request.state)):
        kinds[number, kind] += count
        states[number, state] += count
    sent, missed = (
        _first_times(session, span, RequestState.ASSIGNED),
        _first_times(session, span, RequestState.MISSED),
    )
    return [
        Demand(
            since=since,
            until=until,
            kinds=tuple(kinds[number, kind] for kind in ServiceKind),
            completed=states[number, RequestState.COMPLETED],
            cancelled=states[number, RequestState.CANCELLED],
            missed=len(missed[number]),
            every=sum(kinds[number, kind] for kind in ServiceKind),
            minutes=median(sent[number]) if sent[number] else None,
        )
        for number, (since, until) in enumerate(span)
    ]


@dataclass(frozen=True, kw_only=True)
class Liked:
    """How the services of a kind were found in these weeks; ``bad`` are those of one or two stars."""

    kind: ServiceKind
    count: int
    stars: float | None
    bad: int


def ratings_by_kind(session: Session, *, now: datetime) -> list[Liked]:
    """Return how each kind of service was found."""
    since, until = _whole(weeks(now))
    bad = func.coalesce(func.sum(case((Rating.stars <= BAD, 1), else_=0)), 0)
    query = (
        select(
            Request.kind,
            func.count(Rating.request_id).label("number"),
            func.avg(Rating.stars).label("stars"),
            bad.label("bad"),
        )
        .join(Request, Request.id == Rating.request_id)
        .where(*_within(Rating.at, since, until))
        .group_by(Request.kind)
    )
    rows = {row.kind: row for row in session.execute(query)}
    return [
        Liked(
            kind=kind,
            count=rows[kind].number if kind in rows else 0,
            stars=float(rows[kind].stars) if kind in rows else None,
            bad=rows[kind].bad if kind in rows else 0,
        )
        for kind in ServiceKind
    ]


def not_liked(session: Session, *, now: datetime, limit: int = 10) -> list[Any]:
    """Return the latest services that were not liked: request, elder, summary, stars and her words."""
    since, until = _whole(weeks(now))
    query = (
        select(
            Rating.request_id,
            Rating.stars,
            Rating.said,
            Rating.at,
            Elder.name,
            Request.kind,
            Request.summary,
        )
        .join(Request, Request.id == Rating.request_id)
        .join(Elder, Elder.id == Rating.elder_id)
        .where(Rating.stars <= BAD, *_within(Rating.at, since, until))
        .order_by(Rating.at.desc(), Rating.request_id)
        .limit(limit)
    )
    return list(session.execute(query))


def _first_times(
    session: Session, span: Sequence[tuple[date, date]], state: RequestState
) -> dict[int, list[float]]:
    """Return week → of each request that came to a state, how many minutes after it was asked for."""
    week = _week_of(Request.created_at, span)
    query = (
        select(week.label("week"), Request.created_at, func.min(RequestHistory.at).label("at"))
        .join(RequestHistory, RequestHistory.request_id == Request.id)
        .where(RequestHistory.state == state, *_within(Request.created_at, *_whole(span)))
        .group_by(Request.id, week, Request.created_at)
    )
    found: dict[int, list[float]] = defaultdict(list)
    for number, created, at in session.execute(query):
        found[number].append((at - created).total_seconds() / 60)
    return found


def _week_of(column: Any, span: Sequence[tuple[date, date]]) -> Any:
    """Return the number of the week in which an instant lies, as SQL: one query counts all weeks."""
    begins = [(number, _begin(since)) for number, (since, _) in enumerate(span)]
    return case(*((column >= begin, number) for number, begin in reversed(begins)), else_=-1)


def _whole(span: Sequence[tuple[date, date]]) -> tuple[date, date]:
    return span[0][0], span[-1][1]


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), TOWN_ZONE)


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
    turns = row.turns if row is not None else 0
    return Understanding(
        name=name,
        since=since,
        until=until,
        village=village,
        turns=turns,
        sure=float(row.sure) if turns and row.sure is not None else None,
        unsure=row.unsure / turns if turns else None,
        fallback=row.fallback / turns if turns else None,
        repaired=row.repaired / turns if turns else None,
    )


def _within(column: Any, since: date, until: date) -> tuple[Any, Any]:
    return column >= _begin(since), column < _begin(until) + timedelta(days=1)
