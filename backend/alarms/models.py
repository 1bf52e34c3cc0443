"""Tables of alarms and of what was done about each; history rows are added and never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assistant.vocabulary import AlarmState, Emergency, Role
from backend.database import Base, UtcDateTime
from backend.database import words as words_of


class Alarm(Base):
    """An emergency that was heard. ``turn_key`` makes it one alarm however often its turn is run."""

    __tablename__ = "alarms"
    __table_args__ = (Index(None, "elder_id", "raised_at"), Index(None, "state", "raised_at"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    turn_key: Mapped[str] = mapped_column(String(200), unique=True)
    # The id as it came: an alarm is taken from somebody whom the book does not know, too.
    elder_id: Mapped[str] = mapped_column(String(64))
    known_elder_id: Mapped[str | None] = mapped_column(ForeignKey("elders.id"), index=True)
    category: Mapped[Emergency] = mapped_column(words_of(Emergency))
    words: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(40))
    state: Mapped[AlarmState] = mapped_column(words_of(AlarmState))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())

    history: Mapped[list[AlarmEvent]] = relationship(lazy="selectin", order_by="AlarmEvent.id")


class AlarmEvent(Base):
    """One thing that happened to an alarm; ``role`` is empty where the system itself acted."""

    __tablename__ = "alarm_events"
    __table_args__ = (Index(None, "alarm_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    alarm_id: Mapped[str] = mapped_column(ForeignKey("alarms.id"))
    state: Mapped[AlarmState] = mapped_column(words_of(AlarmState))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    role: Mapped[Role | None] = mapped_column(words_of(Role))
    by_id: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")
