"""The board of check-ins: whom we ask today, who answered, who did not, and what was done about it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from assistant.vocabulary import CheckInChannel, CheckInOutcome, word_of
from backend.checkins import board, rounds
from backend.checkins import service as checkins
from backend.checkins.models import RoundState
from backend.clock import TOWN_ZONE, town_day
from backend.console import request_log
from backend.console.frame import At, ConsoleRoute, Page
from backend.errors import BackendError, BadInput

router = APIRouter(route_class=ConsoleRoute)

Day = Annotated[str, Query(max_length=10)]

MISSED = (RoundState.ASKED_AGAIN, RoundState.FAMILY_TOLD, RoundState.PEOPLE_TOLD, RoundState.LATE)
ANSWERED = (RoundState.ANSWERED, RoundState.HEARD, RoundState.VISITED)


@router.get("/console/checkins")
def shown(page: At, day: Day = "") -> Response:
    """Show the board of a day."""
    return _show(page, "checkins.html", day)


@router.get("/console/checkins/board")
def live(page: At, day: Day = "") -> Response:
    """Show the board alone, for a page that is open already."""
    return _show(page, "checkins_board.html", day)


@router.post("/console/rounds/{round_id}/found")
def found(page: At, round_id: Annotated[str, Path(max_length=64)]) -> Response:
    """Write down how somebody was found who had not answered."""
    form = page.form

    def work(session: Session) -> None:
        row = rounds.get(session, round_id)
        if not form.get("note"):
            raise BadInput("A note is needed.", code="note_needed")
        before = row.checkin_id if row.state in MISSED else None
        made, _ = checkins.create(
            session,
            turn_key=page.turn_key,
            elder_id=row.elder_id,
            channel=word_of(CheckInChannel, form.get("channel")),
            outcome=word_of(CheckInOutcome, form.get("outcome")),
            notes=form.get("note")[:2000],
            by=page.by,
            at=page.now,
        )
        if before is not None and before != made.id:  # the missed one is what was followed up
            checkins.follow_up(session, before, by=page.by, note=form.get("note")[:400], at=page.now)

    try:
        try:
            page.here.database.transact(work)
        except ValueError:
            raise BadInput from None
    except BackendError as error:
        if error.status == 404:
            raise
        return _show(page, "checkins.html", "", problem=error.reason, status=error.status)
    return page.back("/console/checkins", "done")


def _show(page: Page, template: str, day: str, *, problem: str = "", status: int = 200) -> Response:
    now, today = page.now, town_day(page.now)
    chosen = request_log.day_of(day) or today
    begin = datetime.combine(chosen, time(), TOWN_ZONE)
    with page.here.database.session() as session:
        asked = board.asked(session, since=begin, until=begin + timedelta(days=1))
        values: dict[str, Any] = {
            "missed": [row for row in asked if row.state in MISSED],
            "waiting": [row for row in asked if row.state is RoundState.ASKED],
            "answered": [row for row in asked if row.state in ANSWERED],
            "coming": board.coming(session, until=begin + timedelta(days=1)) if chosen == today else [],
            "unasked": board.without_rhythm(session),
        }
    page.read("checkins", "board", detail=chosen.isoformat())
    return page.show(
        template,
        status=status,
        problem=problem,
        day=chosen,
        today=today,
        now=now,
        channels=list(CheckInChannel),
        outcomes=list(CheckInOutcome),
        **values,
    )
