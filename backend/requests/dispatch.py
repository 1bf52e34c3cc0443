"""Dispatch: who is sent. Assigning keeps the time and may change the carer; redispatch finds a new time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from assistant.vocabulary import CareItem, RequestEvent, ServiceKind
from backend.care import service as care
from backend.errors import BadInput, CarerBusy
from backend.requests.ask import Ask, Booked
from backend.requests.book_carer import reserve
from backend.requests.booking import release
from backend.requests.models import Request

AGAIN_WITHIN = timedelta(hours=24)
"""How soon somebody is to come after nobody came."""


def dispatch(ask: Ask, request: Request, event: RequestEvent, carer_id: str | None) -> Booked | None:
    """Reserve who is sent; None where nothing about the promise changes.

    Raises:
        BadInput: ``unknown_carer``.
        CarerBusy: whoever is to be sent is not free.
    """
    skill = _skill(request)
    if event is RequestEvent.REDISPATCH and skill is not None and request.kind in _CARED_FOR:
        return _again(ask, request, skill, carer_id)
    if carer_id is None or carer_id == request.carer_id:
        return None
    carer = care.get_carer(ask.session, carer_id)
    if skill is None:  # who brings a meal is written down; it takes no half-hour of hers
        return Booked(start=request.start, end=request.end, details=dict(request.details), carer_id=carer.id)
    if skill not in carer.skills:
        raise BadInput("This carer does not do that.", code="carer_without_skill")
    if request.kind in _CARED_FOR:
        release(ask.session, request.id)
    else:
        care.release(ask.session, request_id=request.id)
    offer = care.Offer(carer=carer, start=request.start, end=request.end)
    if not care.hold(ask.session, offer=offer, request_id=request.id):
        raise CarerBusy(extra={"alternatives": []})
    details = dict(request.details) | {"carer_id": carer.id, "carer": carer.name}
    return Booked(start=request.start, end=request.end, details=details, carer_id=carer.id)


_CARED_FOR = (ServiceKind.HOME_CARE, ServiceKind.COMPANIONSHIP)


def _again(ask: Ask, request: Request, skill: str, carer_id: str | None) -> Booked:
    care.release(ask.session, request_id=request.id)
    details = {key: value for key, value in request.details.items() if key not in ("carer", "carer_id")}
    if carer_id is not None:
        details["carer_id"] = carer_id
    minutes = int((request.end - request.start).total_seconds() // 60)
    start = ask.now.replace(second=0, microsecond=0, minute=0) + timedelta(hours=1)
    window = replace(ask, start=start, end=start + AGAIN_WITHIN)
    return reserve(window, skill=skill, minutes=minutes, details=details)


def _skill(request: Request) -> str | None:
    if request.kind is ServiceKind.HOME_CARE:
        return str(request.details["care_item"])
    if request.kind is ServiceKind.COMPANIONSHIP:
        return str(request.details["mode"])
    if request.kind is ServiceKind.MEDICAL_APPOINTMENT:
        return str(CareItem.ACCOMPANIMENT)
    return None
