"""Routes of the notifications room: handovers and reminders."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.access import Here
from backend.notifications.models import HandoverState, ReminderState
from backend.notifications.schemas import (
    HandoverDone,
    HandoverIn,
    HandoverOut,
    HandoversOut,
    OccurrenceOut,
    OccurrencesOut,
    ReminderIn,
    ReminderMove,
    ReminderOut,
    RemindersOut,
)
from backend.notifications.service import handovers, reminders, reminding
from backend.wire import Id

router = APIRouter(tags=["notifications"])

Limit = Annotated[int, Query(ge=1, le=500)]


@router.post("/handovers", status_code=201, responses={200: {"description": "The same key came before."}})
def ask_for_a_person(here: Here, body: HandoverIn, response: Response) -> HandoverOut:
    """Ask a person to call back; the same key again gives the same row."""
    now = here.clock.now()
    row, fresh = here.database.transact(
        lambda session: handovers.create(
            session,
            turn_key=body.turn_key,
            elder_id=body.elder_id,
            reason=body.reason,
            said=body.said,
            at=now,
        )
    )
    if not fresh:
        response.status_code = 200
    return HandoverOut.model_validate(row)


@router.get("/handovers")
def find_handovers(
    here: Here, elder_id: Id | None = None, state: HandoverState | None = None, limit: Limit = 100
) -> HandoversOut:
    """Return handovers, who waits longest first."""
    with here.database.session() as session:
        rows = handovers.find(session, elder_id=elder_id, state=state, limit=limit)
    return HandoversOut(handovers=[HandoverOut.model_validate(row) for row in rows])


@router.post("/handovers/{handover_id}/done")
def finish_handover(here: Here, handover_id: Id, body: HandoverDone) -> HandoverOut:
    """Write down that somebody called back."""
    now = here.clock.now()
    row = here.database.transact(
        lambda session: handovers.finish(session, handover_id, by=body.by, note=body.note, at=now)
    )
    return HandoverOut.model_validate(row)


@router.post("/reminders", status_code=201, responses={200: {"description": "The same key came before."}})
def remember(here: Here, body: ReminderIn, response: Response) -> ReminderOut:
    """Write a reminder down; the same key again gives the same row."""
    now = here.clock.now()
    row, fresh = here.database.transact(
        lambda session: reminders.create(
            session,
            turn_key=body.turn_key,
            elder_id=body.elder_id,
            text=body.text,
            start=body.start,
            repeat=body.repeat,
            said=body.said,
            at=now,
        )
    )
    if not fresh:
        response.status_code = 200
    return ReminderOut.model_validate(row)


@router.get("/reminders")
def find_reminders(
    here: Here, elder_id: Id | None = None, state: ReminderState | None = None, limit: Limit = 100
) -> RemindersOut:
    """Return reminders, the soonest first."""
    with here.database.session() as session:
        rows = reminders.find(session, elder_id=elder_id, state=state, limit=limit)
    return RemindersOut(reminders=[ReminderOut.model_validate(row) for row in rows])


@router.get("/reminders/occurrences")
def find_occurrences(
    here: Here, elder_id: Id | None = None, reminder_id: Id | None = None, limit: Limit = 100
) -> OccurrencesOut:
    """Return what was said of reminders and what was answered, the latest first."""
    with here.database.session() as session:
        rows = reminding.find(session, elder_id=elder_id, reminder_id=reminder_id, limit=limit)
    return OccurrencesOut(occurrences=[OccurrenceOut.model_validate(row) for row in rows])


@router.post("/reminders/{reminder_id}/done")
def finish_reminder(here: Here, reminder_id: Id, body: ReminderMove) -> ReminderOut:
    """Write down that a reminder was given for the last time."""
    return _end(here, reminder_id, ReminderState.DONE, body)


@router.post("/reminders/{reminder_id}/cancel")
def cancel_reminder(here: Here, reminder_id: Id, body: ReminderMove) -> ReminderOut:
    """Take a reminder back."""
    return _end(here, reminder_id, ReminderState.CANCELLED, body)


def _end(here: Here, reminder_id: str, state: ReminderState, body: ReminderMove) -> ReminderOut:
    now = here.clock.now()
    row = here.database.transact(
        lambda session: reminders.end(session, reminder_id, state, by=body.by, at=now)
    )
    return ReminderOut.model_validate(row)
