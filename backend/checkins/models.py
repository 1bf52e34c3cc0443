"""Table of check-ins."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import CheckInChannel, CheckInOutcome, Role
from backend.database import Base, UtcDateTime, words


class CheckIn(Base):
    """How an elder was found. ``role`` is empty where nobody but the system checked in with her."""

    __tablename__ = "checkins"
    __table_args__ = (Index(None, "elder_id", "at"), Index(None, "at"), Index(None, "outcome", "at"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    channel: Mapped[CheckInChannel] = mapped_column(words(CheckInChannel))
    outcome: Mapped[CheckInOutcome] = mapped_column(words(CheckInOutcome))
    mood: Mapped[str] = mapped_column(String(100), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    said: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[Role | None] = mapped_column(words(Role))
    by_id: Mapped[str] = mapped_column(String(64))
    turn_key: Mapped[str] = mapped_column(String(200), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    # What was done about it, by whom and when; empty as long as nobody did anything.
    follow_up: Mapped[str] = mapped_column(Text, default="")
    followed_up_by: Mapped[str | None] = mapped_column(String(100))
    followed_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
