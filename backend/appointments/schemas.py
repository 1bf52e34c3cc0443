"""Appointment slots, as they go over the wire."""

from __future__ import annotations

from assistant.vocabulary import Department
from backend.appointments.models import Slot
from backend.wire import Instant, Wire


class DoctorOut(Wire):
    """A doctor."""

    id: str
    name: str
    title: str


class FacilityOut(Wire):
    """A clinic or hospital."""

    id: str
    name: str


class SlotOut(Wire):
    """One appointment that can be had."""

    id: str
    start: Instant
    end: Instant
    doctor: DoctorOut
    department: Department
    facility: FacilityOut


class SlotsOut(Wire):
    """Open slots, soonest first."""

    slots: list[SlotOut]


def slot_out(slot: Slot) -> SlotOut:
    """Return a slot as the wire has it."""
    doctor = slot.doctor
    return SlotOut(
        id=slot.id,
        start=slot.start,
        end=slot.end,
        doctor=DoctorOut(id=doctor.id, name=doctor.name, title=doctor.title),
        department=doctor.department,
        facility=FacilityOut(id=doctor.facility.id, name=doctor.facility.name),
    )
