"""What people at the console arrange for an elder is told to her: booked, moved, cancelled, in her home."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.vocabulary import OPEN_STATES, Role
from backend.bindings import service as bindings
from backend.clock import TOWN_ZONE, in_town
from backend.due import service as due
from backend.due.models import Outcome
from backend.due.steps import Step
from backend.elders import service as elders
from backend.outbox import service as outbox
from backend.outbox.models import Why
from backend.outbox.service import Letter
from backend.requests.models import Request, RequestHistory
from backend.requests.schemas import Who, request_out

TELL = "tell_arranged"
"""Kind of a due row: the elder is told what was arranged for her."""

ASKS = "family"
"""Which question it is when a relative has ordered for her: she may refuse."""

BOOKED, CHANGED, CANCELLED = "booked", "changed", "cancelled"

STAFF = frozenset({Role.CAREGIVER, Role.COORDINATOR, Role.TOWN_ADMIN})

MORNING, NIGHT = time(7, 30), time(20, 30)
"""Between these one may be spoken to; what is arranged in the evening is told the next morning."""

LASTS = timedelta(hours=12)
"""How long it is still worth saying."""


def tell(session: Session, request: Request, what: str, by: Who | None, *, key: str, now: datetime) -> None:
    """Have the elder told, where a person of the town arranged it and not she herself."""
    if by is None or by.role not in STAFF | {Role.FAMILY}:
        return
    label = by.role.label
    if by.role is Role.FAMILY:
        # A relative without an account of hers (by telephone, at the counter) is family all the same.
        bound = bindings.find(session, elder_id=request.elder_id)
        relative = next((one for one in bound if one.id == by.id), None)
        label = f"{relative.relation}{relative.name}" if relative else ""
        label = label or by.role.label
    due.schedule(
        session, key=f"{TELL}:{request.id}:{key}"[:200], kind=TELL, subject_id=request.id,
        due_at=_waking(now), now=now, payload={"what": what, "by": label, "role": str(by.role)},
    )  # fmt: skip


def say(step: Step) -> Outcome:
    """Say at home what was arranged."""
    request = step.session.get(Request, step.row.subject_id)
    what = str(step.row.payload["what"])
    if request is None or (
        what != CANCELLED and (request.end < step.now or request.state not in OPEN_STATES)
    ):
        return Outcome.NOT_NEEDED
    elder = elders.briefly(step.session, request.elder_id)
    asks = step.row.payload.get("role") == Role.FAMILY and what == BOOKED
    letter = Letter(
        key=f"request:{request.id}:arranged:{step.row.id}",
        to_role=Role.ELDER,
        to_id=elder.id,
        elder_id=elder.id,
        village_id=elder.village_id,
        text=step.wording.say(
            f"arranged.{'by_family' if asks else what}", called=elder.called, by=str(step.row.payload["by"]),
            what=step.wording.request(request_out(request).model_dump(mode="json"), now=step.now),
        ),
        why=Why.REQUEST,
        why_id=f"told:{request.id}",  # what is asked about the same request is taken back without this
        asks=ASKS if asks else None,
        lasts=LASTS,
    )  # fmt: skip
    outbox.say_at_home(step.session, letter, now=step.now)
    return Outcome.TOLD


def by_relatives(session: Session, elder_id: str, *, now: datetime) -> list[Request]:
    """Return what relatives ordered for an elder and is still to come, the last first."""
    ordered = select(RequestHistory.request_id).where(
        RequestHistory.event.is_(None), RequestHistory.note == "", RequestHistory.role == Role.FAMILY
    )
    query = select(Request).where(
        Request.elder_id == elder_id,
        Request.state.in_(OPEN_STATES),
        Request.start > now,
        Request.id.in_(ordered),
    )
    return list(session.scalars(query.order_by(Request.created_at.desc(), Request.id)))


def told_at(session: Session, request_id: str) -> datetime | None:
    """Return when an elder was told of what was arranged for her; None while she has not heard of it."""
    said = [
        one
        for one in outbox.find(session, why=Why.REQUEST, why_id=f"told:{request_id}")
        if one.channel in outbox.HOME and one.attempts
    ]
    return max((one.created_at for one in said), default=None)


def _waking(now: datetime) -> datetime:
    local = in_town(now)
    if MORNING <= local.time() <= NIGHT:
        return now
    day = local.date() + timedelta(days=1 if local.time() > NIGHT else 0)
    return datetime.combine(day, MORNING, TOWN_ZONE)
