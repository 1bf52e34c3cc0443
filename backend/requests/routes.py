"""Routes of requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from assistant.vocabulary import RequestState, ServiceKind
from backend.access import Caller, Here, Parts, audited
from backend.requests import service
from backend.requests.schemas import (
    CancelIn,
    ChangeIn,
    CreateIn,
    EventIn,
    RequestOut,
    RequestsOut,
    RequestWithHistoryOut,
    request_out,
    request_with_history,
)
from backend.requests.service import Desk
from backend.wire import Id, Instant

router = APIRouter(tags=["requests"])

RequestId = Annotated[Id, Path()]
T = TypeVar("T")


def _at_desk(here: Parts, work: Callable[[Desk], T]) -> T:
    def run(session: Session) -> T:
        return work(Desk(session=session, now=here.clock.now(), settings=here.settings))

    return here.database.transact(run)


@router.post("/requests", status_code=201, responses={200: {"model": RequestOut}})
def create(sent: CreateIn, here: Here, response: Response) -> RequestOut:
    """Make a request and reserve what it needs; 200 where this turn key made it before."""

    def work(desk: Desk) -> tuple[RequestOut, bool]:
        request, made = service.create(desk, sent)
        return request_out(request), made

    out, made = _at_desk(here, work)
    response.status_code = 201 if made else 200
    return out


@router.get("/requests")
def find(
    here: Here,
    caller: Caller,
    elder_id: Id | None = None,
    kind: ServiceKind | None = None,
    state: Annotated[list[RequestState] | None, Query()] = None,
    only_open: Annotated[bool | None, Query(alias="open")] = None,
    start: Instant | None = None,
    end: Instant | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> RequestsOut:
    """Return requests: those to come (``open=true``, or a ``start``) soonest first, else newest first."""

    def work(session: Session) -> RequestsOut:
        rows, total = service.find(
            session,
            elder_id=elder_id,
            kind=kind,
            states=state,
            only_open=only_open,
            start=start,
            end=end,
            limit=limit,
            offset=offset,
        )
        return RequestsOut(requests=[request_out(row) for row in rows], total=total)

    target = f"elder:{elder_id}" if elder_id else "elders"
    return audited(here, caller, what="requests", target=target, read=work)


@router.get("/requests/{request_id}")
def read(request_id: RequestId, here: Here, caller: Caller) -> RequestWithHistoryOut:
    """Return a request with its history."""

    def work(session: Session) -> RequestWithHistoryOut:
        request = service.get(session, request_id)
        return request_with_history(request, service.history(session, request_id))

    return audited(here, caller, what="requests", target=f"request:{request_id}", read=work)


@router.post("/requests/{request_id}/change")
def change(request_id: RequestId, sent: ChangeIn, here: Here) -> RequestOut:
    """Change a request: what is limited is let go and taken anew in one transaction."""
    return _at_desk(here, lambda desk: request_out(service.change(desk, request_id, sent)))


@router.post("/requests/{request_id}/cancel")
def cancel(request_id: RequestId, sent: CancelIn, here: Here) -> RequestOut:
    """Cancel a request and let go of what it holds."""
    return _at_desk(here, lambda desk: request_out(service.cancel(desk, request_id, sent)))


@router.post("/requests/{request_id}/events")
def event(request_id: RequestId, sent: EventIn, here: Here) -> RequestOut:
    """Move a request: accept, assign, start, complete, reject, miss, redispatch or cancel."""
    return _at_desk(here, lambda desk: request_out(service.apply_event(desk, request_id, sent)))
