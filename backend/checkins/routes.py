"""Routes of the check-ins room."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from assistant.vocabulary import CheckInOutcome
from backend.access import Here
from backend.checkins import service
from backend.checkins.schemas import CheckInIn, CheckInOut, CheckInsOut, FollowUpIn
from backend.wire import Id, Instant

router = APIRouter(tags=["checkins"])


@router.post("/checkins", status_code=201, responses={200: {"description": "The same key came before."}})
def create(here: Here, body: CheckInIn, response: Response) -> CheckInOut:
    """Write a check-in down; the same key again gives the same row."""
    now = here.clock.now()
    row, fresh = here.database.transact(
        lambda session: service.create(
            session,
            turn_key=body.turn_key,
            elder_id=body.elder_id,
            channel=body.channel,
            outcome=body.outcome,
            mood=body.mood,
            notes=body.notes,
            said=body.said,
            by=body.by,
            at=now,
        )
    )
    if not fresh:
        response.status_code = 200
    return CheckInOut.model_validate(row)


@router.get("/checkins")
def find(
    here: Here,
    elder_id: Id | None = None,
    outcome: CheckInOutcome | None = None,
    since: Instant | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> CheckInsOut:
    """Return check-ins, newest first."""
    with here.database.session() as session:
        rows = service.find(session, elder_id=elder_id, outcome=outcome, since=since, limit=limit)
    return CheckInsOut(checkins=[CheckInOut.model_validate(row) for row in rows])


@router.post("/checkins/{checkin_id}/follow-up")
def follow_up(here: Here, checkin_id: Id, body: FollowUpIn) -> CheckInOut:
    """Write down what was done about a check-in."""
    now = here.clock.now()
    row = here.database.transact(
        lambda session: service.follow_up(session, checkin_id, by=body.by, note=body.note, at=now)
    )
    return CheckInOut.model_validate(row)
