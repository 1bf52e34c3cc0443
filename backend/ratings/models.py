"""Table of ratings: one a request, from the elder's own answer or from a person who asked her."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Role
from backend.database import Base, UtcDateTime, words


class Rating(Base):
    """How a finished request was found: ``stars`` 1 (very bad) to 5 (very good), ``said`` as it was told.

    What an elder answers herself is never written over by somebody else.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        Index(None, "elder_id", "at"),
        Index(None, "at"),
    )

    request_id: Mapped[str] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    stars: Mapped[int] = mapped_column(Integer)
    said: Mapped[str] = mapped_column(Text)
    role: Mapped[Role] = mapped_column(words(Role))
    by_id: Mapped[str] = mapped_column(String(64))
    turn_key: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
