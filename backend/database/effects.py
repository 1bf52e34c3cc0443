"""Idempotency: every effect on the town is claimed under its turn's key, once.

``claim`` and then ``settle`` come first in a write transaction, before any other row; they are in the
effect's own transaction, so that there is never a key without its effect, nor an effect without its key.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.database.base import Base
from backend.database.types import UtcDateTime
from backend.errors import KeyReused

KEY_LENGTH = 200
"""Longest turn key, in characters."""


_NAMESPACE = uuid.UUID("6b616e67-6261-4e00-8000-000000000001")


class Effect(Base):
    """One effect that a turn had: what was asked (its hash) and which row came of it."""

    __tablename__ = "effects"

    turn_key: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    action: Mapped[str] = mapped_column(String(64))
    body_hash: Mapped[str] = mapped_column(String(64))
    target_id: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime())


def body_hash(body: Any) -> str:
    """Return the SHA-256 of a JSON-ready body, independent of the order of its keys."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def identify(kind: str, turn_key: str) -> str:
    """Return the id of the row of a kind that a turn makes: the same turn always means the same row."""
    return uuid.uuid5(_NAMESPACE, f"{kind}/{turn_key}").hex


def claim(session: Session, *, turn_key: str, action: str, body: Any) -> str | None:
    """Return the id of the row that ``turn_key`` already made, or None when the effect is still to be had.

    Args:
        session: a write session.
        turn_key: the key of the turn.
        action: what is done, such as ``requests.create``; one key is for one action.
        body: what was asked, JSON-ready, without the key itself.

    Raises:
        KeyReused: the key was used for another action or another body.
    """
    effect = session.get(Effect, turn_key)
    if effect is None:
        return None
    if effect.action != action or effect.body_hash != body_hash(body):
        raise KeyReused(extra={"turn_key": turn_key})
    return effect.target_id


def settle(session: Session, *, turn_key: str, action: str, body: Any, target_id: str, at: datetime) -> None:
    """Write that ``turn_key`` made the row ``target_id``, in the transaction that makes it.

    Where another transaction settled the same key first, the primary key refuses this one with
    ``IntegrityError`` and ``Database.transact`` runs the work again, which then finds the first one's row.
    """
    session.add(
        Effect(turn_key=turn_key, action=action, body_hash=body_hash(body), target_id=target_id, at=at)
    )
    session.flush()
