"""The day's page: everything that needs somebody, with the way to act on it in the same line."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from assistant.vocabulary import AlarmState
from backend.auth import sign_in
from backend.checkins import service as checkins
from backend.console import board
from backend.console.frame import At, ConsoleRoute, Page
from backend.errors import BadInput
from backend.notifications.service import handovers

router = APIRouter(route_class=ConsoleRoute)

RowId = Annotated[str, Path(max_length=64)]


@router.get("/console")
def today(page: At) -> Response:
    """Show the day."""
    return page.show("today.html", **_board(page))


@router.get("/console/today/board")
def live(page: At) -> Response:
    """Show the day's board alone, for a page that is open already."""
    return page.show("today_board.html", **_board(page))


@router.get("/console/alarm-banner")
def banner(page: At) -> Response:
    """Show the banner that stands on every page while an alarm is open."""
    with page.here.database.session() as session:
        alarms = board.open_alarms(session)
    return page.show(
        "alarm_banner.html",
        alarms=alarms,
        raised=sum(1 for alarm in alarms if alarm.state is AlarmState.RAISED),
        now=page.now,
    )


@router.post("/console/looked")
def looked(page: At) -> Response:
    """Remember that she has seen all that changed until now."""
    page.here.database.transact(lambda session: sign_in.look(session, page.visitor.account_id, now=page.now))
    return page.back("/console")


@router.post("/console/handovers/{handover_id}/done")
def called_back(page: At, handover_id: RowId) -> Response:
    """Write down that somebody called back."""
    page.here.database.transact(
        lambda session: handovers.finish(
            session, handover_id, by=page.by, note=page.form.get("note"), at=page.now
        )
    )
    return page.back("/console", "done")


@router.post("/console/checkins/{checkin_id}/follow-up")
def followed_up(page: At, checkin_id: RowId) -> Response:
    """Write down what was done about a check-in."""
    note = page.form.get("note")
    if not note:
        raise BadInput("A note is needed.", code="note_needed")
    page.here.database.transact(
        lambda session: checkins.follow_up(session, checkin_id, by=page.by, note=note, at=page.now)
    )
    return page.back("/console", "done")


def _board(page: Page) -> dict[str, Any]:
    now = page.now
    with page.here.database.session() as session:
        waiting, waiting_total = board.waiting(session, now=now)
        silent, silent_total = board.silent(session, now=now)
        found: dict[str, Any] = {
            "now": now,
            "alarms": board.open_alarms(session),
            "waiting": waiting,
            "waiting_total": waiting_total,
            "due": board.due(session, now=now),
            "silent": silent,
            "silent_total": silent_total,
            "callbacks": board.callbacks(session),
            "unfollowed": board.unfollowed(session, now=now),
            "changes": board.changes(session, since=page.visitor.looked_at),
        }
    page.read("today", f"village:{page.visitor.village_id or 'all'}")
    return found
