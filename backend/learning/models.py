"""Tables of corrections (one a turn, from who says what was meant to who reviews it) and of trainings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Word
from backend.database import Base, Json, UtcDateTime, words


class CorrectionState(Word):
    """Where a correction stands."""

    PROPOSED = ("proposed", "待审")
    ACCEPTED = ("accepted", "已采用")
    DISMISSED = ("dismissed", "不采用")
    WITHDRAWN = ("withdrawn", "已撤回")


class AliasKind(Word):
    """Of what a word is another name."""

    DISH = ("dish", "菜")
    CANTEEN = ("canteen", "食堂")
    FACILITY = ("facility", "医院")
    DOCTOR = ("doctor", "医生")
    CARER = ("carer", "护理员")
    VILLAGE = ("village", "村居")


class Correction(Base):
    """What somebody says that a turn meant; ``intent`` is empty where it meant nothing to be learned."""

    __tablename__ = "corrections"
    __table_args__ = (Index(None, "state", "turn_id"),)

    turn_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("turns.id"),
        primary_key=True,
        autoincrement=False,
    )
    # Whose words they were: the village's limits hold for what is learned from them, too.
    elder_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    heard_as: Mapped[str | None] = mapped_column(String(40))
    intent: Mapped[str | None] = mapped_column(String(40))
    alias: Mapped[str] = mapped_column(String(30))
    alias_kind: Mapped[AliasKind | None] = mapped_column(words(AliasKind))
    alias_of: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(200))
    state: Mapped[CorrectionState] = mapped_column(words(CorrectionState))
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    reviewed_by: Mapped[str | None] = mapped_column(String(100))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class TrainingState(Word):
    """Where a training, or a going back, stands."""

    ASKED = ("asked", "等着做")
    RUNNING = ("running", "正在做")
    ADOPTED = ("adopted", "用上了")
    REFUSED = ("refused", "没有用上")
    BACK = ("back", "退回了")
    FAILED = ("failed", "没有做成")


class Training(Base):
    """One training of a model with what was explained, or one going back to the model before.

    ``figures`` are what the held-out sentences say of both models (``[{"set","variant","rows","present",
    "candidate"}]``), ``reasons`` why a candidate was not used.
    """

    __tablename__ = "trainings"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    is_back: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[TrainingState] = mapped_column(words(TrainingState), index=True)
    asked_by: Mapped[str] = mapped_column(String(100))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    sentences: Mapped[int] = mapped_column(Integer)
    model: Mapped[str] = mapped_column(String(100))
    figures: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    reasons: Mapped[list[str]] = mapped_column(Json)
