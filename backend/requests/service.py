"""What requests do: they are made, changed, cancelled and moved, each in one transaction keyed by its turn.

Idempotency key, reservation, request, history and audit are committed together or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from assistant.vocabulary import (
    ALLOWED_ROLES,
    CHANGEABLE_STATES,
    OPEN_STATES,
    RequestEvent,
    RequestState,
    Role,
    ServiceKind,
)
from backend.audit import service as audit
from backend.database import claim, identify, settle
from backend.elders.service import get_elder
from backend.errors import Forbidden, NotFound
from backend.requests import lifecycle, telling
from backend.requests.ask import Ask, Booked
from backend.requests.booking import book, release
from backend.requests.details import KINDS, RESERVING, merged, parse, standing
from backend.requests.dispatch import dispatch
from backend.requests.models import Request, RequestHistory
from backend.requests.schemas import CancelIn, ChangeIn, CreateIn, EventIn, Who
from backend.requests.summary import summarise
from backend.requests.watching import ask_to_rate, settled, watch
from backend.settings import Settings

CHANGED = "changed"
"""The note of a history row that is a change, not a move."""

GRACE = timedelta(minutes=30)
"""How long after its window a request that was assigned counts as missed."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What a service function works with.

    Attributes:
        session: a write session.
        now: the present.
        settings: the backend's settings.
    """

    session: Session
    now: datetime
    settings: Settings


def create(desk: Desk, sent: CreateIn) -> tuple[Request, bool]:
    """Make a request and reserve what it needs; return it, and whether this call made it.

    Raises:
        KeyReused: the turn key was used for something else.
        BackendError: what booking refuses; then nothing is written.
    """
    session = desk.session
    body = sent.model_dump(mode="json", exclude={"turn_key"})
    known = claim(session, turn_key=sent.turn_key, action="requests.create", body=body)
    if known is not None:
        return get(session, known), False
    request_id = identify("request", sent.turn_key)
    settle(
        session,
        turn_key=sent.turn_key,
        action="requests.create",
        body=body,
        target_id=request_id,
        at=desk.now,
    )
    elder = get_elder(session, sent.elder_id)
    by = sent.by or Who(role=Role.ELDER, id=sent.elder_id)
    _herself(by, sent.elder_id)
    asked = {
        "details": {key: value for key, value in sent.details.items() if value is not None},
        "start": sent.start.isoformat() if sent.start else None,
        "end": sent.end.isoformat() if sent.end else None,
    }
    request = Request(
        id=request_id,
        elder_id=elder.id,
        kind=sent.kind,
        state=RequestState.SUBMITTED,
        start=desk.now,
        end=desk.now,
        details={},
        asked=asked,
        said=sent.said,
        turn_key=sent.turn_key,
        created_at=desk.now,
        updated_at=desk.now,
    )
    session.add(request)
    session.flush()  # what is reserved refers to this row
    booked = book(sent.kind, _ask(desk, request))
    promise(session, request, booked)
    session.flush()
    lifecycle.remember(
        session, request, event=None, by=by, turn_key=sent.turn_key, now=desk.now, said=sent.said
    )
    lifecycle.move(session, request, RequestEvent.ACCEPT, by=None, turn_key=sent.turn_key, now=desk.now)
    watch(session, request, now=desk.now)
    telling.tell(session, request, telling.BOOKED, by, key="booked", now=desk.now)
    _audit(desk, request, by, "requests.create", sent.turn_key)
    return request, True


def change(desk: Desk, request_id: str, sent: ChangeIn) -> Request:
    """Let go of what a request holds and take what is wanted instead; on a refusal nothing changes.

    Raises:
        NotAllowed: the request's state, or the role, does not allow it.
        BackendError: what booking refuses.
    """
    session = desk.session
    body = {"request_id": request_id, **sent.model_dump(mode="json", exclude={"turn_key"})}
    if claim(session, turn_key=sent.turn_key, action="requests.change", body=body) is not None:
        return get(session, request_id)
    settle(
        session,
        turn_key=sent.turn_key,
        action="requests.change",
        body=body,
        target_id=request_id,
        at=desk.now,
    )
    request = _locked(session, request_id)
    _herself(sent.by, request.elder_id)
    if request.state not in CHANGEABLE_STATES or sent.by.role not in ALLOWED_ROLES[RequestEvent.CANCEL]:
        raise lifecycle.refusal(request.state, "change")
    moved = sent.start is not None
    asked = request.asked
    details = merged(standing(asked["details"], request.details), sent.details, moved=moved)
    request.asked = {
        "details": details,
        "start": sent.start.isoformat() if sent.start else asked["start"],
        "end": sent.end.isoformat() if sent.end else (None if moved else asked["end"]),
    }
    if moved or set(sent.details) & RESERVING[request.kind]:
        release(session, request.id)
        promise(session, request, book(request.kind, _ask(desk, request)))
    else:
        parse(KINDS[request.kind], details)
        request.details = merged(request.details, sent.details, moved=False)
    request.updated_at = desk.now
    session.flush()
    lifecycle.remember(
        session,
        request,
        event=None,
        by=sent.by,
        turn_key=sent.turn_key,
        now=desk.now,
        note=CHANGED,
        said=sent.said,
    )
    watch(session, request, now=desk.now)
    telling.tell(session, request, telling.CHANGED, sent.by, key=sent.turn_key, now=desk.now)
    _audit(desk, request, sent.by, "requests.change", sent.turn_key)
    return request


def cancel(desk: Desk, request_id: str, sent: CancelIn) -> Request:
    """Cancel a request and let go of what it holds.

    Raises:
        NotAllowed: it is over already, or the role may not.
    """
    body = {"request_id": request_id, **sent.model_dump(mode="json", exclude={"turn_key"})}
    return _event(
        desk, request_id, RequestEvent.CANCEL, "requests.cancel", body,
        by=sent.by, turn_key=sent.turn_key, note=sent.reason, said=sent.said,
    )  # fmt: skip


def apply_event(desk: Desk, request_id: str, sent: EventIn) -> Request:
    """Move a request; who is assigned or sent again is reserved, who cancels or rejects lets go.

    Raises:
        NotAllowed: the table has no such move, or the role may not make it.
        CarerBusy: whoever is to be sent is not free.
    """
    body = {"request_id": request_id, **sent.model_dump(mode="json", exclude={"turn_key"})}
    return _event(
        desk, request_id, sent.event, "requests.event", body,
        by=sent.by, turn_key=sent.turn_key, note=sent.note, carer_id=sent.carer_id,
    )  # fmt: skip


def miss(desk: Desk, request_id: str, *, turn_key: str, note: str = "") -> Request:
    """Write, as the system, that nobody came in the window of a request.

    Raises:
        NotAllowed: the request is not assigned.
    """
    body = {"request_id": request_id, "note": note}
    return _event(
        desk, request_id, RequestEvent.MISS, "requests.miss", body, by=None, turn_key=turn_key, note=note
    )


def note_confidence(session: Session, request_ids: Sequence[str], confidence: float) -> None:
    """Write down how surely the wishes behind some requests were understood."""
    session.execute(
        update(Request)
        .where(Request.id.in_(request_ids), Request.confidence.is_(None))
        .values(confidence=confidence)
        .execution_options(synchronize_session=False)
    )


def overdue(session: Session, *, now: datetime, grace: timedelta = GRACE) -> list[Request]:
    """Return the assigned requests whose window has been over for ``grace``, the oldest first."""
    query = select(Request).where(Request.state == RequestState.ASSIGNED, Request.end < now - grace)
    return list(session.scalars(query.order_by(Request.start, Request.id)))


def get(session: Session, request_id: str) -> Request:
    """Return a request.

    Raises:
        NotFound: ``unknown_request``.
    """
    request = session.get(Request, request_id)
    if request is None:
        raise NotFound("There is no request with this id.", code="unknown_request")
    return request


def history(session: Session, request_id: str) -> list[RequestHistory]:
    """Return all that happened to a request, oldest first."""
    query = select(RequestHistory).where(RequestHistory.request_id == request_id)
    return list(session.scalars(query.order_by(RequestHistory.id)))


def find(
    session: Session,
    *,
    elder_id: str | None = None,
    kind: ServiceKind | None = None,
    states: list[RequestState] | None = None,
    only_open: bool | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Request], int]:
    """Return a page of requests, and how many there are.

    Those to come (``only_open``, or a ``start``) are listed soonest first, all others newest first.

    Args:
        session: any session.
        elder_id: whose.
        kind: of which kind.
        states: in one of these states.
        only_open: True for those that can still move, False for those that are over.
        start: whose window ends at or after this.
        end: whose window begins before this.
        limit: rows in the page.
        offset: rows before it.
    """
    query: Select[Any] = select(Request)
    if elder_id:
        query = query.where(Request.elder_id == elder_id)
    if kind:
        query = query.where(Request.kind == kind)
    if states:
        query = query.where(Request.state.in_(states))
    if only_open is not None:
        still = Request.state.in_(sorted(OPEN_STATES))
        query = query.where(still if only_open else ~still)
    if start:
        query = query.where(Request.end >= start)
    if end:
        query = query.where(Request.start < end)
    total = session.scalar(query.with_only_columns(func.count(Request.id))) or 0
    order = [Request.start, Request.id] if only_open or start else [Request.start.desc(), Request.id.desc()]
    return list(session.scalars(query.order_by(*order).limit(limit).offset(offset))), total


def _event(
    desk: Desk,
    request_id: str,
    event: RequestEvent,
    action: str,
    body: dict[str, Any],
    *,
    by: Who | None,
    turn_key: str,
    note: str = "",
    said: str = "",
    carer_id: str | None = None,
) -> Request:
    session = desk.session
    if claim(session, turn_key=turn_key, action=action, body=body) is not None:
        return get(session, request_id)
    settle(session, turn_key=turn_key, action=action, body=body, target_id=request_id, at=desk.now)
    request = _locked(session, request_id)
    if by is not None:
        _herself(by, request.elder_id)
    lifecycle.check(request, event, by)
    if event in (RequestEvent.CANCEL, RequestEvent.REJECT):
        release(session, request.id)
    if event in (RequestEvent.ASSIGN, RequestEvent.REDISPATCH):
        booked = dispatch(_ask(desk, request), request, event, carer_id)
        if booked is not None:
            promise(session, request, booked)
    lifecycle.move(session, request, event, by=by, turn_key=turn_key, now=desk.now, note=note, said=said)
    settled(session, request, now=desk.now)
    watch(session, request, now=desk.now)
    if event is RequestEvent.COMPLETE:
        ask_to_rate(session, request, now=desk.now)
    if event is RequestEvent.CANCEL:
        telling.tell(session, request, telling.CANCELLED, by, key=turn_key, now=desk.now)
    _audit(desk, request, by, action, turn_key)
    return request


def _locked(session: Session, request_id: str) -> Request:
    query = select(Request).where(Request.id == request_id).with_for_update(of=Request)
    request = session.scalars(query).one_or_none()
    if request is None:
        raise NotFound("There is no request with this id.", code="unknown_request")
    return request


def _ask(desk: Desk, request: Request) -> Ask:
    asked = request.asked
    return Ask(
        session=desk.session,
        request_id=request.id,
        elder=get_elder(desk.session, request.elder_id),
        details=asked["details"],
        start=datetime.fromisoformat(asked["start"]) if asked["start"] else None,
        end=datetime.fromisoformat(asked["end"]) if asked["end"] else None,
        now=desk.now,
        settings=desk.settings,
        carer_id=request.carer_id,
    )


def promise(session: Session, request: Request, booked: Booked) -> None:
    """Write into a request what was reserved for it."""
    request.start, request.end = booked.start, booked.end
    request.details = booked.details
    request.carer_id = booked.carer_id
    request.summary = summarise(request.kind, booked.details, booked.start, booked.end)
    session.flush()
    session.expire(request, ["carer"])  # it may be another one now


def _herself(by: Who, elder_id: str) -> None:
    if by.role is Role.ELDER and by.id != elder_id:
        raise Forbidden("An elder acts for herself only.")


def _audit(desk: Desk, request: Request, by: Who | None, action: str, turn_key: str) -> None:
    desk.session.flush()
    audit.record(
        desk.session,
        actor=by.actor if by else lifecycle.SYSTEM,
        action=action,
        target=f"request:{request.id}",
        detail={
            "turn_key": turn_key,
            "elder_id": request.elder_id,
            "state": request.state.value,
            "summary": request.summary,
        },
        at=desk.now,
    )
