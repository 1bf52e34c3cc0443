"""The life of a request: every move goes through the vocabulary's table and into the history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assistant.vocabulary import ALLOWED_ROLES, RequestEvent, RequestState, next_state
from backend.errors import NotAllowed
from backend.requests.models import Request, RequestHistory
from backend.requests.schemas import Who

SYSTEM = "system"
"""Who moves a request where no person does: accepting what a constraint holds, noticing what was missed."""

SYSTEM_EVENTS = frozenset(
    {
        RequestEvent.ACCEPT,
        RequestEvent.ASSIGN,
        RequestEvent.MISS,
        RequestEvent.REDISPATCH,
        RequestEvent.START,
        RequestEvent.COMPLETE,
    }
)
"""What the system does by itself: what a constraint holds is accepted and assigned, who did not come is noted
and somebody else sent, and what the elder herself says of it (they came, I have eaten) is taken down."""


def move(
    session: Session,
    request: Request,
    event: RequestEvent,
    *,
    by: Who | None,
    turn_key: str,
    now: datetime,
    note: str = "",
    said: str = "",
) -> None:
    """Move a request and write it into the history; ``by`` None is the system.

    Raises:
        NotAllowed: the table has no such move, or whoever moves it may not.
    """
    request.state = check(request, event, by)
    request.updated_at = now
    remember(session, request, event=event, by=by, turn_key=turn_key, now=now, note=note, said=said)


def check(request: Request, event: RequestEvent, by: Who | None) -> RequestState:
    """Return the state to which an event would move a request.

    Raises:
        NotAllowed: as in :func:`move`.
    """
    following = next_state(request.state, event)
    allowed = event in SYSTEM_EVENTS if by is None else by.role in ALLOWED_ROLES[event]
    if following is None or not allowed:
        raise refusal(request.state, event.value)
    return following


def remember(
    session: Session,
    request: Request,
    *,
    event: RequestEvent | None,
    by: Who | None,
    turn_key: str,
    now: datetime,
    note: str = "",
    said: str = "",
) -> None:
    """Add to the history how a request stands now."""
    session.add(
        RequestHistory(
            request_id=request.id,
            state=request.state,
            event=event,
            at=now,
            role=by.role if by else None,
            by_id=by.id if by else SYSTEM,
            note=note,
            said=said,
            turn_key=turn_key,
            details={"details": request.details, "start": _utc(request.start), "end": _utc(request.end)},
        )
    )
    session.flush()


def refusal(state: RequestState, wish: str) -> NotAllowed:
    """Return the error of a move that cannot be."""
    return NotAllowed(extra={"state": state.value, "event": wish, "alternatives": []})


def _utc(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
