"""What the roster does: it knows who is on duty, and falls back to everybody where nobody is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from assistant.vocabulary import Role
from backend.audit import service as audit
from backend.auth import service as auth
from backend.auth.models import Staff
from backend.database import identify
from backend.errors import BadInput, NotFound
from backend.roster.models import Shift

LONGEST_SHIFT = timedelta(hours=36)
"""A longer one is a slip of the pen, and would hide a gap."""


def on_duty(session: Session, village_id: str | None, *, at: datetime, town_too: bool = False) -> list[Staff]:
    """Return who is to be told of what cannot wait: who has a shift now, else all as if there were no roster.

    Args:
        session: a session.
        village_id: the elder's village, None where she has none.
        at: the present.
        town_too: whether the town's administrators are told as well.
    """
    everybody = auth.on_duty(session, village_id, town_too=town_too)
    query = (
        select(Staff)
        .join(Shift, Shift.staff_id == Staff.id)
        .where(Staff.role == Role.COORDINATOR, Shift.starts_at <= at, Shift.ends_at > at)
    )
    if village_id is not None:
        query = query.where(or_(Staff.village_id == village_id, Staff.village_id.is_(None)))
    found = list(session.scalars(query.distinct().order_by(Staff.id)))
    if not found:
        return everybody
    return found + [person for person in everybody if person.role is Role.TOWN_ADMIN]


def find(
    session: Session, *, since: datetime, until: datetime, village_id: str | None = None
) -> Sequence[tuple[Shift, str]]:
    """Return the shifts that touch a time, the earliest first, each with the name of who has it."""
    query = (
        select(Shift, Staff.name)
        .join(Staff, Staff.id == Shift.staff_id)
        .where(Shift.ends_at > since, Shift.starts_at < until)
        .order_by(Shift.starts_at, Shift.id)
    )
    if village_id is not None:
        query = query.where(or_(Shift.village_id == village_id, Shift.village_id.is_(None)))
    return [(shift, name) for shift, name in session.execute(query)]


def put(
    session: Session,
    *,
    staff_id: str,
    starts_at: datetime,
    ends_at: datetime,
    by: str,
    at: datetime,
    within: str | None = None,
) -> tuple[Shift, str]:
    """Write a shift down; the same beginning again moves its end.

    ``within`` is the only village whose coordinators may be put down; None: any.

    Raises:
        NotFound: ``unknown_staff``, also where she works for another village.
        BadInput: ``not_a_coordinator``, ``shift_times``.
    """
    person = session.get(Staff, staff_id)
    if person is None or (within is not None and person.village_id != within):
        raise NotFound("Nobody of that id works here.", code="unknown_staff")
    if person.role is not Role.COORDINATOR:
        raise BadInput("Only coordinators are on the roster.", code="not_a_coordinator")
    if not timedelta() < ends_at - starts_at <= LONGEST_SHIFT:
        raise BadInput("A shift ends after it begins, within 36 hours.", code="shift_times")
    shift_id = identify("shift", f"{staff_id}/{starts_at.timestamp():.0f}")
    shift = session.get(Shift, shift_id)
    if shift is None:
        shift = Shift(
            id=shift_id, staff_id=staff_id, village_id=person.village_id, starts_at=starts_at,
            ends_at=ends_at, made_by=by, made_at=at,
        )  # fmt: skip
        session.add(shift)
    shift.ends_at = ends_at
    session.flush()
    _record(session, shift, "roster.put", by=by, at=at)
    return shift, person.name


def remove(session: Session, shift_id: str, *, by: str, at: datetime, within: str | None = None) -> None:
    """Take a shift off the roster.

    Raises:
        NotFound: ``no_such_shift``, also where it is another village's.
    """
    shift = session.get(Shift, shift_id)
    if shift is None or (within is not None and shift.village_id != within):
        raise NotFound("There is no such shift.", code="no_such_shift")
    _record(session, shift, "roster.remove", by=by, at=at)
    session.execute(delete(Shift).where(Shift.id == shift_id))


def _record(session: Session, shift: Shift, action: str, *, by: str, at: datetime) -> None:
    audit.record(
        session,
        actor=by,
        action=action,
        target=f"staff:{shift.staff_id}",
        detail={"from": shift.starts_at.isoformat(), "to": shift.ends_at.isoformat()},
        at=at,
    )
