"""Routes of the alarms room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from assistant.vocabulary import AlarmState
from backend.access import Caller, Here
from backend.alarms import ladder, service
from backend.alarms.models import Alarm
from backend.alarms.schemas import (
    AlarmAcknowledged,
    AlarmIn,
    AlarmMove,
    AlarmOut,
    AlarmsOut,
    AlarmWords,
    LadderIn,
    LadderOut,
)
from backend.wire import Id, Instant

router = APIRouter(tags=["alarms"])


@router.get("/alarms")
def find(
    here: Here,
    elder_id: Id | None = None,
    state: Annotated[list[AlarmState] | None, Query()] = None,
    since: Instant | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AlarmsOut:
    """Return alarms, newest first; ``state`` may be given more than once."""
    states = frozenset(state) if state else None
    with here.database.session() as session:
        rows = service.find(session, elder_id=elder_id, states=states, since=since, limit=limit)
        return AlarmsOut(alarms=[AlarmOut.model_validate(row) for row in rows])


@router.post("/alarms", status_code=201)
def raise_alarm(here: Here, body: AlarmIn) -> AlarmOut:
    """Raise an alarm from outside the conversation; the same key again gives the same alarm."""
    now = here.clock.now()
    return here.database.transact(
        lambda session: AlarmOut.model_validate(
            service.raise_alarm(
                session,
                elder_id=body.elder_id,
                category=body.category,
                words=body.words,
                channel=body.channel,
                turn_key=body.turn_key,
                at=now,
            )
        )
    )


@router.get("/alarms/{alarm_id}")
def get(here: Here, alarm_id: Id) -> AlarmOut:
    """Return one alarm with its history."""
    with here.database.session() as session:
        return AlarmOut.model_validate(service.get(session, alarm_id))


@router.post("/alarms/{alarm_id}/acknowledge")
def acknowledge(here: Here, alarm_id: Id, body: AlarmAcknowledged) -> AlarmOut:
    """Take an alarm on: its ladder stops."""
    return _move(here, alarm_id, body, service.acknowledge)


@router.post("/alarms/{alarm_id}/close")
def close(here: Here, alarm_id: Id, body: AlarmMove) -> AlarmOut:
    """End an alarm that was looked after."""
    return _move(here, alarm_id, body, service.close)


@router.post("/alarms/{alarm_id}/cancel")
def cancel(here: Here, alarm_id: Id, body: AlarmMove) -> AlarmOut:
    """Mark an alarm as taken back by the elder."""
    return _move(here, alarm_id, body, service.cancel)


@router.post("/alarms/{alarm_id}/words")
def add_words(here: Here, alarm_id: Id, body: AlarmWords) -> AlarmOut:
    """Write down what the elder said after the words that raised the alarm."""
    now = here.clock.now()
    return here.database.transact(
        lambda session: AlarmOut.model_validate(
            service.add_words(session, alarm_id, words=body.words, at=now)
        )
    )


@router.get("/elders/{elder_id}/ladder")
def read_ladder(here: Here, elder_id: Id) -> LadderOut:
    """Return whom to tell of an elder's alarms, in order."""
    with here.database.session() as session:
        return LadderOut.model_validate(ladder.described(session, elder_id))


@router.put("/elders/{elder_id}/ladder")
def write_ladder(here: Here, caller: Caller, elder_id: Id, body: LadderIn) -> LadderOut:
    """Write down whom to tell of an elder's alarms."""
    now = here.clock.now()

    def work(session: Session) -> LadderOut:
        rungs = [rung.model_dump() for rung in body.rungs]
        ladder.set_ladder(session, elder_id, rungs=rungs, repeat_s=body.repeat_s, by=caller, at=now)
        return LadderOut.model_validate(ladder.described(session, elder_id))

    return here.database.transact(work)


def _move(
    here: Here, alarm_id: str, body: AlarmMove | AlarmAcknowledged, move: Callable[..., Alarm]
) -> AlarmOut:
    now = here.clock.now()
    return here.database.transact(
        lambda session: AlarmOut.model_validate(move(session, alarm_id, by=body.by, note=body.note, at=now))
    )
