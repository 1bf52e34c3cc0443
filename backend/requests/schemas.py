"""Requests, as they come and go over the wire."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from assistant.vocabulary import RequestEvent, RequestState, Role, ServiceKind
from backend.care.schemas import CarerOut
from backend.requests.models import Request, RequestHistory
from backend.wire import Document, Id, Instant, Name, Text, TurnKey, Wire


class Who(Wire):
    """The person who does something."""

    role: Role
    id: Id

    @property
    def actor(self) -> str:
        """The actor as the audit writes it."""
        return f"{self.role}:{self.id}"


class _Window(Wire):
    start: Instant | None = None
    end: Instant | None = Field(default=None, description="absent or equal to start: a clock point")

    @model_validator(mode="after")
    def _in_order(self) -> _Window:
        if self.end is not None and (self.start is None or self.end < self.start):
            raise ValueError("end needs a start that is not after it")
        return self


class CreateIn(_Window):
    """What an elder asks for. ``details`` by kind are in ``backend.requests.details``."""

    turn_key: TurnKey
    elder_id: Id
    kind: ServiceKind
    details: Document
    said: Text = ""
    by: Who | None = Field(default=None, description="the elder herself where absent")


class ChangeIn(_Window):
    """What is to be different; a null among ``details`` takes a wish back."""

    turn_key: TurnKey
    details: Document = Field(default_factory=dict)
    by: Who
    said: Text = ""


class CancelIn(Wire):
    """That a request is not wanted any more, and why."""

    turn_key: TurnKey
    reason: Name = ""
    by: Who
    said: Text = ""


class EventIn(Wire):
    """What happened to a request; ``carer_id`` says who is sent."""

    turn_key: TurnKey
    event: RequestEvent
    note: Name = ""
    by: Who
    carer_id: Id | None = None


class RequestOut(Wire):
    """A request: what was promised, and where it stands."""

    id: str
    elder_id: str
    kind: ServiceKind
    state: RequestState
    start: Instant
    end: Instant
    details: dict[str, Any]
    summary: str
    created_at: Instant
    updated_at: Instant
    turn_key: str
    carer: CarerOut | None


class HistoryOut(Wire):
    """One thing that happened to a request; ``event`` is null where it was made or changed."""

    state: RequestState
    event: RequestEvent | None
    at: Instant
    by: str
    note: str


class RequestWithHistoryOut(RequestOut):
    """A request and all that happened to it, oldest first."""

    said: str
    history: list[HistoryOut]


class RequestsOut(Wire):
    """A page of requests, and how many there are in all."""

    requests: list[RequestOut]
    total: int


def request_out(request: Request) -> RequestOut:
    """Return a request as the wire has it."""
    return RequestOut(**_members(request))


def request_with_history(request: Request, history: list[RequestHistory]) -> RequestWithHistoryOut:
    """Return a request with its history as the wire has them."""
    return RequestWithHistoryOut(
        **_members(request),
        said=request.said,
        history=[
            HistoryOut(
                state=row.state,
                event=row.event,
                at=row.at,
                by=f"{row.role}:{row.by_id}" if row.role else row.by_id,
                note=row.note,
            )
            for row in history
        ],
    )


def _members(request: Request) -> dict[str, Any]:
    carer = request.carer
    return {
        "id": request.id,
        "elder_id": request.elder_id,
        "kind": request.kind,
        "state": request.state,
        "start": request.start,
        "end": request.end,
        "details": request.details,
        "summary": request.summary,
        "created_at": request.created_at,
        "updated_at": request.updated_at,
        "turn_key": request.turn_key,
        "carer": CarerOut(id=carer.id, name=carer.name) if carer else None,
    }
