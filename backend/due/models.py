"""Tables of what falls due, and of the workers that see to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Word
from backend.database import Base, Json, UtcDateTime, words

OPEN = text("state IN ('pending', 'claimed')")
"""Rows with which something is still to be done; the index of these stays small for years."""


class DueState(Word):
    """Where a due row stands; the last three are final."""

    PENDING = ("pending", "待办")
    CLAIMED = ("claimed", "正在办")
    DONE = ("done", "已办")
    FAILED = ("failed", "没办成")
    WITHDRAWN = ("withdrawn", "不用办了")


class Outcome(Word):
    """What came of a due row."""

    KEPT = ("kept", "做到了")
    TOLD = ("told", "告知了")
    ESCALATED = ("escalated", "上报了")
    NOT_NEEDED = ("not_needed", "已不需要")


class Due(Base):
    """Something that is to be done at a time. ``key`` keeps it from being scheduled twice.

    ``urgent`` rows are deadlines of an emergency: where the clock has been put back since they were made,
    they are due at once, because too early is better than too late.
    """

    __tablename__ = "due"
    __table_args__ = (
        Index("ix_due_open", "due_at", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "subject_id", "id"),
        Index(None, "state", "ended_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    urgent: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[DueState] = mapped_column(words(DueState))
    attempts: Mapped[int] = mapped_column(Integer)
    claimed_by: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    last_error: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class WorkerBeat(Base):
    """The heartbeat of one worker: when it last went round."""

    __tablename__ = "worker_beats"

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    lane: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime())
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime())
