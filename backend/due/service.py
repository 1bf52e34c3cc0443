"""What the due room does: it schedules each thing once, hands rows to workers, and ends each row visibly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.due.models import OPEN, Due, DueState, Outcome, WorkerBeat
from backend.failpoints import reach

LEASE = timedelta(seconds=60)
"""How long a worker holds a row; a row takes milliseconds, a delivery at most its time-out."""

CLOCK_SLACK = timedelta(seconds=5)
"""Differences between clocks of several machines that mean nothing."""

MOST_ATTEMPTS = 8
"""After this many attempts a row has failed for good, and somebody is told; urgent rows never give up."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
LONGEST_URGENT_PAUSE = timedelta(seconds=30)
"""Back-off between two attempts."""

ALIVE_WITHIN = timedelta(seconds=45)
"""A worker that has not gone round for so long stands still; it beats every ten seconds."""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A row in a worker's hand; ``token`` proves that it still is."""

    id: int
    key: str
    kind: str
    subject_id: str
    due_at: datetime
    urgent: bool
    attempts: int
    payload: Mapping[str, Any]
    token: str


@dataclass(frozen=True, kw_only=True)
class Engine:
    """How the engine is: whether workers go round, and what waits past its time."""

    running: bool
    last_beat: datetime | None
    late: int
    latest_by_s: int
    failed: int


