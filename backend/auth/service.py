"""What the auth room does: it knows who works for the town."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.vocabulary import Role
from backend.auth.models import Staff


def staff(session: Session, *, role: Role | None = None, village_id: str | None = None) -> list[Staff]:
    """Return who works for the town, by id: of a role, in a village."""
    query = select(Staff)
    if role is not None:
        query = query.where(Staff.role == role)
    if village_id is not None:
        query = query.where(Staff.village_id == village_id)
    return list(session.scalars(query.order_by(Staff.id)))


def on_duty(session: Session, village_id: str | None, *, town_too: bool = False) -> list[Staff]:
    """Return who is to be told of what cannot wait: the village's coordinators, else all, else the town's.

    Who of them has a shift now is the roster's to say; this is whom it falls back to.
    """
    found = staff(session, role=Role.COORDINATOR, village_id=village_id) if village_id else []
    found = found or staff(session, role=Role.COORDINATOR)
    admins = staff(session, role=Role.TOWN_ADMIN)
    return found + admins if town_too else found or admins


def name_of(session: Session, person_id: str) -> str:
    """Return the name of somebody who works for the town, or "" where the book knows nobody of that id."""
    person = session.get(Staff, person_id)
    return person.name if person is not None else ""
