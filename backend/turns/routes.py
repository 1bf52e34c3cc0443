"""Routes of the turns room: the log. ``POST /turns`` is the gateway's."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from backend.access import Here
from backend.turns import service
from backend.turns.schemas import TurnOut, TurnsOut
from backend.wire import Id

router = APIRouter(tags=["turns"])


@router.get("/turns")
def log(
    here: Here,
    elder_id: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> TurnsOut:
    """Return turns, newest first: what was said word for word, and what was answered."""
    with here.database.session() as session:
        rows = service.log(session, elder_id=elder_id, limit=limit, before=before)
    turns = [TurnOut.model_validate(row) for row in rows]
    return TurnsOut(turns=turns, next=turns[-1].id if len(turns) == limit else None)
