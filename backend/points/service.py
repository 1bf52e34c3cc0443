"""What the points room does: list points, add one, take one away."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.elders.models import Village
from backend.errors import BadInput, NotFound
from backend.points.models import Point
from backend.points.schemas import PointIn


def add(session: Session, sent: PointIn, *, actor: str, at: datetime) -> Point:
    """Add a point.

    Raises:
        BadInput: ``unknown_village``, or ``point_there``: there is one of that name.
    """
    if session.get(Village, sent.village_id) is None:
        raise BadInput("There is no such village.", code="unknown_village")
    if session.scalars(select(Point.id).where(Point.name == sent.name)).first() is not None:
        raise BadInput("There is a point of this name.", code="point_there")
    row = Point(id=uuid.uuid4().hex, **sent.model_dump())
    session.add(row)
    session.flush()
    _record(session, row, actor, "points.add", at)
    return row


def remove(session: Session, point_id: str, *, actor: str, at: datetime) -> None:
    """Take a point away.

    Raises:
        NotFound: ``unknown_point``.
    """
    row = session.get(Point, point_id)
    if row is None:
        raise NotFound("There is no such point.", code="unknown_point")
    session.delete(row)
    session.flush()
    _record(session, row, actor, "points.remove", at)


def find(session: Session) -> list[Point]:
    """Return all points, by village and name."""
    return list(session.scalars(select(Point).order_by(Point.village_id, Point.name)))


def _record(session: Session, row: Point, actor: str, action: str, at: datetime) -> None:
    audit.record(
        session, actor=actor, action=action, target=f"point:{row.id}", detail={"name": row.name}, at=at
    )
