"""What is written down with each promise of a service: when somebody should have come, what is said before.

Each is a due row in the transaction of the promise, with the promise's times in it: where the request was
moved meanwhile, the row finds that out and does nothing.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from assistant.vocabulary import Delivery, RequestState, ServiceKind
from backend.clock import TOWN_ZONE, in_town, outward
from backend.due import service as due
from backend.outbox import service as outbox
from backend.outbox.models import Why
from backend.requests.models import Request

ARRIVAL, UNCONFIRMED, STILL_MISSED, UNCLOSED = (
    "arrival", "arrival_unconfirmed", "arrival_still_missed", "request_unclosed",
)  # fmt: skip
MEAL_SOON, EVE = "meal_soon", "appointment_eve"
RATE = "rating"
"""Kinds of due rows."""

GRACE = timedelta(minutes=30)
"""How long after the time somebody should have come, or brought a meal, nobody counts as having come."""

ALONE_GRACE = timedelta(hours=2)
"""How long after something to which the elder goes herself its outcome should have been noted."""

SOON = timedelta(minutes=15)
"""How long before its window a meal is announced."""

EVENING = time(19, 0)
"""When on the evening before an appointment it is spoken of, in the town's zone."""

RATE_AFTER = timedelta(minutes=20)
"""How long after a visit was noted as done the elder is asked how it was."""

RATE_WITHIN = timedelta(hours=12)
"""A visit that is noted as done so long after its end is not asked about any more."""

PROMISED = frozenset({RequestState.ACCEPTED, RequestState.ASSIGNED})
"""States in which somebody is still expected."""


def is_brought(request: Request) -> bool:
    """Tell whether a request is a meal that is brought home."""
    return request.kind is ServiceKind.MEAL and request.details.get("delivery") == Delivery.DELIVERY.value


def is_visited(request: Request) -> bool:
    """Tell whether a carer comes, or calls, at the beginning of a request."""
    return request.kind in (ServiceKind.HOME_CARE, ServiceKind.COMPANIONSHIP)


def deadline(request: Request) -> datetime:
    """Return when somebody should have come, or what came of it should have been noted."""
    if is_visited(request):
        return request.start + GRACE
    return request.end + (GRACE if is_brought(request) else ALONE_GRACE)


def watch(session: Session, request: Request, *, now: datetime) -> None:
    """Write down what is to be looked at for a promise as it stands now; again, it changes nothing."""
    if request.state not in PROMISED:
        return
    _schedule(session, request, ARRIVAL, max(deadline(request), now), now)
    if is_brought(request) and request.start - SOON > now:
        _schedule(session, request, MEAL_SOON, request.start - SOON, now)
    if request.kind is ServiceKind.MEDICAL_APPOINTMENT:
        day = in_town(request.start).date() - timedelta(days=1)
        evening = datetime.combine(day, EVENING, TOWN_ZONE)
        if evening > now:
            _schedule(session, request, EVE, evening, now)


def ask_to_rate(session: Session, request: Request, *, now: datetime) -> None:
    """Have the elder asked how a visit was that was just noted as done."""
    if is_visited(request) and now < request.end + RATE_WITHIN:
        due.schedule(
            session, key=f"{RATE}:{request.id}", kind=RATE, subject_id=request.id, due_at=now + RATE_AFTER,
            now=now,
        )  # fmt: skip


def settled(session: Session, request: Request, *, now: datetime) -> None:
    """Take down what stood on consoles and was asked at home when a missed request has moved."""
    if request.state is RequestState.MISSED:
        return
    due.withdraw(session, request.id, kinds=[STILL_MISSED, UNCONFIRMED], now=now)
    outbox.withdraw(session, Why.REQUEST, request.id, now=now)
    outbox.resolve(session, Why.REQUEST, request.id, now=now)


def still_as(request: Request, payload: dict[str, object]) -> bool:
    """Tell whether a request is still promised for the times that a due row was written for."""
    return (
        request.state in PROMISED
        and outward(request.start) == payload["start"]
        and outward(request.end) == payload["end"]
    )


def _schedule(session: Session, request: Request, kind: str, at: datetime, now: datetime) -> None:
    start, end = outward(request.start), outward(request.end)
    due.schedule(
        session, key=f"{kind}:{request.id}:{start}/{end}", kind=kind, subject_id=request.id, due_at=at,
        now=now, payload={"start": start, "end": end},
    )  # fmt: skip
