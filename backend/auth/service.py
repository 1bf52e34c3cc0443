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
