"""Routes of care: who could come, and when. Carers are booked through requests."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from assistant.vocabulary import ServiceKind
from backend.access import Here
from backend.care import service
from backend.care.durations import MINUTES
from backend.care.models import SKILLS
from backend.care.schemas import CarerOut, OfferOut, OffersOut
from backend.elders.service import get_elder
from backend.errors import BadInput
from backend.wire import Id, Instant, Name

router = APIRouter(tags=["care"])


@router.get("/care/availability")
def availability(
    here: Here,
    care_item: Name,
    start: Instant,
    end: Instant,
    elder_id: Id,
    minutes: Annotated[int | None, Query(ge=10, le=480)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> OffersOut:
    """Return who could come for a care item, ``visit`` or ``call`` within [start, end], soonest first."""
    skill = "visit" if care_item == ServiceKind.COMPANIONSHIP.value else care_item
    if skill not in SKILLS:
        raise BadInput("There is no such care item.", code="unknown_care_item")
    with here.database.session() as session:
        found = service.offers(
            session,
            skill=skill,
            start=start,
            end=end,
            minutes=minutes or MINUTES[skill],
            village_id=get_elder(session, elder_id).village_id,
            now=here.clock.now(),
        )
        return OffersOut(offers=[offer_out(offer) for offer in found[:limit]])


def offer_out(offer: service.Offer) -> OfferOut:
    """Return an offer as the wire has it."""
    return OfferOut(
        carer=CarerOut(id=offer.carer.id, name=offer.carer.name), start=offer.start, end=offer.end
    )
