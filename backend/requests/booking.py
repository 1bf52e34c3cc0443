"""Booking: what a request reserves, by kind: a row that a constraint guards, or an honest refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from assistant.vocabulary import ServiceKind
from backend.appointments import service as appointments
from backend.care import service as care
from backend.catalogue import portions
from backend.requests import book_appointment, book_carer, book_meal
from backend.requests.ask import Ask, Booked

BOOKERS: Mapping[ServiceKind, Callable[[Ask], Booked]] = {
    ServiceKind.MEAL: book_meal.book,
    ServiceKind.HOME_CARE: book_carer.book_home_care,
    ServiceKind.MEDICAL_APPOINTMENT: book_appointment.book,
    ServiceKind.COMPANIONSHIP: book_carer.book_companionship,
}
"""How each kind of service is reserved."""


def book(kind: ServiceKind, ask: Ask) -> Booked:
    """Reserve what a request needs.

    Raises:
        BackendError: a refusal with its alternatives, or a wish that makes no sense.
    """
    return BOOKERS[kind](ask)


def release(session: Session, request_id: str) -> None:
    """Let go of everything that a request holds."""
    portions.release(session, request_id=request_id)
    appointments.release(session, request_id=request_id)
    care.release(session, request_id=request_id)