def schedule(
    session: Session,
    *,
    key: str,
    kind: str,
    subject_id: str,
    due_at: datetime,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
    urgent: bool = False,
) -> bool:
    """Write that something is due, in the transaction of its cause; return False where the key was there.

    Args:
        session: a write session.
        key: what makes it one and the same thing, however often its cause is run.
        kind: which handler sees to it.
        subject_id: id of the alarm, reminder, request … it is about.
        due_at: when, aware.
        now: the present.
        payload: JSON-ready particulars.
        urgent: see :class:`Due`.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = session.execute(
        dialect.insert(Due)
        .values(
            key=key[:200], kind=kind, subject_id=subject_id, due_at=due_at, made_at=now, urgent=urgent,
            state=DueState.PENDING, attempts=0, payload=dict(payload or {}), last_error="",
        )
        .on_conflict_do_nothing(index_elements=[Due.key])
        .returning(Due.id)
    ).scalar_one_or_none()  # fmt: skip
    reach(session, "due.scheduled")
    return made is not None


def withdraw(
    session: Session, subject_id: str, *, kinds: Collection[str] | None = None, now: datetime
) -> int:
    """End what is pending about a subject because it is no longer needed; return how many rows."""
    query = update(Due).where(Due.subject_id == subject_id, Due.state == DueState.PENDING)
    if kinds is not None:
        query = query.where(Due.kind.in_(kinds))
    ended = session.execute(
        query.values(state=DueState.WITHDRAWN, outcome=Outcome.NOT_NEEDED, ended_at=now)
        .returning(Due.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def claim(
    session: Session, *, kinds: Collection[str], worker: str, now: datetime, limit: int
) -> list[Claimed]:
    """Take due rows in hand, the longest due first; no two workers get the same one.

    A row whose worker did not end it within its lease is handed out again; a lease further ahead than any can
    be was given before the clock was put back, and is over, too.
    """
    put_back = and_(Due.urgent, Due.made_at > now + CLOCK_SLACK)
    lost = or_(Due.lease_until <= now, Due.lease_until > now + LEASE + CLOCK_SLACK)
    ready = (
        select(Due.id)
        .where(OPEN, Due.kind.in_(kinds))
        .where(
            or_(
                and_(Due.state == DueState.PENDING, or_(Due.due_at <= now, put_back)),
                and_(Due.state == DueState.CLAIMED, lost),
            )
        )
        .order_by(Due.due_at, Due.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite has one writer, and no such words
        .cte("ready")
    )
    taken = session.execute(
        update(Due)
        .where(Due.id.in_(select(ready.c.id)))
        .values(state=DueState.CLAIMED, claimed_by=worker, lease_until=now + LEASE, attempts=Due.attempts + 1)
        .returning(
            Due.id, Due.key, Due.kind, Due.subject_id, Due.due_at, Due.urgent, Due.attempts, Due.payload
        )
        .execution_options(synchronize_session=False)
    ).all()
    reach(session, "worker.in_claim")
    rows = [Claimed(**row._mapping, token=worker) for row in taken]
    return sorted(rows, key=lambda row: (row.due_at, row.id))


def end(session: Session, row: Claimed, *, outcome: Outcome, now: datetime) -> bool:
    """End a row, in the transaction of its effects; False where it is in other hands by now.

    Call it before the effects: it locks the row, and what another worker has done meanwhile is then seen.
    """
    return _leave(session, row, state=DueState.DONE, outcome=outcome, ended_at=now)


def note(session: Session, row: Claimed, outcome: Outcome) -> None:
    """Write what came of a row that was just ended in this transaction."""
    session.execute(
        update(Due)
        .where(Due.id == row.id)
        .values(outcome=outcome)
        .execution_options(synchronize_session=False)
    )


def put_off(session: Session, row: Claimed, *, error: str, now: datetime) -> bool:
    """Let go of a row whose attempt failed, to be tried later; return True where that was the last try."""
    if row.attempts >= MOST_ATTEMPTS and not row.urgent:
        return _leave(session, row, state=DueState.FAILED, last_error=error[:2000], ended_at=now)
    _leave(session, row, state=DueState.PENDING, last_error=error[:2000], due_at=now + pause_after(row))
    return False


def pause_after(row: Claimed) -> timedelta:
    """Return how long to wait after a failed attempt."""
    longest = LONGEST_URGENT_PAUSE if row.urgent else LONGEST_PAUSE
    doubled: int = 2 ** min(row.attempts - 1, 10)
    return min(FIRST_PAUSE * doubled, longest)


def _leave(session: Session, row: Claimed, **values: Any) -> bool:
    left = session.execute(
        update(Due)
        .where(
            Due.id == row.id,
            Due.state == DueState.CLAIMED,
            Due.claimed_by == row.token,
            Due.attempts == row.attempts,
        )
        .values(claimed_by=None, lease_until=None, **values)
        .returning(Due.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return left is not None


def next_at(session: Session) -> datetime | None:
    """Return when the next row falls due, or None where nothing is scheduled."""
    return session.scalar(select(func.min(Due.due_at)).where(OPEN))


def find(
    session: Session,
    *,
    subject_id: str | None = None,
    states: Collection[DueState] | None = None,
    kind: str | None = None,
    limit: int = 100,
) -> list[Due]:
    """Return due rows, the latest made first."""
    query = select(Due)
    if subject_id is not None:
        query = query.where(Due.subject_id == subject_id)
    if states is not None:
        query = query.where(Due.state.in_(states))
    if kind is not None:
        query = query.where(Due.kind == kind)
    return list(session.scalars(query.order_by(Due.id.desc()).limit(limit)))


def beat(session: Session, *, worker: str, lane: str, now: datetime) -> None:
    """Write that a worker has just gone round."""
    row = session.get(WorkerBeat, worker)
    if row is None:
        session.execute(delete(WorkerBeat).where(WorkerBeat.beat_at < now - timedelta(days=1)))
        session.add(WorkerBeat(worker=worker, lane=lane, started_at=now, beat_at=now))
    else:
        row.beat_at = now


def engine(session: Session, *, now: datetime, lanes: Collection[str]) -> Engine:
    """Return how the engine is; it runs while each of its lanes has a worker that goes round."""
    beats = list(session.scalars(select(WorkerBeat)))
    alive = {row.lane for row in beats if abs(row.beat_at - now) <= ALIVE_WITHIN}
    overdue = now - ALIVE_WITHIN
    late, oldest = session.execute(
        select(func.count(), func.min(Due.due_at)).where(OPEN, Due.due_at <= overdue)
    ).one()
    failed = session.scalar(
        select(func.count()).select_from(Due).where(
            Due.state == DueState.FAILED, Due.ended_at >= now - timedelta(days=1)
        )
    )  # fmt: skip
    return Engine(
        running=alive >= set(lanes),
        last_beat=max((row.beat_at for row in beats), default=None),
        late=late,
        latest_by_s=int((now - oldest).total_seconds()) if oldest is not None else 0,
        failed=failed or 0,
    )
