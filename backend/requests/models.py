"""Tables of requests and of their history, which only grows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assistant.vocabulary import RequestEvent, RequestState, Role, ServiceKind
from backend.care.models import Carer
from backend.database import Base, Json, UtcDateTime, words


class Request(Base):
    """What an elder asked for and what the town promised; ``turn_key`` is the turn that made it.

    ``details``, ``start`` and ``end`` are what was promised; ``asked`` is what was wished
    (``{"details", "start", "end"}``), from which a change starts again.
    """

    __tablename__ = "requests"
    __table_args__ = (
        CheckConstraint('"end" >= start', name="order"),
        Index(None, "elder_id", "start"),
        Index(None, "state", "start"),
        Index(None, "carer_id", "start"),
        Index(None, "start"),
        # The log, newest first, with what it is filtered by: rows that do not match are not fetched.
        Index(
            "ix_requests_log",
            "created_at",
            "id",
            "elder_id",
            "kind",
            "state",
            "start",
            "carer_id",
            "confidence",
        ),
        Index("ix_requests_log_of_state", "state", "created_at", "id", "elder_id"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    kind: Mapped[ServiceKind] = mapped_column(words(ServiceKind))
    state: Mapped[RequestState] = mapped_column(words(RequestState))
    start: Mapped[datetime] = mapped_column(UtcDateTime())
    end: Mapped[datetime] = mapped_column(UtcDateTime())
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    asked: Mapped[dict[str, Any]] = mapped_column(Json)
    summary: Mapped[str] = mapped_column(String(400), default="")
    said: Mapped[str] = mapped_column(Text, default="")
    carer_id: Mapped[str | None] = mapped_column(ForeignKey("carers.id"))
    turn_key: Mapped[str] = mapped_column(String(200), unique=True)
    # How surely the wish was understood: the least of the turns that told it; None where nobody knows.
    confidence: Mapped[float | None] = mapped_column(Float)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())

    carer: Mapped[Carer | None] = relationship(lazy="selectin")


class RequestHistory(Base):
    """One thing that happened to a request; rows are added and never changed.

    ``event`` is empty where the request was made or changed (``note`` says which); ``role`` is empty where
    the system itself acted.
    """

    __tablename__ = "request_history"
    __table_args__ = (Index(None, "request_id", "id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("requests.id"))
    state: Mapped[RequestState] = mapped_column(words(RequestState))
    event: Mapped[RequestEvent | None] = mapped_column(words(RequestEvent))
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    role: Mapped[Role | None] = mapped_column(words(Role))
    by_id: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(String(400), default="")
    said: Mapped[str] = mapped_column(Text, default="")
    turn_key: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any] | None] = mapped_column(Json)
