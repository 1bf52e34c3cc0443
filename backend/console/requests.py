"""The log of requests: the list with its filters, views and export, and one request from sound to outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.vocabulary import RequestState, ServiceKind
from backend.auth import views
from backend.auth.models import Account
from backend.care import service as care
from backend.console import request_log, work
from backend.console.csv_safe import lines
from backend.console.frame import At, ConsoleRoute, Page
from backend.console.request_log import RequestFilter
from backend.console.words import moment
from backend.elders.service import get_elder
from backend.errors import BackendError
from backend.ratings import service as ratings
from backend.requests import service
from backend.turns import dialogues
from backend.turns.models import Turn

router = APIRouter(route_class=ConsoleRoute)

RequestId = Annotated[str, Path(max_length=64)]

EXPORTED = 20_000
"""Most rows of one export; who needs more narrows the days."""

_HEAD = ("编号", "长者", "村居", "服务", "状态", "开始", "结束", "内容", "护理员", "提交时间")


@router.get("/console/requests")
def listed(page: At, after: Annotated[str, Query(max_length=120)] = "") -> Response:
    """Show the log."""
    return _list(page, after=after)


@router.get("/console/requests.csv")
def exported(page: At) -> Response:
    """Send the log as a table for a spreadsheet."""
    chosen = _filter(page)

    def rows() -> Iterator[list[object]]:
        after = ""
        for _ in range(EXPORTED // 500):
            with page.here.database.session() as session:
                found, after = request_log.find_requests(
                    session, chosen, after=after, limit=500, now=page.now
                )
            for line in found:
                yield [
                    line.id, line.elder, line.village, line.kind.label, line.state.label, moment(line.start),
                    moment(line.end), line.summary, line.carer, moment(line.created_at),
                ]  # fmt: skip
            if not after:
                return

    page.read("requests", "export", detail=page.request.url.query[:500])
    name = f"requests-{moment(page.now)[:10]}.csv"
    return StreamingResponse(
        lines(_HEAD, rows()),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/console/views/requests")
def keep_view(page: At) -> Response:
    """Keep the filters under a name."""
    query = page.form.get("query")
    page.here.database.transact(
        lambda session: views.save(
            session,
            account_id=page.visitor.account_id,
            page="requests",
            name=page.form.get("name"),
            query=query,
        )
    )
    return page.back(f"/console/requests?{query}" if query else "/console/requests", "saved")


@router.post("/console/views/{view_id}/forget")
def forget_view(page: At, view_id: RequestId) -> Response:
    """Forget a view."""
    page.here.database.transact(
        lambda session: views.forget(session, view_id, account_id=page.visitor.account_id)
    )
    return page.back("/console/requests", "done")


@router.get("/console/requests/{request_id}")
def one(page: At, request_id: RequestId) -> Response:
    """Show one request: what was heard, understood, said, promised, and what came of it."""
    return show_request(page, request_id)


@router.post("/console/requests/{request_id}/{step}")
def act(page: At, request_id: RequestId, step: Annotated[str, Path(max_length=20)]) -> Response:
    """Do what a button says: accept, assign, start, complete, miss, cancel, reject, redispatch, move."""
    try:
        work.act(page, request_id, step)
    except BackendError as error:
        if error.status == 404:
            raise
        return show_request(page, request_id, problem=error.reason, status=error.status)
    return page.back(f"/console/requests/{request_id}", "done")


def show_request(page: Page, request_id: str, *, problem: str = "", status: int = 200) -> Response:
    """Return the page of one request."""
    with page.here.database.session() as session:
        request = service.get(session, request_id)
        elder = get_elder(session, request.elder_id)
        history = service.history(session, request_id)
        turn = _turn_of(session, request.turn_key)
        values: dict[str, Any] = {
            "row": request,
            "elder": elder,
            "village": elder.village.name,
            "carer": request.carer,
            "history": history,
            "names": _names(session, {entry.by_id for entry in history}),
            "rating": ratings.of_request(session, request_id),
            "talk": dialogues.before(session, turn) if turn else [],
            "steps": work.steps(page, request),
            "suggestions": work.suggestions(session, request, elder, now=page.now),
        }
    page.read("requests", f"request:{request_id}")
    return page.show("request.html", status=status, problem=problem, now=page.now, **values)


def _list(page: Page, *, after: str) -> Response:
    chosen = _filter(page)
    params = [(key, value) for key, value in page.request.query_params.multi_items() if key not in _OWN]
    query = urlencode([(key, value) for key, value in params if value])
    with page.here.database.session() as session:
        found, more = request_log.find_requests(session, chosen, after=after, now=page.now)
        values: dict[str, Any] = {
            "villages": request_log.villages(session),
            "tags": request_log.tags(session),
            "carers": care.carers(session),
            "views": views.of(session, account_id=page.visitor.account_id, page="requests"),
        }
    page.read("requests", "list", detail=query[:500])
    onward = "/console/requests?" + urlencode([*params, ("after", more)]) if more else ""
    return page.show(
        "requests.html",
        rows=found,
        wanted=chosen,
        query=query,
        onward=onward,
        first=not after,
        kinds=list(ServiceKind),
        states=list(RequestState),
        now=page.now,
        **values,
    )


_OWN = frozenset({"after", "said"})


def _filter(page: Page) -> RequestFilter:
    """Return the filter of the address; what makes no sense in it is left out."""
    given = page.request.query_params

    def word(name: str) -> str:
        return given.get(name, "")[:100].strip().replace("\x00", "")

    return RequestFilter(
        kinds=tuple(request_log.word_list(ServiceKind, given.getlist("kind"))),
        states=tuple(request_log.word_list(RequestState, given.getlist("state"))),
        tags=tuple(tag[:60] for tag in given.getlist("tag")[:10] if tag),
        village=word("village"),
        carer=word("carer"),
        elder=word("elder"),
        text=word("text"),
        since=request_log.day_of(word("since")),
        until=request_log.day_of(word("until")),
        by_service=word("by") == "service",
        less_sure=request_log.share_of(word("less_sure")),
    )


def _turn_of(session: Session, turn_key: str) -> Turn | None:
    channel, _, message_id = turn_key.split("#")[0].partition(":")
    query = select(Turn).where(Turn.channel == channel, Turn.message_id == message_id)
    return session.scalars(query).one_or_none()


def _names(session: Session, ids: set[str]) -> dict[str, str]:
    query = select(Account.id, Account.name).where(Account.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)}
