"""The log of requests and of turns: any combination of filters, newest first, page by page without counting.

A page is found by what the log's indexes hold; only its own rows are then fetched whole. The next page begins
after the last row of this one (keyset), so that page 1000 costs as much as page 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from assistant.vocabulary import Intent, RequestState, ServiceKind, Word
from backend.clock import TOWN_ZONE
from backend.console.board import RequestLine, request_columns, request_lines
from backend.elders.models import Elder, ElderTag, Village
from backend.requests.models import Request
from backend.turns.models import Turn, TurnState

PAGE = 50
"""Rows of a page."""

UNSURE = 0.6
"""Below this a turn counts as not surely understood; the dialogue asks again below it."""

TURNS_BACK = timedelta(days=31)
"""How far back words are looked for among everybody's turns where no day is given."""


@dataclass(frozen=True, kw_only=True)
class RequestFilter:
    """What the log of requests is filtered by; empty means everything.

    Attributes:
        kinds: service kinds.
        states: states.
        village: a village's id.
        tags: tags of the elder, all of them.
        carer: a carer's id.
        elder: an elder's id.
        text: words in the summary, in what was said, or in the elder's name.
        since: the first day, of the service or of the asking.
        until: the last day.
        by_service: the days are those of the service, not of the asking.
        less_sure: less surely understood than this.
    """

    kinds: tuple[ServiceKind, ...] = ()
    states: tuple[RequestState, ...] = ()
    village: str = ""
    tags: tuple[str, ...] = ()
    carer: str = ""
    elder: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    by_service: bool = False
    less_sure: float | None = None


@dataclass(frozen=True, kw_only=True)
class TurnFilter:
    """What the log of turns is filtered by."""

    elder: str = ""
    village: str = ""
    text: str = ""
    intent: Intent | None = None
    since: date | None = None
    until: date | None = None
    unsure: bool = False
    failed: bool = False


@dataclass(frozen=True, kw_only=True)
class TurnLine:
    """A turn in a list."""

    id: int
    elder_id: str
    elder: str | None
    channel: str
    text: str
    received_at: datetime
    state: TurnState
    intent: str | None
    confidence: float | None
    result: Mapping[str, Any] | None
    finding: Mapping[str, Any] | None
    latency_ms: int | None
    note: str | None


def find_requests(
    session: Session, wanted: RequestFilter, *, after: str = "", limit: int = PAGE, now: datetime
) -> tuple[list[RequestLine], str]:
    """Return a page of the log of requests, and the mark after which the next begins ("" on the last).

    Args:
        session: a session, limited to what its owner may see.
        wanted: the filter.
        after: the mark of the page before.
        limit: rows of a page.
        now: the instant, aware.
    """
    query: Select[Any] = select(Request.id, Request.created_at).where(*_request_conditions(wanted))
    mark = _parse_mark(after)
    if mark is not None:
        # The plain bound lets the index begin there.
        at, row_id = mark
        query = query.where(Request.created_at <= at, or_(Request.created_at < at, Request.id < row_id))
    order = (Request.created_at.desc(), Request.id.desc())
    found = session.execute(query.order_by(*order).limit(limit + 1)).all()
    ids = [row.id for row in found[:limit]]
    rows = session.execute(request_columns().where(Request.id.in_(ids)).order_by(*order)).all()
    more = f"{found[limit - 1].created_at.isoformat()}~{ids[-1]}" if len(found) > limit else ""
    return request_lines(rows, now=now), more


def find_turns(
    session: Session, wanted: TurnFilter, *, before: int | None = None, limit: int = PAGE, now: datetime
) -> tuple[list[TurnLine], int | None]:
    """Return a page of the log of turns, and the id before which the next begins (None on the last)."""
    query: Select[Any] = select(Turn.id).where(*_turn_conditions(wanted, now=now))
    if before is not None:
        query = query.where(Turn.id < before)
    ids = list(session.scalars(query.order_by(Turn.id.desc()).limit(limit + 1)))
    columns = select(
        Turn.id, Turn.elder_id, Elder.name.label("elder"), Turn.channel, Turn.text, Turn.received_at,
        Turn.state, Turn.intent, Turn.confidence, Turn.result, Turn.finding, Turn.latency_ms, Turn.note,
    ).outerjoin(Elder, Elder.id == Turn.elder_id)  # fmt: skip
    rows = session.execute(columns.where(Turn.id.in_(ids[:limit])).order_by(Turn.id.desc()))
    lines = [TurnLine(**row._asdict()) for row in rows]
    return lines, ids[limit - 1] if len(ids) > limit else None


