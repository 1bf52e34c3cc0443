"""Goals of a care plan, as they come and go over the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from assistant.vocabulary import CareItem, ServiceKind
from backend.plans.models import GoalState
from backend.wire import Instant, Name, Text, Wire

SERVICES: tuple[str, ...] = (
    *(kind.value for kind in ServiceKind if kind is not ServiceKind.HOME_CARE),
    *(f"{ServiceKind.HOME_CARE}:{item}" for item in CareItem),
)
"""What can serve a goal."""


def _known(service: str) -> str:
    if service not in SERVICES:
        raise ValueError("no such service")
    return service


class GoalIn(Wire):
    """A goal, what serves it, and when it is looked at again."""

    text: Annotated[Name, Field(min_length=2)]
    services: Annotated[list[Annotated[str, AfterValidator(_known)]], Field(max_length=12)]
    review_on: date


class GoalReview(Wire):
    """What came of looking at a goal: it stands, with a new date, or it is reached or dropped."""

    state: GoalState
    review_on: date | None = None
    note: Annotated[Text, Field(min_length=1)]


class GoalOut(Wire):
    """A goal as it stands."""

    id: str
    elder_id: str
    text: str
    services: list[str]
    review_on: date
    state: GoalState
    note: str
    made_by: str
    made_at: Instant
    changed_by: str
    changed_at: Instant


class GoalsOut(Wire):
    """An elder's care plan: what stands first."""

    goals: list[GoalOut]
