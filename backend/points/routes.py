"""Routes of neighbourhood points."""

from __future__ import annotations

from fastapi import APIRouter

from backend.access import Caller, Here
from backend.points import service
from backend.points.schemas import PointIn, PointOut, PointsOut

router = APIRouter(tags=["points"])


@router.get("/points")
def find(here: Here) -> PointsOut:
    """Return all points."""
    with here.database.session() as session:
        return PointsOut(points=[PointOut.model_validate(row) for row in service.find(session)])


@router.post("/points", status_code=201)
def add(sent: PointIn, here: Here, caller: Caller) -> PointOut:
    """Add a point."""
    now = here.clock.now()
    return here.database.transact(
        lambda session: PointOut.model_validate(service.add(session, sent, actor=caller, at=now))
    )
