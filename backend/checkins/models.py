"""Tables of check-ins, of each elder's rhythm, and of the times at which she is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import CheckInChannel, CheckInOutcome, Role, Word
from backend.database import Base, Json, UtcDateTime, words

UNSETTLED = text("state IN ('asked', 'asked_again', 'family_told', 'people_told')")


class RoundState(Word):
    """Where one asking stands; it is unsettled until she, or a person who saw her, has answered."""

    ASKED = ("asked", "问候了")
    ASKED_AGAIN = ("asked_again", "又问了一遍")
    FAMILY_TOLD = ("family_told", "通知了家属")
    PEOPLE_TOLD = ("people_told", "请人上门看看")
    ANSWERED = ("answered", "回答了")
    HEARD = ("heard", "自己来说过话")
    VISITED = ("visited", "有人联系上了")
    LATE = ("late", "没能按时问候")


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


class Rhythm(Base):
    """When an elder is asked how she is: town times of day, such as ``["08:30", "18:00"]``."""

    __tablename__ = "checkin_rhythms"

    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"), primary_key=True)
    times: Mapped[list[str]] = mapped_column(Json)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_by: Mapped[str] = mapped_column(String(100))


class Round(Base):
    """One asking: what she said to it, or how far it went without an answer.

    ``follow_up`` is the question that was put after her answer (``{"kind", …}``), empty when it is done.
    """

    __tablename__ = "checkin_rounds"
    __table_args__ = (
        UniqueConstraint("elder_id", "planned_at"),
        Index(None, "planned_at"),
        Index("ix_checkin_rounds_unsettled", "elder_id", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime())
    state: Mapped[RoundState] = mapped_column(words(RoundState))
    rounds: Mapped[int] = mapped_column(Integer)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    said: Mapped[str] = mapped_column(Text)
    mood: Mapped[str] = mapped_column(String(100))
    follow_up: Mapped[dict[str, Any] | None] = mapped_column(Json)
    checkin_id: Mapped[str | None] = mapped_column(ForeignKey("checkins.id"))


class Remembered(Base):
    """Something of her life that an elder told us, in her words; ``turn_key`` is the turn it came from."""

    __tablename__ = "remembered"
    __table_args__ = (Index(None, "elder_id", "told_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    said: Mapped[str] = mapped_column(Text)
    turn_key: Mapped[str] = mapped_column(String(200))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime())
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
