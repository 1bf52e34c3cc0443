"""Booking a medical appointment: the slot that was chosen, or the earliest that matches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from backend.appointments import service
from backend.appointments.models import Slot
from backend.appointments.schemas import slot_out
from backend.errors import BadInput, InThePast, NoSlot, SlotTaken
from backend.requests.ask import Ask, Booked
from backend.requests.details import AppointmentDetails, parse

HORIZON = timedelta(days=60)
"""How far ahead other slots are looked for."""

DEFAULT_WINDOW = timedelta(days=14)
"""How far ahead a slot is looked for where no time was said."""

_ROUNDS = 8  # each lost round means that somebody else was booked
_BATCH = 32


def book(ask: Ask) -> Booked:
    """Reserve an appointment slot.

    Raises:
        BadInput: an unknown doctor or facility, or neither department, doctor nor slot.
        NotFound: ``unknown_slot``.
        InThePast: the slot or window is over.
        SlotTaken: somebody else has the chosen slot; alternatives are open slots.
        NoSlot: no open slot matches; alternatives are open slots.
    """
    wish = parse(AppointmentDetails, ask.details)
    slot = _chosen(ask, wish) if wish.slot_id else _earliest(ask, wish)
    doctor = slot.doctor
    details = wish.document() | {
        "slot_id": slot.id,
        "department": doctor.department.value,
        "doctor_id": doctor.id,
        "doctor": doctor.name,
        "facility_id": doctor.facility_id,
        "facility": doctor.facility.name,
    }
    return Booked(start=slot.start, end=slot.end, details=details)


def _chosen(ask: Ask, wish: AppointmentDetails) -> Slot:
    slot = service.get_slot(ask.session, str(wish.slot_id))
    if slot.start <= ask.now:
        raise InThePast
    if service.hold(ask.session, slot_id=slot.id, request_id=ask.request_id):
        return slot
    wanted = service.Wanted(
        department=slot.doctor.department, facility_id=slot.doctor.facility_id, doctor_id=slot.doctor_id
    )
    raise SlotTaken(extra={"alternatives": _alternatives(ask, slot.start, slot.start, wanted)})


def _earliest(ask: Ask, wish: AppointmentDetails) -> Slot:
    start = ask.start or ask.now
    end = ask.end or (start if ask.start else start + DEFAULT_WINDOW)
    if max(start, end) < ask.now:
        raise InThePast
    until = end if end > start else start + timedelta(hours=1)
    wanted = _wanted(ask, wish)
    for _ in range(_ROUNDS):
        found = service.open_slots(
            ask.session, start=max(start, ask.now), end=until, wanted=wanted, limit=_BATCH
        )
        if not found:
            break
        for slot in found:
            if service.hold(ask.session, slot_id=slot.id, request_id=ask.request_id):
                return slot
    raise NoSlot(extra={"alternatives": _alternatives(ask, start, until, wanted)})


def _wanted(ask: Ask, wish: AppointmentDetails) -> service.Wanted:
    doctor, facility_id = None, wish.facility_id
    if wish.doctor_id:
        doctor = service.get_doctor(ask.session, wish.doctor_id)
    elif wish.doctor:
        doctor = service.find_doctor(ask.session, wish.doctor)
    if wish.facility and not facility_id:
        facility_id = service.find_facility(ask.session, wish.facility).id
    department = wish.department or (doctor.department if doctor else None)
    if department is None:
        raise BadInput("An appointment needs a department, a doctor or a slot.", code="department_missing")
    return service.Wanted(
        department=department, facility_id=facility_id, doctor_id=doctor.id if doctor else None
    )


def _alternatives(ask: Ask, start: datetime, end: datetime, wanted: service.Wanted) -> list[dict[str, Any]]:
    found = service.nearest_slots(
        ask.session, start=start, end=end, wanted=wanted, now=ask.now, horizon=max(start, ask.now) + HORIZON
    )
    return [slot_out(slot).model_dump(mode="json") for slot in found]
