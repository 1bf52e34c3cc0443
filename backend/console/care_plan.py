"""The parts of the portrait that people agree on with an elder: plan, consents, devices, proposed tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.vocabulary import CareItem, RequestState, ServiceKind, word_of
from backend.bindings import service as bindings
from backend.checkins import service as checkins
from backend.clock import town_day
from backend.consents import service as consents
from backend.consents.models import ConsentKind
from backend.consents.schemas import ConsentIn
from backend.console import request_log
from backend.console.elders import write
from backend.console.frame import At, ConsoleRoute
from backend.elders import proposals
from backend.elders.proposals import Heard
from backend.errors import BadInput, NotFound
from backend.plans import service as plans
from backend.plans.models import GoalState
from backend.plans.schemas import SERVICES, GoalIn, GoalReview
from backend.requests.models import Request
from backend.satellites import service as satellites
from backend.turns import service as turns

router = APIRouter(route_class=ConsoleRoute)

ElderId = Annotated[str, Path(max_length=64)]
RowId = Annotated[str, Path(max_length=64)]

SERVED = timedelta(days=30)
"""How far back the services that serve a goal are counted."""


def parts(session: Session, elder_id: str, *, now: datetime) -> dict[str, Any]:
    """Return what these parts of the portrait show."""
    goals = plans.of(session, elder_id)
    return {
        "goals": goals,
        "served": _served(session, elder_id, now=now) if goals else Counter(),
        "service_names": {service: service_name(service) for service in SERVICES},
        "consents": consents.of(session, elder_id),
        "consent_kinds": list(ConsentKind),
        "goal_states": list(GoalState),
        "satellites": satellites.find(session, elder_id=elder_id),
        "bindings": bindings.find(session, elder_id=elder_id),
        "proposals": proposals.proposed(session, elder_id, heard(session, elder_id, now=now), now=now),
    }


def heard(session: Session, elder_id: str, *, now: datetime) -> list[Heard]:
    """Return what an elder said lately: in talks, and at check-ins as it was written down."""
    found = [
        Heard(text=turn.text, at=turn.received_at, way="对话")
        for turn in turns.log(session, elder_id=elder_id, limit=100)
    ]
    for row in checkins.find(session, elder_id=elder_id, since=now - proposals.BACK, limit=50):
        text = "；".join(part for part in (row.said, row.notes) if part)
        if text:
            found.append(Heard(text=text, at=row.at, way="探访"))
    return found


def service_name(service: str) -> str:
    """Return what serves a goal, as people call it."""
    kind, _, item = service.partition(":")
    return word_of(CareItem, item).label if item else word_of(ServiceKind, kind).label


def _served(session: Session, elder_id: str, *, now: datetime) -> Counter[str]:
    query = select(Request.kind, Request.details).where(
        Request.elder_id == elder_id,
        Request.start >= now - SERVED,
        Request.start <= now,
        Request.state == RequestState.COMPLETED,
    )
    counted: Counter[str] = Counter()
    for kind, details in session.execute(query):
        counted[f"{kind}:{details.get('care_item')}" if kind is ServiceKind.HOME_CARE else str(kind)] += 1
    return counted


def _checked(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except ValidationError:
        raise BadInput from None


@router.post("/console/elders/{elder_id}/proposal")
def decide(page: At, elder_id: ElderId) -> Response:
    """Confirm or dismiss a proposed tag."""

    def work(session: Session) -> None:
        proposals.decide(
            session, elder_id, page.form.get("tag")[:60], accept=page.form.get("what") == "accept",
            heard=heard(session, elder_id, now=page.now), actor=page.me.actor, now=page.now,
        )  # fmt: skip

    return write(page, elder_id, work, "life")


@router.post("/console/elders/{elder_id}/goals")
def set_goal(page: At, elder_id: ElderId) -> Response:
    """Set a goal."""
    form = page.form

    def work(session: Session) -> None:
        sent = _checked(
            lambda: GoalIn(
                text=form.get("text")[:100],
                services=form.all("service")[:12],
                review_on=request_log.day_of(form.get("review_on")) or "",
            )
        )
        plans.add(session, elder_id, sent, today=town_day(page.now), actor=page.me.actor, at=page.now)

    return write(page, elder_id, work, "plan")


@router.post("/console/elders/{elder_id}/goals/{goal_id}")
def review_goal(page: At, elder_id: ElderId, goal_id: RowId) -> Response:
    """Write down what came of looking at a goal again."""
    form = page.form

    def work(session: Session) -> None:
        sent = _checked(
            lambda: GoalReview(
                state=word_of(GoalState, form.get("state")),
                review_on=request_log.day_of(form.get("review_on")),
                note=form.get("note")[:400],
            )
        )
        plans.review(
            session, elder_id, goal_id, sent, today=town_day(page.now), actor=page.me.actor, at=page.now
        )

    return write(page, elder_id, work, "plan")


@router.post("/console/elders/{elder_id}/consents")
def give_consent(page: At, elder_id: ElderId) -> Response:
    """Write a consent down."""
    form = page.form

    def work(session: Session) -> None:
        sent = _checked(
            lambda: ConsentIn(
                kind=word_of(ConsentKind, form.get("kind")),
                given_by=form.get("given_by")[:60],
                how=form.get("how")[:100],
            )
        )
        consents.give(session, elder_id, sent, actor=page.me.actor, at=page.now)

    return write(page, elder_id, work, "consents")


@router.post("/console/elders/{elder_id}/consents/{consent_id}")
def withdraw_consent(page: At, elder_id: ElderId, consent_id: RowId) -> Response:
    """Write down that a consent is taken back."""

    def work(session: Session) -> None:
        why = page.form.get("why")[:100]
        consents.withdraw(session, elder_id, consent_id, why=why, actor=page.me.actor, at=page.now)

    return write(page, elder_id, work, "consents")


@router.post("/console/elders/{elder_id}/bindings/{binding_id}")
def end_binding(page: At, elder_id: ElderId, binding_id: RowId) -> Response:
    """End a binding of an account."""

    def work(session: Session) -> None:
        if bindings.get(session, binding_id).elder_id != elder_id:
            raise NotFound(code="unknown_binding")
        why = page.form.get("why")[:100]
        bindings.revoke(session, binding_id, why=why, now=page.now, actor=page.me.actor)

    return write(page, elder_id, work, "consents")
