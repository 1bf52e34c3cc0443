"""Routes of consents."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session

from backend.access import Caller, Here, audited
from backend.consents import service
from backend.consents.schemas import ConsentIn, ConsentOut, ConsentsOut, ConsentWithdrawn
from backend.elders.service import briefly
from backend.wire import Id

router = APIRouter(tags=["consents"])

ElderId = Annotated[Id, Path()]


@router.get("/elders/{elder_id}/consents")
def find(elder_id: ElderId, here: Here, caller: Caller) -> ConsentsOut:
    """Return what an elder has agreed to, standing and withdrawn."""

    def read(session: Session) -> ConsentsOut:
        briefly(session, elder_id)
        return ConsentsOut(consents=[ConsentOut.model_validate(row) for row in service.of(session, elder_id)])

    return audited(here, caller, what="consents", target=f"elder:{elder_id}", read=read)


@router.post("/elders/{elder_id}/consents", status_code=201)
def give(elder_id: ElderId, sent: ConsentIn, here: Here, caller: Caller) -> ConsentOut:
    """Write a consent down."""
    now = here.clock.now()
    return here.database.transact(
        lambda session: ConsentOut.model_validate(service.give(session, elder_id, sent, actor=caller, at=now))
    )


@router.post("/elders/{elder_id}/consents/{consent_id}/withdraw")
def withdraw(
    elder_id: ElderId, consent_id: Id, sent: ConsentWithdrawn, here: Here, caller: Caller
) -> ConsentOut:
    """Write down that a consent is taken back."""
    now = here.clock.now()
    return here.database.transact(
        lambda session: ConsentOut.model_validate(
            service.withdraw(session, elder_id, consent_id, why=sent.why, actor=caller, at=now)
        )
    )
