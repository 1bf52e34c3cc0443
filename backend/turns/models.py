"""Table of turns: what was said, in the order in which it came, and what came of it.

One unique row for a channel's message decides that it is answered once; one unique index decides that
an elder has one turn in hand at a time, whichever process takes it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Float,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Word
from backend.database import Base, Json, UtcDateTime, words

CHANNEL_LENGTH = 40
MESSAGE_ID_LENGTH = 159
"""Longest channel and message id, in characters: with the colon between them, a turn key has at most 200."""


class TurnState(Word):
    """Where a turn stands. Only ``done`` is final: a failed one can be run again."""

    RECEIVED = ("received", "已收到")
    PROCESSING = ("processing", "处理中")
    DONE = ("done", "已答复")
    FAILED = ("failed", "未能答复")


class Turn(Base):
    """One message of an elder. ``id`` is also its place in the order of arrival."""

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("channel", "message_id"),
        # "a:b" + "c" and "a" + "b:c" must not be one turn key.
        CheckConstraint("channel NOT LIKE '%:%'", name="channel"),
        # The log of one elder, newest first, and the turns before one, are ranges of this index.
        Index(None, "elder_id", "id"),
        # The log of all, by when and by how well it was understood; what an index holds need not be fetched.
        Index("ix_turns_figures", "received_at", "confidence", "intent", "repaired", "elder_id"),
        Index(None, "confidence", "id", "elder_id"),
        Index(None, "intent", "id", "elder_id"),
        # At most one turn of an elder is in hand: the database says so, not a check in code.
        Index(
            "uq_turns_in_hand",
            "elder_id",
            unique=True,
            sqlite_where=text("state = 'processing'"),
            postgresql_where=text("state = 'processing'"),
        ),
        # What waits, however long the log has become.
        Index(
            "ix_turns_waiting",
            "elder_id",
            "id",
            sqlite_where=text("state = 'received'"),
            postgresql_where=text("state = 'received'"),
        ),
        {"sqlite_autoincrement": True},
    )

    # SQLite numbers only an INTEGER key by itself.
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    channel: Mapped[str] = mapped_column(String(CHANNEL_LENGTH))
    message_id: Mapped[str] = mapped_column(String(MESSAGE_ID_LENGTH))
    # As the channel sent it: an unknown elder's words are kept, too, hence no foreign key.
    elder_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime())
    state: Mapped[TurnState] = mapped_column(words(TurnState))
    owner: Mapped[str | None] = mapped_column(String(100))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    latency_ms: Mapped[int | None] = mapped_column(Integer)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    # Of the result, what the log is filtered by.
    intent: Mapped[str | None] = mapped_column(String(40))
    confidence: Mapped[float | None] = mapped_column(Float)
    repaired: Mapped[bool | None] = mapped_column(Boolean)
    finding: Mapped[dict[str, Any] | None] = mapped_column(Json)
    note: Mapped[str | None] = mapped_column(Text)

    @property
    def turn_key(self) -> str:
        """The idempotency key of everything that this turn does."""
        return f"{self.channel}:{self.message_id}"
