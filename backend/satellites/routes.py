"""Routes of the room of satellites; the socket itself is the voice's."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy.orm import Session

from backend.access import Caller, Here
from backend.satellites import service
from backend.satellites.schemas import SatelliteIn, SatelliteMade, SatelliteOut, SatellitesOut
from backend.wire import Id

router = APIRouter(tags=["satellites"])


@router.post("/satellites", status_code=201)
def register(sent: SatelliteIn, here: Here, caller: Caller) -> SatelliteMade:
    """Register a speaker for an elder's home. Its token is in this answer and nowhere else."""

    def work(session: Session) -> SatelliteMade:
        made, token = service.register(
            session, elder_id=sent.elder_id, name=sent.name, now=here.clock.now(), actor=caller
        )
        return SatelliteMade(**SatelliteOut.model_validate(made).model_dump(), token=token)

    return here.database.transact(work)


@router.get("/satellites")
def find(here: Here, elder_id: Id | None = None) -> SatellitesOut:
    """Return the registered speakers, the newest first."""
    with here.database.session() as session:
        rows = service.find(session, elder_id=elder_id)
        return SatellitesOut(satellites=[SatelliteOut.model_validate(row) for row in rows])


@router.post("/satellites/{satellite_id}/revoke")
def revoke(satellite_id: Id, here: Here, caller: Caller) -> SatelliteOut:
    """Shut a speaker out: its token is worth nothing from now on."""
    return here.database.transact(
        lambda session: SatelliteOut.model_validate(
            service.revoke(session, satellite_id, now=here.clock.now(), actor=caller)
        )
    )
