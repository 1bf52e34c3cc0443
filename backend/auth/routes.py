"""Routes of the auth room."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.vocabulary import Role
from backend.access import Here
from backend.auth import service
from backend.auth.schemas import StaffListOut, StaffOut
from backend.wire import Id

router = APIRouter(tags=["auth"])


@router.get("/staff")
def staff(here: Here, role: Role | None = None, village_id: Id | None = None) -> StaffListOut:
    """Return who works for the town."""
    with here.database.session() as session:
        rows = service.staff(session, role=role, village_id=village_id)
    return StaffListOut(staff=[StaffOut.model_validate(row) for row in rows])
