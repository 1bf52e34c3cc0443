"""Booking a carer: home care and companionship. Own village first, then earliest in the window."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assistant.vocabulary import Mode
from backend.care import service
from backend.care.durations import MINUTES
from backend.care.models import SKILLS, Carer
from backend.clock import outward
from backend.errors import BadInput, CarerBusy, InThePast
from backend.requests.ask import Ask, Booked
from backend.requests.details import CompanionshipDetails, HomeCareDetails, parse

ALTERNATIVES = 3
"""How many other times a refusal names; more cannot be kept in mind by ear."""

NEARBY = timedelta(days=3)
"""How far around the window other times are looked for."""

_MANY = 1000  # as many times as a carer has around the window
_ROUNDS = 8  # each lost round means that somebody else was booked, so this many is plenty


def book_home_care(ask: Ask) -> Booked:
    """Reserve a carer for a care item; refusals as in :func:`reserve`."""
    wish = parse(HomeCareDetails, ask.details)
    details = wish.document()
    details["address"] = wish.address or ask.elder.address
    return reserve(ask, skill=wish.care_item.value, minutes=wish.minutes, details=details)


def book_companionship(ask: Ask) -> Booked:
    """Reserve somebody for a visit or a call; refusals as in :func:`reserve`."""
    wish = parse(CompanionshipDetails, ask.details)
    details = wish.document()
    if wish.mode is Mode.VISIT:
        details["address"] = wish.address or ask.elder.address
    return reserve(ask, skill=wish.mode.value, minutes=wish.minutes, details=details)


def reserve(ask: Ask, *, skill: str, minutes: int | None, details: dict[str, Any]) -> Booked:
    """Reserve a carer's half-hours within the window.

    Raises:
        BadInput: no start, or an unknown carer.
        InThePast: the window is over.
        CarerBusy: nobody suitable is free; alternatives ``{"carer","start","end"}``.
    """
    if skill not in SKILLS:
        raise BadInput("There is no such skill.")
    if ask.start is None:
        raise BadInput("A carer needs a start.", code="start_missing")
    start, end = ask.start, ask.end or ask.start
    if max(start, end) < ask.now:
        raise InThePast
    length = minutes or MINUTES[skill]
    wanted = _wanted(ask, skill, details)
    for _ in range(_ROUNDS):
        found = _offers(ask, skill, start, end, length, wanted.id if wanted else None)
        if not found:
            break
        for offer in sorted(found, key=lambda offer: _preference(ask, offer)):
            if service.hold(ask.session, offer=offer, request_id=ask.request_id):
                filled = {"carer_id": offer.carer.id, "carer": offer.carer.name, "minutes": length}
                return Booked(
                    start=offer.start, end=offer.end, details=details | filled, carer_id=offer.carer.id
                )
    others = _alternatives(ask, skill, start, end, length, wanted)
    raise CarerBusy(extra={"alternatives": [_document(offer) for offer in others]})


def _wanted(ask: Ask, skill: str, details: dict[str, Any]) -> Carer | None:
    if "carer_id" in details:
        return service.get_carer(ask.session, details["carer_id"])
    if "carer" not in details:
        return None
    carer = service.find_carer(ask.session, details["carer"])
    if carer is None:
        names = [other.name for other in service.carers(ask.session) if skill in other.skills]
        raise BadInput(
            "There is no carer of that name.", code="unknown_carer", extra={"alternatives": names[:10]}
        )
    return carer


def _offers(
    ask: Ask,
    skill: str,
    start: datetime,
    end: datetime,
    minutes: int,
    carer_id: str | None,
    per_carer: int = 1,
) -> list[service.Offer]:
    return service.offers(
        ask.session,
        skill=skill,
        start=start,
        end=end,
        minutes=minutes,
        village_id=ask.elder.village_id,
        now=ask.now,
        carer_id=carer_id,
        per_carer=per_carer,
    )


def _preference(ask: Ask, offer: service.Offer) -> tuple[bool, bool]:
    return (offer.carer.id != ask.carer_id, offer.carer.village_id != ask.elder.village_id)


def _alternatives(
    ask: Ask, skill: str, start: datetime, end: datetime, minutes: int, wanted: Carer | None
) -> list[service.Offer]:
    """Return other carers in the window, then the nearest other times, of the wanted carer first."""
    found: list[service.Offer] = []
    if wanted is not None:
        found += _offers(ask, skill, start, end, minutes, None)[: ALTERNATIVES - 1]
    since = _on_the_hour(max(ask.now, start - NEARBY))
    around = _offers(ask, skill, since, end + NEARBY, minutes, None, per_carer=_MANY)
    around.sort(
        key=lambda offer: (
            wanted is not None and offer.carer.id != wanted.id,
            abs((offer.start - start).total_seconds()),
            offer.carer.village_id != ask.elder.village_id,
            offer.start,
        )
    )
    for offer in around:
        if len(found) >= ALTERNATIVES:
            break
        if all(offer.start != other.start for other in found):
            found.append(offer)
    return sorted(found, key=lambda offer: offer.start)


def _on_the_hour(instant: datetime) -> datetime:
    floor = instant.replace(minute=0, second=0, microsecond=0)
    return floor if floor == instant else floor + timedelta(hours=1)


def _document(offer: service.Offer) -> dict[str, Any]:
    return {
        "carer": {"id": offer.carer.id, "name": offer.carer.name},
        "start": outward(offer.start),
        "end": outward(offer.end),
    }
