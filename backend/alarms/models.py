"""Tables of alarms and of what was done about each; history rows are added and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assistant.vocabulary import AlarmState, Emergency, Role, Word
from backend.database import Base, Json, UtcDateTime
from backend.database import words as words_of


class LadderStep(Word):
    """What the ladder did about an alarm nobody had taken on."""

    TOLD_CONTACT = ("told_contact", "通知了家属")
    NO_CONTACT = ("no_contact", "没有登记这位家属")
    NO_WAY = ("no_way", "家属没有能自动通知的方式")
    TOLD_DUTY = ("told_duty", "通知了值班协调员")
    TOLD_AGAIN = ("told_again", "再次通知了值班协调员")
    NOT_FOLLOWED_UP = ("not_followed_up", "接警后没有写结果")


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
    # One of LadderStep where the ladder acted, else empty.
    step: Mapped[str | None] = mapped_column(String(40))


class Ladder(Base):
    """Whom to tell of an elder's alarms, and how long to wait for each; without a row it is the usual one.

    ``rungs`` is ``[{"contact": 1, "wait_s": 60}, …]``; after the last one come the coordinators on duty,
    again every ``repeat_s`` seconds.
    """

    __tablename__ = "ladders"

    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"), primary_key=True)
    rungs: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    repeat_s: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_by: Mapped[str] = mapped_column(String(100))
