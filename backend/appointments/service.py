"""What appointments do: find open slots, and let a request hold one or let it go.

That a slot has one holder is the primary key of ``slot_holds``, on every database; nothing here checks it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assistant.vocabulary import Department
from backend.appointments.models import Doctor, Facility, Slot, SlotHold
from backend.errors import BadInput, NotFound

Named = TypeVar("Named", Doctor, Facility)

ALTERNATIVES = 3
"""How many other slots a refusal names; more cannot be kept in mind by ear."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """With whom an appointment is wanted; None where it does not matter."""

    department: Department | None = None
    facility_id: str | None = None
    doctor_id: str | None = None


def get_slot(session: Session, slot_id: str) -> Slot:
    """Return a slot.

    Raises:
        NotFound: ``unknown_slot``.
    """
    slot = session.get(Slot, slot_id)
    if slot is None:
        raise NotFound("There is no appointment slot with this id.", code="unknown_slot")
    return slot


def open_slots(
    session: Session,
    *,
    start: datetime,
    end: datetime,
    wanted: Wanted,
    limit: int = 20,
    latest_first: bool = False,
) -> list[Slot]:
    """Return slots that nobody holds and that begin in [start, end), soonest first."""
    query: Select[Any] = (
        select(Slot)
        .join(Doctor, Doctor.id == Slot.doctor_id)
        .where(Slot.start >= start, Slot.start < end)
        .where(~exists().where(SlotHold.slot_id == Slot.id))
    )
    if wanted.department:
        query = query.where(Doctor.department == wanted.department)
    if wanted.facility_id:
        query = query.where(Doctor.facility_id == wanted.facility_id)
    if wanted.doctor_id:
        query = query.where(Slot.doctor_id == wanted.doctor_id)
    order = Slot.start.desc() if latest_first else Slot.start.asc()
    return list(session.scalars(query.order_by(order, Slot.id).limit(limit)))


def nearest_slots(
    session: Session, *, start: datetime, end: datetime, wanted: Wanted, now: datetime, horizon: datetime
) -> list[Slot]:
    """Return up to three open slots around [start, end) for a refusal: the nearest, soonest first.

    Where the doctor has too few, the department's are added, first in the same facility.
    """
    tries = [wanted]
    if wanted.department:
        tries += [replace(wanted, doctor_id=None), replace(wanted, doctor_id=None, facility_id=None)]
    found: dict[str, Slot] = {}
    for attempt in dict.fromkeys(tries):
        later = open_slots(session, start=max(start, now), end=horizon, wanted=attempt, limit=ALTERNATIVES)
        earlier = open_slots(
            session, start=now, end=max(start, now), wanted=attempt, limit=ALTERNATIVES, latest_first=True
        )
        near = sorted([*later, *earlier], key=lambda slot: (*_distance(slot, start, end), slot.id))
        found |= {slot.id: slot for slot in near if slot.id not in found}
        if len(found) >= ALTERNATIVES:
            break
    return sorted(list(found.values())[:ALTERNATIVES], key=lambda slot: (slot.start, slot.id))


def _distance(slot: Slot, start: datetime, end: datetime) -> tuple[float, float]:
    """Return how far a slot is from the window; of two that are as far, the later is nearer."""
    away = max((start - slot.start).total_seconds(), (slot.start - end).total_seconds(), 0.0)
    return away, -slot.start.timestamp()


def hold(session: Session, *, slot_id: str, request_id: str) -> bool:
    """Let a request hold a slot; False where another one does."""
    try:
        with session.begin_nested():
            session.add(SlotHold(slot_id=slot_id, request_id=request_id))
    except IntegrityError:
        return False
    return True


def release(session: Session, *, request_id: str) -> None:
    """Let go of the slot that a request holds, if any."""
    session.execute(delete(SlotHold).where(SlotHold.request_id == request_id))


def get_doctor(session: Session, doctor_id: str) -> Doctor:
    """Return a doctor.

    Raises:
        BadInput: ``unknown_doctor``.
    """
    doctor = session.get(Doctor, doctor_id)
    if doctor is None:
        raise BadInput("There is no doctor with this id.", code="unknown_doctor")
    return doctor


def find_doctor(session: Session, name: str) -> Doctor:
    """Return the doctor of a name or alias.

    Raises:
        BadInput: ``unknown_doctor``: none, or more than one.
    """
    return _by_name(session, Doctor, name, "unknown_doctor")


def find_facility(session: Session, name: str) -> Facility:
    """Return the facility of a name or alias.

    Raises:
        BadInput: ``unknown_facility``: none, or more than one.
    """
    return _by_name(session, Facility, name, "unknown_facility")


def _by_name(session: Session, kind: type[Named], name: str, code: str) -> Named:
    found = [row for row in session.scalars(select(kind)) if row.name == name or name in row.aliases]
    if len(found) != 1:
        raise BadInput(f"There are {len(found)} of that name.", code=code, extra={"name": name})
    return found[0]


def facilities(session: Session) -> list[Facility]:
    """Return all facilities, by id."""
    return list(session.scalars(select(Facility).order_by(Facility.id)))


def doctors(session: Session) -> list[Doctor]:
    """Return all doctors, by id."""
    return list(session.scalars(select(Doctor).order_by(Doctor.id)))
