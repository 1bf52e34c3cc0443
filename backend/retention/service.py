"""What retention does: each night it deletes what is older than the town keeps it, a bounded piece at a time.

docs/privacy.md says what is kept how long and why. The audit, the bookings, alarms and check-ins are the
record of what was promised and done, and stay; what somebody said beside them does not.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.checkins.models import Remembered
from backend.clock import TOWN_ZONE
from backend.due import service as due
from backend.due.models import Outcome
from backend.due.steps import Step
from backend.learning.models import Correction
from backend.turns.models import Turn, TurnState

SWEEP = "retention_sweep"
"""Kind of due rows: the next night's deleting."""

AT = time(3, 30)
"""Town time at which it is done: few people speak then."""

PIECE = 300
"""Rows of each kind that one step deletes, so that no turn waits long for the database."""

PAUSE = timedelta(seconds=20)
"""Between two pieces of one night."""

_ENDED = (TurnState.DONE, TurnState.FAILED)
_KEPT_OF_RESULT = ("intent", "confidence", "committed", "alarm", "latency_ms")


def begin(session: Session, *, now: datetime) -> bool:
    """See to it that the next night's deleting is written down; again, it changes nothing."""
    return _schedule(session, _next_night(now), piece=0, now=now)


def sweep(step: Step) -> Outcome:
    """Delete a piece of what is too old; then come back soon for the rest, or next night."""
    session, now, keep = step.session, step.now, step.settings.retention
    counts = {
        "words": _blank_words(session, before=now - timedelta(days=keep.words_days)),
        "turns": _delete_turns(session, before=now - timedelta(days=keep.turns_days)),
        "remembered": _delete_remembered(session, before=now - timedelta(days=keep.remembered_days)),
    }
    if any(counts.values()):
        audit.record(
            session, actor="system", action="retention.delete", target="turns",
            detail={name: count for name, count in counts.items() if count}, at=now,
        )  # fmt: skip
    if max(counts.values()) >= PIECE:
        _schedule(session, now + PAUSE, piece=int(step.row.payload["piece"]) + 1, now=now)
    else:
        begin(session, now=now)
    return Outcome.KEPT


def _blank_words(session: Session, *, before: datetime) -> int:
    """Take what was said and answered out of old turns; intent, figures and what was booked stay."""
    rows = session.scalars(
        select(Turn)
        .where(Turn.received_at < before, Turn.text != "", Turn.state.in_(_ENDED))
        .order_by(Turn.received_at)
        .limit(PIECE)
    ).all()
    for row in rows:
        row.text, row.note = "", None
        row.result = _without_words(row.result)
        if row.finding is not None:
            row.finding = {**row.finding, "words": ""}
    session.flush()
    return len(rows)


def _without_words(result: dict[str, Any] | None) -> dict[str, Any] | None:
    if result is None:
        return None
    kept = {key: result[key] for key in _KEPT_OF_RESULT if key in result}
    return {"text": "", "entities": [], "slots": {}, "replies": [], "erased": True} | kept


def _delete_turns(session: Session, *, before: datetime) -> int:
    """Delete old turns; one that somebody corrected stays without its words, as the correction's anchor."""
    corrected = exists().where(Correction.turn_id == Turn.id)
    ids = session.scalars(
        select(Turn.id)
        .where(Turn.received_at < before, Turn.state.in_(_ENDED), ~corrected)
        .order_by(Turn.received_at)
        .limit(PIECE)
    ).all()
    if ids:
        session.execute(delete(Turn).where(Turn.id.in_(ids)))
    return len(ids)


def _delete_remembered(session: Session, *, before: datetime) -> int:
    ids = session.scalars(select(Remembered.id).where(Remembered.told_at < before).limit(PIECE)).all()
    if ids:
        session.execute(delete(Remembered).where(Remembered.id.in_(ids)))
    return len(ids)


def _next_night(now: datetime) -> datetime:
    local = now.astimezone(TOWN_ZONE)
    night = datetime.combine(local.date(), AT, TOWN_ZONE)
    return night if night > local else night + timedelta(days=1)


def _schedule(session: Session, at: datetime, *, piece: int, now: datetime) -> bool:
    night = at.astimezone(TOWN_ZONE).date().isoformat()
    return due.schedule(
        session, key=f"{SWEEP}:{night}:{piece}", kind=SWEEP, subject_id="town", due_at=at, now=now,
        payload={"piece": piece},
    )  # fmt: skip
