"""What the day's page shows: open alarms, who is silent, what waits, what is due and late, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from assistant.vocabulary import AlarmState, CheckInOutcome, RequestState, ServiceKind
from backend.alarms.models import Alarm
from backend.care.models import Carer
from backend.checkins.models import CheckIn
from backend.clock import TOWN_ZONE, town_day
from backend.elders.models import Elder, ElderTag, Village
from backend.notifications.models import Handover, HandoverState
from backend.requests.models import Request, RequestHistory
from backend.turns.models import Turn

SILENT_FOR = timedelta(hours=24)
"""After how long without a word somebody counts as not heard from."""

LOOKED_BACK = timedelta(days=60)
"""How far back check-ins are looked at for the last time somebody was heard from."""

LATE_AFTER = timedelta(minutes=15)
"""How long after its beginning an assigned visit that nobody began counts as late."""

ROWS = 30
"""How many lines of a kind the day's page shows; the rest is counted."""

_NEEDS_SOMEBODY = (ServiceKind.HOME_CARE, ServiceKind.COMPANIONSHIP)
_FIRST = ("独居", "高龄", "失能")


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """A request in a list."""

    id: str
    elder_id: str
    elder: str
    village: str
    kind: ServiceKind
    state: RequestState
    start: datetime
    end: datetime
    summary: str
    carer: str | None
    created_at: datetime
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class AlarmLine:
    """An alarm in a list; ``elder`` is None where the book knows nobody of that id."""

    id: str
    elder_id: str
    elder: str | None
    village: str | None
    phone: str | None
    category: str
    words: str
    state: AlarmState
    raised_at: datetime


