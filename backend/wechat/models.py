"""Tables of the WeChat channel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime

UNTOLD = text("told_at IS NULL")


class WechatNonce(Base):
    """A signature that was used, and for which message; it is kept for as long as its time stamp counts."""

    __tablename__ = "wechat_nonces"
    __table_args__ = (Index(None, "seen_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    message: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime())


class WechatOwed(Base):
    """An answer that took longer than the platform waits: told with the next message, or sent afterwards.

    ``text`` is what is answered; None for a voice message (``media_id``) that is still to be heard.
    """

    __tablename__ = "wechat_owed"
    __table_args__ = (
        Index("ix_wechat_owed_untold", "account", sqlite_where=UNTOLD, postgresql_where=UNTOLD),
    )

    message_id: Mapped[str] = mapped_column(String(159), primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    # Somebody whom the book does not know can be owed an answer, too, hence no foreign key.
    elder_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str | None] = mapped_column(Text)
    media_id: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    told_with: Mapped[str] = mapped_column(String(159), default="")
