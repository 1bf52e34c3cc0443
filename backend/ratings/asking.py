"""After a visit the elder is asked how it was: once a day at most, by day only, and never a second time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.vocabulary import RequestState, Role
from backend.clock import in_town
from backend.due import service as due
from backend.due.models import Due, DueState, Outcome
from backend.due.steps import Step
from backend.elders import service as elders
from backend.outbox import service as outbox
from backend.outbox.models import Why
from backend.outbox.service import Letter
from backend.ratings.models import Rating
from backend.requests.models import Request
from backend.requests.schemas import request_out
from backend.wording import Wording

ASKS = "rating"
"""What is asked at home: the elder's next words may answer it."""

OVER = "rating_over"
"""Kind of a due row: the question has had its time."""

WAITS = timedelta(hours=2)
"""How long an answer is waited for."""

BY_DAY = range(8, 20)
"""Hours of the town's day in which one is asked how something was."""

_LATELY = timedelta(days=3)


def ask(step: Step) -> Outcome:
    """Ask the elder how a finished service was."""
    session, now = step.session, step.now
    request = session.get(Request, step.row.subject_id)
    if request is None or request.state is not RequestState.COMPLETED:
        return Outcome.NOT_NEEDED
    if session.get(Rating, request.id) is not None or in_town(now).hour not in BY_DAY:
        return Outcome.NOT_NEEDED
    # One question of this kind a day: its key is the day's.
    day = in_town(now).date().isoformat()
    elder = elders.briefly(session, request.elder_id)
    letter = Letter(
        key=f"rating:{elder.id}:{day}",
        to_role=Role.ELDER,
        to_id=elder.id,
        elder_id=elder.id,
        village_id=elder.village_id,
        text=step.wording.say("rating.ask", called=elder.called, what=_spoken(step.wording, request, now)),
        why=Why.REQUEST,
        why_id=f"rating:{request.id}",
        asks=ASKS,
        lasts=WAITS,
    )
    outbox.say_at_home(session, letter, now=now)
    due.schedule(
        session, key=f"{OVER}:{elder.id}:{day}", kind=OVER, subject_id=request.id, due_at=now + WAITS, now=now
    )
    return Outcome.KEPT


def over(_step: Step) -> Outcome:
    """Nobody answered: that is an answer, too, and she is not asked again."""
    return Outcome.NOT_NEEDED


def waiting_for(session: Session, elder_id: str, *, since: datetime) -> tuple[Request, datetime] | None:
    """Return what an elder was asked about since an instant and has not rated, and when she was asked."""
    query = (
        select(Request, Due.made_at)
        .join(Due, Due.subject_id == Request.id)
        .where(Request.elder_id == elder_id, Due.kind == OVER, Due.state == DueState.PENDING)
        .where(Due.made_at >= since, Request.start >= since - _LATELY)
    )
    row = session.execute(query.order_by(Due.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row is not None else None


def answered(session: Session, request_id: str, *, now: datetime) -> None:
    """Let the question be: it was answered."""
    due.withdraw(session, request_id, kinds=[OVER], now=now)


def tell_people(session: Session, wording: Wording, request: Request, *, said: str, now: datetime) -> None:
    """Show on the consoles that an elder was not content."""
    elder = elders.briefly(session, request.elder_id)
    letter = Letter(
        key=f"rating:{request.id}:bad",
        to_role=Role.COORDINATOR,
        elder_id=elder.id,
        village_id=elder.village_id,
        text=wording.say(
            "rating.bad", name=elder.name, what=_spoken(wording, request, now), said=said[:200],
            phone=elder.phone or "—",
        ),
        why=Why.REQUEST,
        why_id=request.id,
    )  # fmt: skip
    outbox.show(session, letter, now=now)


def _spoken(wording: Wording, request: Request, now: datetime) -> str:
    return wording.request(request_out(request).model_dump(mode="json"), now=now)
