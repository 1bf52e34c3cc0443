"""What the plans room does: set goals, look at them again, end them; every change stands in the audit."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.elders import service as elders
from backend.errors import BadInput, NotAllowed, NotFound
from backend.plans.models import Goal, GoalState
from backend.plans.schemas import GoalIn, GoalReview

MOST = 12
"""Most goals that stand for one elder; a plan that nobody can keep in mind is none."""


def add(session: Session, elder_id: str, sent: GoalIn, *, today: date, actor: str, at: datetime) -> Goal:
    """Set a goal.

    Raises:
        NotFound: ``unknown_elder``.
        BadInput: the review lies in the past, or too many goals stand.
    """
    elders.briefly(session, elder_id)
    if sent.review_on < today:
        raise BadInput("A review lies ahead.", code="review_in_the_past")
    if sum(goal.state is GoalState.ACTIVE for goal in of(session, elder_id)) >= MOST:
        raise BadInput("Too many goals.", code="too_many_goals")
    goal = Goal(
        id=uuid.uuid4().hex, elder_id=elder_id, text=sent.text, services=list(dict.fromkeys(sent.services)),
        review_on=sent.review_on, state=GoalState.ACTIVE, note="", made_by=actor, made_at=at,
        changed_by=actor, changed_at=at,
    )  # fmt: skip
    session.add(goal)
    session.flush()
    _record(session, goal, actor, "plans.add", at)
    return goal


def review(
    session: Session, elder_id: str, goal_id: str, sent: GoalReview, *, today: date, actor: str, at: datetime
) -> Goal:
    """Write down what came of looking at a goal again.

    Raises:
        NotFound: ``unknown_goal``.
        NotAllowed: it has ended.
        BadInput: a goal that goes on has no new date ahead.
    """
    goal = session.get(Goal, goal_id)
    if goal is None or goal.elder_id != elder_id:
        raise NotFound("There is no such goal.", code="unknown_goal")
    if goal.state is not GoalState.ACTIVE:
        raise NotAllowed("This goal has ended.")
    if sent.state is GoalState.ACTIVE:
        if sent.review_on is None or sent.review_on < today:
            raise BadInput("A review lies ahead.", code="review_in_the_past")
        goal.review_on = sent.review_on
    goal.state, goal.note, goal.changed_by, goal.changed_at = sent.state, sent.note, actor, at
    session.flush()
    _record(session, goal, actor, "plans.review", at)
    return goal


def of(session: Session, elder_id: str) -> list[Goal]:
    """Return an elder's goals: those that stand by their review, then the ended ones, the latest first."""
    rows = session.scalars(select(Goal).where(Goal.elder_id == elder_id)).all()
    standing = sorted((row for row in rows if row.state is GoalState.ACTIVE), key=lambda row: row.review_on)
    ended = sorted((row for row in rows if row.state is not GoalState.ACTIVE), key=lambda row: row.changed_at)
    return [*standing, *reversed(ended)]


def to_review(session: Session, *, today: date, elder_id: str | None = None) -> list[Goal]:
    """Return the goals whose review is due, the longest overdue first."""
    query = select(Goal).where(Goal.state == GoalState.ACTIVE, Goal.review_on <= today)
    if elder_id is not None:
        query = query.where(Goal.elder_id == elder_id)
    return list(session.scalars(query.order_by(Goal.review_on, Goal.id)))


def _record(session: Session, goal: Goal, actor: str, action: str, at: datetime) -> None:
    detail = {"goal": goal.id, "state": str(goal.state), "review_on": goal.review_on.isoformat()}
    audit.record(session, actor=actor, action=action, target=f"elder:{goal.elder_id}", detail=detail, at=at)
