"""Routes of ratings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from backend.access import Caller, Here, audited
from backend.ratings import service
from backend.ratings.schemas import RatingIn, RatingOut, RatingsOut
from backend.wire import Id

router = APIRouter(tags=["ratings"])


@router.post("/requests/{request_id}/rating")
def rate(request_id: Annotated[Id, Path()], sent: RatingIn, here: Here) -> RatingOut:
    """Write down how a finished request was found; the elder's own word is not written over."""
    now = here.clock.now()
    return here.database.transact(
        lambda session: RatingOut.model_validate(service.rate(session, request_id, sent, now=now))
    )


@router.get("/ratings")
def find(
    here: Here,
    caller: Caller,
    elder_id: Id | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> RatingsOut:
    """Return ratings, newest first."""
    target = f"elder:{elder_id}" if elder_id else "elders"
    return audited(
        here,
        caller,
        what="ratings",
        target=target,
        read=lambda session: RatingsOut(
            ratings=[
                RatingOut.model_validate(row) for row in service.find(session, elder_id=elder_id, limit=limit)
            ]
        ),
    )
