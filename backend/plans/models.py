"""Table of goals: an elder's care plan is the list of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Word
from backend.database import Base, Json, UtcDateTime, words


class GoalState(Word):
    """Where a goal stands."""

    ACTIVE = ("active", "正在做")
    REACHED = ("reached", "达到了")
    DROPPED = ("dropped", "不做了")


class Goal(Base):
    """One goal of a care plan.

    ``services`` are what serves it: service kinds (``meal``), or care items (``home_care:bathing``).
    """

    __tablename__ = "care_goals"
    __table_args__ = (Index(None, "elder_id", "state"), Index(None, "state", "review_on"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    text: Mapped[str] = mapped_column(String(200))
    services: Mapped[list[str]] = mapped_column(Json)
    review_on: Mapped[date] = mapped_column(Date)
    state: Mapped[GoalState] = mapped_column(words(GoalState))
    note: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_by: Mapped[str] = mapped_column(String(100))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime())
