"""Routes of care plans."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy.orm import Session

from backend.access import Caller, Here, audited
from backend.clock import town_day
from backend.elders.service import briefly
from backend.plans import service
from backend.plans.schemas import GoalIn, GoalOut, GoalReview, GoalsOut
from backend.wire import Id

router = APIRouter(tags=["plans"])

ElderId = Annotated[Id, Path()]


@router.get("/elders/{elder_id}/goals")
def find(elder_id: ElderId, here: Here, caller: Caller) -> GoalsOut:
    """Return an elder's care plan."""

    def read(session: Session) -> GoalsOut:
        briefly(session, elder_id)
        return GoalsOut(goals=[GoalOut.model_validate(goal) for goal in service.of(session, elder_id)])

    return audited(here, caller, what="plans", target=f"elder:{elder_id}", read=read)


@router.post("/elders/{elder_id}/goals", status_code=201)
def add(elder_id: ElderId, sent: GoalIn, here: Here, caller: Caller) -> GoalOut:
    """Set a goal."""
    now = here.clock.now()
    return here.database.transact(
        lambda session: GoalOut.model_validate(
            service.add(session, elder_id, sent, today=town_day(now), actor=caller, at=now)
        )
    )


@router.post("/elders/{elder_id}/goals/{goal_id}/review")
def review(elder_id: ElderId, goal_id: Id, sent: GoalReview, here: Here, caller: Caller) -> GoalOut:
    """Write down what came of looking at a goal again."""
    now = here.clock.now()
    return here.database.transact(
        lambda session: GoalOut.model_validate(
            service.review(session, elder_id, goal_id, sent, today=town_day(now), actor=caller, at=now)
        )
    )
