"""Working on a request: which buttons there are, whom to send, and what a button does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.vocabulary import (
    ALLOWED_ROLES,
    CHANGEABLE_STATES,
    TRANSITIONS,
    CareItem,
    RequestEvent,
    RequestState,
    ServiceKind,
    word_of,
)
from backend.care import service as care
from backend.care.models import CarerCell
from backend.clock import TOWN_ZONE
from backend.console.frame import Page
from backend.elders.models import Elder, Village
from backend.errors import BadInput
from backend.requests import service
from backend.requests.models import Request
from backend.requests.schemas import CancelIn, ChangeIn, EventIn, Who
from backend.requests.service import Desk
from backend.rights import Action

EARTH_RADIUS_KM = 6371.0
"""Mean radius of the Earth (IUGG)."""

_ACTIONS: Mapping[RequestEvent, Action] = {
    RequestEvent.ACCEPT: Action.REQUESTS_DISPATCH,
    RequestEvent.REJECT: Action.REQUESTS_DISPATCH,
    RequestEvent.ASSIGN: Action.REQUESTS_DISPATCH,
    RequestEvent.REDISPATCH: Action.REQUESTS_DISPATCH,
    RequestEvent.START: Action.REQUESTS_MOVE,
    RequestEvent.COMPLETE: Action.REQUESTS_MOVE,
    RequestEvent.MISS: Action.REQUESTS_MOVE,
    RequestEvent.CANCEL: Action.REQUESTS_CANCEL,
}

NOTED = frozenset({RequestEvent.COMPLETE, RequestEvent.MISS, RequestEvent.CANCEL, RequestEvent.REJECT})
"""Events that need a word of explanation."""

MOVE = "move"
"""The step that moves a request to another time."""


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A carer who could be sent, and why she comes where she comes in the list.

    Attributes:
        id: the carer's id.
        name: her name.
        free: whether she works then and has nothing else.
        here: whether it is she who is sent now.
        km: how far her village lies from the elder's, as the crow flies; None where nobody knows.
        before: how often she was with this elder before.
    """

    id: str
    name: str
    free: bool
    here: bool
    km: float | None
    before: int


def steps(page: Page, request: Request) -> list[str]:
    """Return which buttons the page has: events that state, role and right allow, and the move."""
    found = [
        str(event)
        for event in TRANSITIONS[request.state]
        if page.visitor.role in ALLOWED_ROLES[event] and page.may(_ACTIONS[event])
    ]
    movable = request.state in CHANGEABLE_STATES and page.may(Action.REQUESTS_CHANGE)
    return [*found, MOVE] if movable else found


def act(page: Page, request_id: str, step: str) -> None:
    """Do what a button says.

    Raises:
        BackendError: it cannot be done; ``reason`` says why.
    """
    who = Who(role=page.visitor.role, id=page.visitor.account_id)
    note = page.form.get("note")[:100]
    if step == MOVE:
        _at_desk(page, lambda desk: _move(desk, page, request_id, who, note))
        return
    try:
        event = word_of(RequestEvent, step)
    except ValueError:
        raise BadInput("There is no such step.") from None
    if not page.may(_ACTIONS[event]):
        raise BadInput("The role does not allow this.", code="forbidden")
    if event in NOTED and not note:
        raise BadInput("A note is needed.", code="note_needed")
    if event is RequestEvent.CANCEL:
        sent = CancelIn(turn_key=page.turn_key, reason=note, by=who)
        _at_desk(page, lambda desk: service.cancel(desk, request_id, sent))
        return
    moved = EventIn(
        turn_key=page.turn_key, event=event, note=note, by=who, carer_id=page.form.get("carer") or None
    )
    _at_desk(page, lambda desk: service.apply_event(desk, request_id, moved))


def suggestions(session: Session, request: Request, elder: Elder, *, now: datetime) -> list[Suggestion]:
    """Return who could be sent to a request: who is free first, then who knows the elder, then who is near.

    Empty where the request needs no carer (a meal), or is over.
    """
    skill = skill_of(request)
    states = (RequestState.ACCEPTED, RequestState.ASSIGNED, RequestState.MISSED)
    if skill is None or request.state not in states:
        return []
    found = [carer for carer in care.carers(session) if skill in carer.skills]
    free = {
        offer.carer.id
        for offer in care.offers(
            session, skill=skill, start=request.start, end=request.end,
            minutes=int((request.end - request.start).total_seconds() // 60) or 30,
            village_id=elder.village_id, now=min(now, request.start),
        )
        if offer.start == request.start
    }  # fmt: skip
    holds = set(
        session.scalars(select(CarerCell.carer_id).where(CarerCell.request_id == request.id).distinct())
    )
    places = {village.id: village for village in session.scalars(select(Village))}
    visits = select(Request.carer_id, func.count(Request.id)).where(
        Request.elder_id == elder.id, Request.state == RequestState.COMPLETED
    )
    before = {row[0]: row[1] for row in session.execute(visits.group_by(Request.carer_id))}
    listed = [
        Suggestion(
            id=carer.id,
            name=carer.name,
            free=carer.id in free or carer.id in holds,
            here=carer.id == request.carer_id,
            km=_km(places.get(carer.village_id), places.get(elder.village_id)),
            before=before.get(carer.id, 0),
        )
        for carer in found
    ]
    return sorted(listed, key=lambda one: (not one.here, not one.free, -one.before, one.km or 0.0, one.id))


def skill_of(request: Request) -> str | None:
    """Return what a carer must be able to do for a request; None where no carer is needed."""
    if request.kind is ServiceKind.HOME_CARE:
        return str(request.details["care_item"])
    if request.kind is ServiceKind.COMPANIONSHIP:
        return str(request.details["mode"])
    if request.kind is ServiceKind.MEDICAL_APPOINTMENT and request.details.get("accompaniment"):
        return str(CareItem.ACCOMPANIMENT)
    return None


def _move(desk: Desk, page: Page, request_id: str, who: Who, note: str) -> None:
    request = service.get(desk.session, request_id)
    day = page.form.get("day")
    try:
        if request.kind is ServiceKind.MEAL:
            sent = ChangeIn(turn_key=page.turn_key, details={"day": day}, by=who, said=note)
        else:
            start = _instant(day, page.form.get("from"))
            until = page.form.get("to")
            end = _instant(day, until) if until else start + timedelta(hours=1)
            sent = ChangeIn(turn_key=page.turn_key, start=start, end=end, by=who, said=note)
    except ValueError:
        raise BadInput("Day or time is not valid.") from None
    service.change(desk, request_id, sent)


def _instant(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=TOWN_ZONE)


def _at_desk(page: Page, work: Callable[[Desk], object]) -> None:
    page.here.database.transact(
        lambda session: work(Desk(session=session, now=page.now, settings=page.here.settings))
    )


def _km(one: Village | None, other: Village | None) -> float | None:
    if one is None or other is None or None in (one.lat, one.lon, other.lat, other.lon):
        return None
    lat1, lon1, lat2, lon2 = (radians(place or 0.0) for place in (one.lat, one.lon, other.lat, other.lon))
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_RADIUS_KM * asin(sqrt(chord)), 1)
