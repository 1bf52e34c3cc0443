"""What the board of check-ins shows: the askings of a day with their elders, and those still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.checkins import rounds
from backend.checkins.models import CheckIn, Rhythm, Round, RoundState
from backend.due.models import OPEN, Due
from backend.elders.models import Elder, Village

MOST = 500
"""Most lines of a kind that a board holds; a town of more has villages to choose from."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One asking; ``follow_up`` is what was done about it, ``notes`` what a person found."""

    id: str
    elder_id: str
    name: str
    village: str
    phone: str
    planned_at: datetime
    state: RoundState
    said: str
    mood: str
    answered_at: datetime | None
    notes: str | None
    follow_up: str | None


@dataclass(frozen=True, kw_only=True)
class Coming:
    """An asking that is still to come."""

    elder_id: str
    name: str
    village: str
    at: datetime


def asked(session: Session, *, since: datetime, until: datetime) -> list[Asked]:
    """Return the askings planned within a time, in their order."""
    query: Select[Any] = (
        select(
            Round.id, Round.elder_id, Elder.name, Village.name.label("village"), Elder.phone,
            Round.planned_at, Round.state, Round.said, Round.mood, Round.answered_at,
            CheckIn.notes, CheckIn.follow_up,
        )
        .join(Elder, Elder.id == Round.elder_id)
        .join(Village, Village.id == Elder.village_id)
        .outerjoin(CheckIn, CheckIn.id == Round.checkin_id)
        .where(Round.planned_at >= since, Round.planned_at < until)
        .order_by(Round.planned_at, Elder.id)
        .limit(MOST)
    )  # fmt: skip
    return [Asked(**row._asdict()) for row in session.execute(query)]


def coming(session: Session, *, until: datetime) -> list[Coming]:
    """Return who is asked before an instant and has not been asked yet, soonest first."""
    query: Select[Any] = (
        select(Elder.id.label("elder_id"), Elder.name, Village.name.label("village"), Due.due_at.label("at"))
        .join(Elder, Elder.id == Due.subject_id)
        .join(Village, Village.id == Elder.village_id)
        .where(OPEN, Due.kind == rounds.ASK, Due.due_at < until)
        .order_by(Due.due_at, Elder.id)
        .limit(MOST)
    )
    return [Coming(**row._asdict()) for row in session.execute(query)]


def without_rhythm(session: Session) -> int:
    """Return how many elders are never asked: nobody has written down when."""
    query = select(func.count(Elder.id)).where(Elder.id.not_in(select(Rhythm.elder_id)))
    return session.scalar(query) or 0
