"""What carers can offer, as it goes over the wire."""

from __future__ import annotations

from backend.wire import Instant, Wire


class CarerOut(Wire):
    """A carer."""

    id: str
    name: str


class OfferOut(Wire):
    """A carer's free time for what was asked."""

    carer: CarerOut
    start: Instant
    end: Instant


class OffersOut(Wire):
    """Offers, soonest first."""

    offers: list[OfferOut]
