"""The log of turns, for those who look after an elder: pages of one elder's turns, newest first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.turns.inbox import Inbox, LeaseLost, TurnRow
from backend.turns.models import Turn

__all__ = ["Inbox", "LeaseLost", "TurnRow", "by_key", "log"]


def log(
    session: Session, *, elder_id: str | None = None, limit: int = 50, before: int | None = None
) -> list[Turn]:
    """Return turns, newest first.

    Args:
        session: a session.
        elder_id: whose; None for everybody's.
        limit: how many at most.
        before: only turns whose id is smaller: the last id of the page before.
    """
    query = select(Turn)
    if elder_id is not None:
        query = query.where(Turn.elder_id == elder_id)
    if before is not None:
        query = query.where(Turn.id < before)
    return list(session.scalars(query.order_by(Turn.id.desc()).limit(limit)))


def by_key(session: Session, turn_key: str) -> Turn | None:
    """Return the turn of a key, or None."""
    channel, _, message_id = turn_key.partition(":")
    query = select(Turn).where(Turn.channel == channel, Turn.message_id == message_id)
    return session.scalars(query).one_or_none()