def _request_conditions(wanted: RequestFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kinds:
        found.append(Request.kind.in_(wanted.kinds))
    if wanted.states:
        found.append(Request.state.in_(wanted.states))
    if wanted.elder:
        found.append(Request.elder_id == wanted.elder)
    if wanted.carer:
        found.append(Request.carer_id == wanted.carer)
    if wanted.less_sure is not None:
        found.append(Request.confidence < wanted.less_sure)
    elders = _elders_of(wanted.village, wanted.tags)
    if elders is not None:
        found.append(Request.elder_id.in_(elders))
    if wanted.by_service:
        found += _days(Request.start, wanted.since, wanted.until)
    else:
        found += _days(Request.created_at, wanted.since, wanted.until)
    if wanted.text:
        named = select(Elder.id).where(Elder.name.contains(wanted.text, autoescape=True))
        found.append(
            or_(
                Request.summary.contains(wanted.text, autoescape=True),
                Request.said.contains(wanted.text, autoescape=True),
                Request.elder_id.in_(named),
            )
        )
    return found


def _turn_conditions(wanted: TurnFilter, *, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.elder:
        found.append(Turn.elder_id == wanted.elder)
    elders = _elders_of(wanted.village, ())
    if elders is not None:
        found.append(Turn.elder_id.in_(elders))
    if wanted.intent is not None:
        found.append(Turn.intent == str(wanted.intent))
    if wanted.unsure:
        found.append(Turn.confidence < UNSURE)
    if wanted.failed:
        found.append(Turn.state == TurnState.FAILED)
    since = wanted.since
    if wanted.text:
        found.append(Turn.text.contains(wanted.text, autoescape=True))
        if since is None and not wanted.elder:
            since = (wanted_until(wanted, now) - TURNS_BACK).date()
    if since is not None:
        # Ids are in the order of arrival: from the first of that day on, the log is a range of them.
        turns = Turn.__table__
        first = (
            select(turns.c.id)
            .where(turns.c.received_at >= _begin(since))
            .order_by(turns.c.received_at)
            .limit(1)
        )
        found.append(Turn.id >= first.scalar_subquery())
    return found + _days(Turn.received_at, since, wanted.until)


def wanted_until(wanted: TurnFilter, now: datetime) -> datetime:
    """Return the end of what is looked through."""
    return _begin(wanted.until) + timedelta(days=1) if wanted.until else now


def _elders_of(village: str, tags: tuple[str, ...]) -> Select[Any] | None:
    if not village and not tags:
        return None
    query: Select[Any] = select(Elder.id)
    if village:
        query = query.where(Elder.village_id == village)
    for tag in tags:
        query = query.where(
            exists(select(ElderTag.tag).where(ElderTag.elder_id == Elder.id, ElderTag.tag == tag))
        )
    return query


def _days(column: Any, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if since is not None:
        found.append(column >= _begin(since))
    if until is not None:
        found.append(column < _begin(until) + timedelta(days=1))
    return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), TOWN_ZONE)


def _parse_mark(mark: str) -> tuple[datetime, str] | None:
    at, _, row_id = mark.partition("~")
    try:
        return datetime.fromisoformat(at), row_id[:64]
    except ValueError:
        return None


def villages(session: Session) -> list[Village]:
    """Return the villages that can be filtered by."""
    return list(session.scalars(select(Village).order_by(Village.id)))


def tags(session: Session) -> list[str]:
    """Return the tags in use, sorted."""
    return list(session.scalars(select(ElderTag.tag).distinct().order_by(ElderTag.tag)))


def word_list(kind: type[Word], values: list[str]) -> list[Any]:
    """Return the words among some identifiers; what is none is left out."""
    return [word for word in kind if word.value in values]


def day_of(text: str) -> date | None:
    """Return the day that a form gave, or None."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def share_of(text: str) -> float | None:
    """Return the share (0 to 1) that a form gave, or None."""
    try:
        share = float(text)
    except ValueError:
        return None
    return share if 0 < share <= 1 else None


def elder_name(session: Session, elder_id: str) -> str:
    """Return an elder's name, "" where nobody of that id is to be seen."""
    return session.scalar(select(Elder.name).where(Elder.id == elder_id)) or "" if elder_id else ""
