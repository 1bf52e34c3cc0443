"""Routes of the check-ins room."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from assistant.vocabulary import CheckInOutcome
from backend.access import Caller, Here
from backend.checkins import memory, rounds, service
from backend.checkins.schemas import (
    CheckInIn,
    CheckInOut,
    CheckInsOut,
    FollowUpIn,
    RememberedListOut,
    RememberedOut,
    RhythmIn,
    RhythmOut,
    RoundOut,
    RoundsOut,
)
from backend.elders.service import get_elder
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


@router.get("/checkins/rounds")
def find_rounds(
    here: Here,
    elder_id: Id | None = None,
    unsettled: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> RoundsOut:
    """Return when elders were asked how they are and what came of it, the latest first."""
    with here.database.session() as session:
        rows = rounds.find(session, elder_id=elder_id, unsettled=unsettled, limit=limit)
        return RoundsOut(rounds=[RoundOut.model_validate(row) for row in rows])


@router.get("/elders/{elder_id}/remembered")
def read_remembered(here: Here, elder_id: Id) -> RememberedListOut:
    """Return what an elder told of her life, each with its turn; she erases it by voice (别记这个)."""
    with here.database.session() as session:
        get_elder(session, elder_id)
        rows = memory.find(session, elder_id)
        return RememberedListOut(remembered=[RememberedOut.model_validate(row) for row in rows])


@router.get("/elders/{elder_id}/rhythm")
def read_rhythm(here: Here, elder_id: Id) -> RhythmOut:
    """Return when an elder is asked how she is."""
    with here.database.session() as session:
        return RhythmOut.model_validate(rounds.described(session, elder_id))


@router.put("/elders/{elder_id}/rhythm")
def write_rhythm(here: Here, caller: Caller, elder_id: Id, body: RhythmIn) -> RhythmOut:
    """Write down when an elder is asked how she is."""
    now = here.clock.now()

    def work(session: Session) -> RhythmOut:
        rounds.set_rhythm(session, elder_id, times=body.times, by=caller, now=now)
        return RhythmOut.model_validate(rounds.described(session, elder_id))

    return here.database.transact(work)
