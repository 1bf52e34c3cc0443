"""Routes of the book of elders. Every read of personal data is audited."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from sqlalchemy.orm import Session

from assistant.vocabulary import Diet, ReadingKind
from backend.access import Caller, Here, audited
from backend.database import word_of
from backend.elders import service
from backend.elders.models import Elder, ElderReading
from backend.elders.schemas import (
    ContactOut,
    ElderOut,
    EldersOut,
    ReadingOut,
    ReadingsIn,
    ReadingsOut,
    VillageOut,
    VoiceIn,
)
from backend.elders.words import Living
from backend.wire import Id, Name

router = APIRouter(tags=["elders"])

ElderId = Annotated[Id, Path()]


@router.get("/elders")
def list_elders(
    here: Here,
    caller: Caller,
    village_id: Id | None = None,
    tag: Annotated[list[Name] | None, Query()] = None,
    living: Living | None = None,
    name: Name | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> EldersOut:
    """Filter elders by village, tags (all of them), living situation and name."""

    def work(session: Session) -> EldersOut:
        found, total = service.find_elders(
            session, village_id=village_id, tags=tag, living=living, name=name, limit=limit, offset=offset
        )
        return EldersOut(elders=[elder_out(elder) for elder in found], total=total)

    return audited(here, caller, what="elders", target="elders", read=work)


@router.get("/elders/{elder_id}")
def read_elder(elder_id: ElderId, here: Here, caller: Caller) -> ElderOut:
    """Return an elder."""

    def work(session: Session) -> ElderOut:
        return elder_out(service.get_elder(session, elder_id))

    return audited(here, caller, what="elders", target=f"elder:{elder_id}", read=work)


@router.post("/elders/{elder_id}/readings", status_code=201)
def add_readings(elder_id: ElderId, sent: ReadingsIn, here: Here, caller: Caller) -> ReadingsOut:
    """Write down measured values; the same turn key again returns the same rows."""
    rows = here.database.transact(
        lambda session: service.add_readings(
            session, elder_id=elder_id, sent=sent, now=here.clock.now(), actor=caller
        )
    )
    return _readings_out(rows)


@router.get("/elders/{elder_id}/readings")
def list_readings(
    elder_id: ElderId,
    here: Here,
    caller: Caller,
    kind: ReadingKind | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ReadingsOut:
    """Return an elder's latest measured values, newest first."""

    def work(session: Session) -> ReadingsOut:
        return _readings_out(service.readings(session, elder_id=elder_id, kind=kind, limit=limit))

    return audited(here, caller, what="readings", target=f"elder:{elder_id}", read=work)


@router.post("/elders/{elder_id}/voice")
def set_voice(elder_id: ElderId, sent: VoiceIn, here: Here, caller: Caller) -> ElderOut:
    """Remember how an elder wishes to be spoken to (in ``preferences.voice``)."""
    return here.database.transact(
        lambda session: elder_out(
            service.set_voice(session, elder_id, sent, now=here.clock.now(), actor=caller)
        )
    )


def elder_out(elder: Elder) -> ElderOut:
    """Return an elder as the wire has her."""
    return ElderOut(
        id=elder.id,
        name=elder.name,
        called=elder.called,
        gender=elder.gender,
        birth_year=elder.birth_year,
        village=VillageOut(id=elder.village.id, name=elder.village.name),
        address=elder.address,
        phone=elder.phone,
        living=elder.living,
        conditions=elder.conditions,
        diet=[word_of(Diet, limit) for limit in elder.diet],
        hearing=elder.hearing,
        preferences=elder.preferences,
        contacts=[
            ContactOut(
                name=contact.name, relation=contact.relation, phone=contact.phone, order=contact.position
            )
            for contact in elder.contacts
        ],
        tags=elder.tags,
    )


def _readings_out(rows: list[ElderReading]) -> ReadingsOut:
    return ReadingsOut(readings=[ReadingOut.model_validate(row) for row in rows])
