"""Tables of messages, and of how people who are not at a console can be reached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Role, Word
from backend.database import Base, Json, UtcDateTime, words

PENDING = text("state = 'pending'")
STANDING = text("standing AND resolved_at IS NULL")


class Channel(Word):
    """How a message goes out."""

    FEED = ("feed", "管理台")
    SPEAKER = ("speaker", "音箱")
    CHAT = ("chat", "聊天")
    EMAIL = ("email", "邮件")
    WEBHOOK = ("webhook", "网络推送")
    WECHAT = ("wechat", "微信")


class MessageState(Word):
    """Where a message stands; a spoken one is sent when the home has said that it was heard."""

    PENDING = ("pending", "待发")
    SENT = ("sent", "已送达")
    FAILED = ("failed", "没送到")
    EXPIRED = ("expired", "过时了")


class Why(Word):
    """What a message is about; with an id, which one."""

    ALARM = ("alarm", "警报")
    REMINDER = ("reminder", "提醒")
    CHECKIN = ("checkin", "问候")
    REQUEST = ("request", "服务")
    ENGINE = ("engine", "系统")
    REPLY = ("reply", "回话")


class Message(Base):
    """One message to one person by one channel. ``key`` keeps it from being sent twice for one cause.

    ``id`` is also the order in which consoles read their feed. ``asks`` names the question that the elder's
    next words may answer. ``standing`` messages stay on the console until ``resolved_at``.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index(
            "ix_messages_pending", "elder_id", "channel", "id", sqlite_where=PENDING, postgresql_where=PENDING
        ),
        Index("ix_messages_standing", "id", sqlite_where=STANDING, postgresql_where=STANDING),
        Index(None, "why", "why_id", "id"),
        Index(None, "channel", "id"),
        Index(None, "elder_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    key: Mapped[str] = mapped_column(String(200), unique=True)
    to_role: Mapped[Role] = mapped_column(words(Role))
    to_id: Mapped[str] = mapped_column(String(100))
    # An alarm of somebody whom the book does not know is told, too, hence no foreign key.
    elder_id: Mapped[str | None] = mapped_column(String(64))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"), index=True)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    address: Mapped[str] = mapped_column(String(400))
    text: Mapped[str] = mapped_column(Text)
    why: Mapped[Why] = mapped_column(words(Why))
    why_id: Mapped[str] = mapped_column(String(64))
    urgent: Mapped[bool] = mapped_column(Boolean)
    loud: Mapped[bool] = mapped_column(Boolean)
    asks: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[MessageState] = mapped_column(words(MessageState))
    attempts: Mapped[int] = mapped_column(Integer)
    last_error: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    offered_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    standing: Mapped[bool] = mapped_column(Boolean)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Answered(Base):
    """What was said to an elder's answer, with the turn that gave it: run again, the turn says the same."""

    __tablename__ = "answered"

    turn: Mapped[str] = mapped_column(String(64), primary_key=True)
    replies: Mapped[list[str]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UtcDateTime())


class Address(Base):
    """Where somebody can be reached by a network: ``owner`` is ``contact:E0007:1`` or ``staff:S03``."""

    __tablename__ = "addresses"
    __table_args__ = (UniqueConstraint("owner", "channel", "value"),)

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    owner: Mapped[str] = mapped_column(String(100))
    channel: Mapped[Channel] = mapped_column(words(Channel))
    value: Mapped[str] = mapped_column(String(400))
