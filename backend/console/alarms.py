"""The pages of alarms: who is in need, what was said, whom to call; taken on and ended with a note."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from backend.alarms import service
from backend.console import board
from backend.console.frame import At, ConsoleRoute, Page
from backend.elders.models import Elder
from backend.errors import BackendError, BadInput

router = APIRouter(route_class=ConsoleRoute)

AlarmId = Annotated[str, Path(max_length=64)]


@router.get("/console/alarms")
def everything(page: At) -> Response:
    """Show open alarms and the latest that are over."""
    with page.here.database.session() as session:
        latest = board.alarm_lines(session, board.alarm_columns(), limit=100)
        open_now = board.open_alarms(session)
    page.read("alarms", f"village:{page.visitor.village_id or 'all'}")
    over = [alarm for alarm in latest if alarm.state not in service.OPEN_STATES]
    return page.show("alarms.html", alarms=open_now, over=over, now=page.now)


@router.get("/console/alarms/{alarm_id}")
def one(page: At, alarm_id: AlarmId) -> Response:
    """Show one alarm."""
    return _show(page, alarm_id)


@router.post("/console/alarms/{alarm_id}/acknowledge")
def acknowledge(page: At, alarm_id: AlarmId) -> Response:
    """Take an alarm on; what is being done must be said."""
    return _move(page, alarm_id, service.acknowledge)


@router.post("/console/alarms/{alarm_id}/close")
def close(page: At, alarm_id: AlarmId) -> Response:
    """End an alarm; what came of it must be said."""
    return _move(page, alarm_id, service.close)


def _move(page: Page, alarm_id: str, move: object) -> Response:
    note = page.form.get("note")
    try:
        if not note:
            raise BadInput("A note is needed.", code="note_needed")
        page.here.database.transact(
            lambda session: move(session, alarm_id, by=page.by, note=note, at=page.now)  # type: ignore[operator]
        )
    except service.UnknownAlarm:
        raise
    except BackendError as error:
        return _show(page, alarm_id, problem=error.reason, status=error.status)
    return page.back(f"/console/alarms/{alarm_id}", "done")


def _show(page: Page, alarm_id: str, *, problem: str = "", status: int = 200) -> Response:
    with page.here.database.session() as session:
        alarm = service.get(session, alarm_id)
        elder = session.get(Elder, alarm.elder_id)
        values = {
            "alarm": alarm,
            "elder": elder,
            "history": list(alarm.history),
            "contacts": list(elder.contacts) if elder else [],
            "village": elder.village.name if elder else "",
        }
    page.read("alarms", f"alarm:{alarm_id}")
    return page.show(
        "alarm.html",
        status=status,
        **values,
        problem=problem,
        now=page.now,
        is_open=alarm.state in service.OPEN_STATES,
        is_raised=str(alarm.state) == "raised",
    )
