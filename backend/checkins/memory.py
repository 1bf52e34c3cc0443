"""What an elder told of her life, to be asked about next time; gone for good when she says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.checkins.models import Remembered
from backend.database import identify

RIPE, STALE = timedelta(hours=12), timedelta(days=30)
"""Not before the one, nor after the other, is it natural to ask what came of it."""

LONGEST = 60
"""Characters of a thread that is read out: more nobody wants to hear of her own words."""


def remember(session: Session, elder_id: str, *, said: str, turn_key: str, now: datetime) -> None:
    """Keep what an elder told; again, it changes nothing."""
    row_id = identify("remembered", turn_key)
    if said and len(said) <= LONGEST and session.get(Remembered, row_id) is None:
        session.add(
            Remembered(id=row_id, elder_id=elder_id, said=said, turn_key=turn_key, told_at=now, asked_at=None)
        )
        session.flush()


def to_ask_about(session: Session, elder_id: str, *, now: datetime) -> Remembered | None:
    """Return what to come back to: the latest that was told some time ago, and not asked about yet."""
    query = select(Remembered).where(
        Remembered.elder_id == elder_id,
        Remembered.asked_at.is_(None),
        Remembered.told_at <= now - RIPE,
        Remembered.told_at >= now - STALE,
    )
    return session.scalars(query.order_by(Remembered.told_at.desc()).limit(1)).first()


def find(session: Session, elder_id: str) -> list[Remembered]:
    """Return all that is remembered of an elder, the latest first."""
    query = select(Remembered).where(Remembered.elder_id == elder_id)
    return list(session.scalars(query.order_by(Remembered.told_at.desc(), Remembered.id)))


def forget(session: Session, elder_id: str, *, everything: bool, now: datetime) -> int:
    """Erase what an elder told, the last of it or all, and return how much; that it was done is kept."""
    rows = find(session, elder_id)
    ids = [row.id for row in (rows if everything else rows[:1])]
    if ids:
        session.execute(delete(Remembered).where(Remembered.id.in_(ids)))
        audit.record(
            session,
            actor=f"elder:{elder_id}",
            action="memory.forget",
            target=f"elder:{elder_id}",
            detail={"count": len(ids)},
            at=now,
        )
    return len(ids)
