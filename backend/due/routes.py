"""Routes of the due room: what is to be done, for those who look after the system."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access import Here
from backend.due import service
from backend.due.models import DueState
from backend.due.schemas import DueListOut, DueOut
from backend.wire import Id, Name

router = APIRouter(tags=["due"])


@router.get("/due")
def find(
    here: Here,
    subject_id: Id | None = None,
    state: Annotated[list[DueState] | None, Query()] = None,
    kind: Name | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> DueListOut:
    """Return what is or was due, the latest made first; ``state`` may be given more than once."""
    with here.database.session() as session:
        rows = service.find(
            session, subject_id=subject_id, states=frozenset(state) if state else None, kind=kind, limit=limit
        )
        return DueListOut(due=[DueOut.model_validate(row) for row in rows])
