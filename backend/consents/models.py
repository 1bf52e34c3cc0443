"""Table of consents; one that was withdrawn stays, as a record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Word
from backend.database import Base, UtcDateTime, words


class ConsentKind(Word):
    """What is agreed to."""

    KEEP_AUDIO = ("keep_audio", "留下说话的录音")
    SHARE_HEALTH = ("share_health", "把健康数值给家庭医生看")
    TELL_FAMILY = ("tell_family", "有事告诉家属")
    ENTER_HOME = ("enter_home", "紧急时开门进屋")
    PHOTO = ("photo", "服务时拍照")


class Consent(Base):
    """One consent: who gave it (herself, or who may for her), how, and who wrote it down."""

    __tablename__ = "consents"
    __table_args__ = (Index(None, "elder_id", "kind"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    kind: Mapped[ConsentKind] = mapped_column(words(ConsentKind))
    given_by: Mapped[str] = mapped_column(String(60))
    how: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime())
    written_by: Mapped[str] = mapped_column(String(100))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    withdrawn_by: Mapped[str | None] = mapped_column(String(100))
    withdrawn_why: Mapped[str] = mapped_column(String(200))