@dataclass(frozen=True, kw_only=True)
class Silent:
    """An elder who has not been heard from."""

    id: str
    name: str
    called: str
    village: str
    phone: str
    heard_at: datetime | None
    tags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that happened to a request."""

    request_id: str
    elder: str
    summary: str
    kind: ServiceKind
    state: RequestState
    at: datetime


def request_lines(rows: Sequence[Row[Any]], *, now: datetime) -> list[RequestLine]:
    """Return lines of the rows of :func:`request_columns`."""
    return [
        RequestLine(
            **row._asdict(),
            late=row.state is RequestState.ASSIGNED and row.start + LATE_AFTER < now,
        )
        for row in rows
    ]


def request_columns() -> Select[Any]:
    """Return the select of what a line of a request needs, and no more."""
    return (
        select(
            Request.id,
            Request.elder_id,
            Elder.name.label("elder"),
            Village.name.label("village"),
            Request.kind,
            Request.state,
            Request.start,
            Request.end,
            Request.summary,
            Carer.name.label("carer"),
            Request.created_at,
        )
        .join(Elder, Elder.id == Request.elder_id)
        .join(Village, Village.id == Elder.village_id)
        .outerjoin(Carer, Carer.id == Request.carer_id)
    )


def waiting(session: Session, *, now: datetime, limit: int = ROWS) -> tuple[list[RequestLine], int]:
    """Return the requests that wait to be accepted or assigned, soonest first, and their number."""
    waits = or_(
        Request.state == RequestState.SUBMITTED,
        Request.state == RequestState.MISSED,
        and_(Request.state == RequestState.ACCEPTED, Request.kind.in_(_NEEDS_SOMEBODY)),
    )
    open_states = (RequestState.SUBMITTED, RequestState.MISSED, RequestState.ACCEPTED)
    return _soonest(session, and_(Request.state.in_(open_states), waits), now=now, limit=limit)


def due(session: Session, *, now: datetime, limit: int = ROWS) -> list[RequestLine]:
    """Return the visits of today that somebody is sent to or is at, and older ones that nobody began."""
    day_end = datetime.combine(town_day(now) + timedelta(days=1), datetime.min.time(), TOWN_ZONE)
    sent = Request.state.in_((RequestState.ASSIGNED, RequestState.IN_PROGRESS))
    lines, _ = _soonest(session, and_(sent, Request.start < day_end), now=now, limit=limit)
    return sorted(lines, key=lambda line: (not line.late, line.start))


def _soonest(
    session: Session, where: ColumnElement[bool], *, now: datetime, limit: int
) -> tuple[list[RequestLine], int]:
    # What is open is little, whatever has piled up: it is found by its state, and only then put in order.
    # Asked for the first in order, a database goes through years of what is over.
    standing = session.execute(select(Request.id, Request.start).where(where))
    found = sorted((row.start, row.id) for row in standing)
    ids = [request_id for _, request_id in found[:limit]]
    rows = session.execute(request_columns().where(Request.id.in_(ids))).all()
    return sorted(request_lines(rows, now=now), key=lambda line: (line.start, line.id)), len(found)


def open_alarms(session: Session) -> list[AlarmLine]:
    """Return the alarms that somebody has to look after: those that nobody took on first."""
    states = (AlarmState.RAISED, AlarmState.ACKNOWLEDGED)
    lines = alarm_lines(session, alarm_columns().where(Alarm.state.in_(states)), limit=100)
    return sorted(lines, key=lambda line: (line.state is not AlarmState.RAISED, line.raised_at))


def alarm_columns() -> Select[Any]:
    """Return the select of what a line of an alarm needs."""
    return (
        select(
            Alarm.id,
            Alarm.elder_id,
            Elder.name.label("elder"),
            Village.name.label("village"),
            Elder.phone.label("phone"),
            Alarm.category,
            Alarm.words,
            Alarm.state,
            Alarm.raised_at,
        )
        .outerjoin(Elder, Elder.id == Alarm.elder_id)
        .outerjoin(Village, Village.id == Elder.village_id)
    )


def alarm_lines(session: Session, query: Select[Any], *, limit: int) -> list[AlarmLine]:
    """Return lines of alarms, newest first."""
    rows = session.execute(query.order_by(Alarm.raised_at.desc(), Alarm.id).limit(limit)).all()
    return [AlarmLine(**row._asdict()) for row in rows]


def callbacks(session: Session, *, limit: int = ROWS) -> list[tuple[Handover, str, str]]:
    """Return who waits for a call back, longest first, with name and telephone."""
    query = (
        select(Handover, Elder.name, Elder.phone)
        .join(Elder, Elder.id == Handover.elder_id)
        .where(Handover.state == HandoverState.OPEN)
        .order_by(Handover.asked_at)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def unfollowed(session: Session, *, now: datetime, limit: int = ROWS) -> list[tuple[CheckIn, str]]:
    """Return the check-ins of the last days that found something and were not followed up, with names."""
    query = (
        select(CheckIn, Elder.name)
        .join(Elder, Elder.id == CheckIn.elder_id)
        .where(
            CheckIn.outcome.in_(
                (CheckInOutcome.NEEDS_ATTENTION, CheckInOutcome.NO_ANSWER, CheckInOutcome.EMERGENCY)
            ),
            CheckIn.at >= now - timedelta(days=3),
            CheckIn.followed_up_at.is_(None),
        )
        .order_by(CheckIn.at.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def silent(session: Session, *, now: datetime, limit: int = 12) -> tuple[list[Silent], int]:
    """Return who has not been heard from for a day, those in need first, and how many there are."""
    found: list[Silent] = []
    elders = session.execute(
        select(Elder.id, Elder.name, Elder.called, Village.name.label("village"), Elder.phone).join(
            Village, Village.id == Elder.village_id
        )
    ).all()
    heard = last_heard(session, since=now - LOOKED_BACK)
    tags: dict[str, list[str]] = {}
    for elder_id, tag in session.execute(
        select(ElderTag.elder_id, ElderTag.tag).where(ElderTag.tag.in_(_FIRST))
    ):
        tags.setdefault(elder_id, []).append(tag)
    for row in elders:
        at = heard.get(row.id)
        if at is None or at < now - SILENT_FOR:
            found.append(Silent(**row._asdict(), heard_at=at, tags=tuple(tags.get(row.id, ()))))
    long_ago = now - timedelta(days=36500)
    found.sort(key=lambda one: (-len(one.tags), one.heard_at or long_ago, one.id))
    return found[:limit], len(found)


def last_heard(session: Session, *, since: datetime) -> dict[str, datetime]:
    """Return elder id → when she last spoke, or was found at a check-in at or after ``since``."""
    last_turn = select(func.max(Turn.id)).where(Turn.elder_id == Elder.id).correlate(Elder).scalar_subquery()
    spoke = select(Elder.id.label("elder_id"), last_turn.label("turn_id")).subquery()
    heard: dict[str, datetime] = {
        row.elder_id: row.received_at
        for row in session.execute(
            select(spoke.c.elder_id, Turn.received_at).join(Turn, Turn.id == spoke.c.turn_id)
        )
    }
    answered = select(CheckIn.elder_id, func.max(CheckIn.at).label("at")).where(
        CheckIn.outcome != CheckInOutcome.NO_ANSWER, CheckIn.at >= since
    )
    for row in session.execute(answered.group_by(CheckIn.elder_id)):
        heard[row.elder_id] = max(row.at, heard.get(row.elder_id, row.at))
    return heard


def changes(session: Session, *, since: datetime | None, limit: int = ROWS) -> list[Change]:
    """Return what happened to requests since somebody last looked, newest first."""
    query = (
        select(
            Request.id.label("request_id"),
            Elder.name.label("elder"),
            Request.summary,
            Request.kind,
            RequestHistory.state,
            RequestHistory.at,
        )
        .join(Request, Request.id == RequestHistory.request_id)
        .join(Elder, Elder.id == Request.elder_id)
        .order_by(RequestHistory.id.desc())
        .limit(limit)
    )
    found = [Change(**row._asdict()) for row in session.execute(query)]
    return [change for change in found if since is None or change.at > since]


def last_heard_of(session: Session, elder_id: str, *, now: datetime) -> datetime | None:
    """Return when one elder last spoke or was found, or None."""
    spoke = session.scalar(
        select(Turn.received_at).where(Turn.elder_id == elder_id).order_by(Turn.id.desc()).limit(1)
    )
    found = session.scalar(
        select(func.max(CheckIn.at)).where(
            CheckIn.elder_id == elder_id,
            CheckIn.outcome != CheckInOutcome.NO_ANSWER,
            CheckIn.at >= now - LOOKED_BACK,
        )
    )
    return max((at for at in (spoke, found) if at is not None), default=None)
