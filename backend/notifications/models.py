"""Tables of handovers (a person is asked to call back) and of reminders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Word
from backend.database import Base, UtcDateTime, words


class HandoverState(Word):
    """Where a handover stands."""

    OPEN = ("open", "待回电")
    DONE = ("done", "已回电")


class ReminderState(Word):
    """Where a reminder stands."""

    ACTIVE = ("active", "生效中")
    DONE = ("done", "已提醒")
    CANCELLED = ("cancelled", "已取消")


class OccurrenceState(Word):
    """Where one time of a reminder stands; all but the first two are final."""

    SAID = ("said", "已提醒")
    SNOOZED = ("snoozed", "等会儿再提醒")
    TAKEN = ("taken", "做了")
    HEARD = ("heard", "听到了")
    REFUSED = ("refused", "不做")
    NO_ANSWER = ("no_answer", "没有回音")
    LATE = ("late", "没能按时提醒")
    WITHDRAWN = ("withdrawn", "不用提醒了")


class Handover(Base):
    """That a person is to call an elder back, and why."""

    __tablename__ = "handovers"
    __table_args__ = (Index(None, "elder_id", "asked_at"), Index(None, "state", "asked_at"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    reason: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[HandoverState] = mapped_column(words(HandoverState))
    turn_key: Mapped[str] = mapped_column(String(200), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    done_by: Mapped[str | None] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text, default="")


class Occurrence(Base):
    """One time of a reminder: when it was said, and what the elder answered. There is one for each time."""

    __tablename__ = "reminder_occurrences"
    __table_args__ = (
        UniqueConstraint("reminder_id", "due_at"),
        Index(None, "elder_id", "state", "said_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    reminder_id: Mapped[str] = mapped_column(ForeignKey("reminders.id"))
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime())
    state: Mapped[OccurrenceState] = mapped_column(words(OccurrenceState))
    rounds: Mapped[int] = mapped_column(Integer)
    snoozes: Mapped[int] = mapped_column(Integer)
    said_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    answer: Mapped[str] = mapped_column(Text)
    turn_key: Mapped[str | None] = mapped_column(String(200))


class Reminder(Base):
    """What an elder wants to be told, and when; ``repeat`` is an RRULE whose first time is ``start``."""

    __tablename__ = "reminders"
    __table_args__ = (Index(None, "elder_id", "state"), Index(None, "state", "start"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    text: Mapped[str] = mapped_column(Text)
    start: Mapped[datetime | None] = mapped_column(UtcDateTime())
    repeat: Mapped[str | None] = mapped_column(String(400))
    said: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ReminderState] = mapped_column(words(ReminderState))
    turn_key: Mapped[str] = mapped_column(String(200), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())
