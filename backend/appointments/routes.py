"""Routes of appointments: the open slots. They are booked through requests."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from assistant.vocabulary import Department
from backend.access import Here
from backend.appointments import service
from backend.appointments.schemas import SlotsOut, slot_out
from backend.wire import Id, Instant

router = APIRouter(tags=["appointments"])

LOOK_AHEAD = timedelta(days=30)
"""How far open slots are looked for where no end is given."""


@router.get("/appointments/slots")
def list_slots(
    here: Here,
    start: Instant | None = None,
    end: Instant | None = None,
    department: Department | None = None,
    facility_id: Id | None = None,
    doctor_id: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> SlotsOut:
    """Return open slots that begin in [start, end), soonest first; a point means its hour."""
    now = here.clock.now()
    since = max(start, now) if start else now
    until = end or since + LOOK_AHEAD
    if start and end == start:
        until = start + timedelta(hours=1)
    with here.database.session() as session:
        found = service.open_slots(
            session,
            start=since,
            end=until,
            wanted=service.Wanted(department=department, facility_id=facility_id, doctor_id=doctor_id),
            limit=limit,
        )
        return SlotsOut(slots=[slot_out(slot) for slot in found])
