"""Rating a finished service from the console: what the elder said of it when somebody asked her."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from backend.console.frame import At, ConsoleRoute
from backend.console.requests import show_request
from backend.errors import BackendError
from backend.ratings import service
from backend.ratings.schemas import RatingIn
from backend.requests.schemas import Who

router = APIRouter(route_class=ConsoleRoute)


@router.post("/console/requests/{request_id}/rating")
def rate(page: At, request_id: Annotated[str, Path(max_length=64)]) -> Response:
    """Write down how the elder found it."""
    stars = page.form.get("stars")
    if stars not in ("1", "2", "3", "4", "5"):
        return show_request(page, request_id, problem="stars_needed", status=422)
    who = Who(role=page.visitor.role, id=page.visitor.account_id)
    sent = RatingIn(turn_key=page.turn_key, stars=int(stars), said=page.form.get("said")[:400], by=who)
    try:
        page.here.database.transact(lambda session: service.rate(session, request_id, sent, now=page.now))
    except BackendError as error:
        if error.status == 404:
            raise
        return show_request(page, request_id, problem=error.reason, status=error.status)
    return page.back(f"/console/requests/{request_id}", "done")
