"""What care does: find carers who are free, and let a request hold their half-hours or let them go.

That a carer is at one place at a time is the primary key of ``carer_cells``, on every database; what is found
free here may be taken a moment later, and then :func:`hold` says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.care.durations import CELL_MINUTES
from backend.care.models import Carer, CarerCell, CarerSkill
from backend.clock import in_town
from backend.errors import BadInput

CELL = timedelta(minutes=CELL_MINUTES)
LONGEST_WINDOW = timedelta(days=31)
"""How far a window is searched; nobody means more by a window."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A carer who is free from ``start`` to ``end``."""

    carer: Carer
    start: datetime
    end: datetime


def offers(
    session: Session,
    *,
    skill: str,
    start: datetime,
    end: datetime,
    minutes: int,
    village_id: str,
    now: datetime,
    carer_id: str | None = None,
    per_carer: int = 1,
) -> list[Offer]:
    """Return who could come within a window: for each carer her earliest free times, soonest first.

    Care begins in the window and ends in it where the window is long enough; a point means its hour. A point,
    or a window that is just long enough, is taken at its word; where a window leaves a choice, care begins on
    the clock's half-hours. Among equals the elder's own village comes first, then who has less to do.

    Args:
        session: any session.
        skill: one of ``backend.care.models.SKILLS``.
        start: beginning of the window, aware.
        end: its end.
        minutes: how long the care takes.
        village_id: the elder's village.
        now: care does not begin before this.
        carer_id: only this carer, if given.
        per_carer: how many times to offer of each carer.
    """
    until = min(end if end > start else start + timedelta(hours=1), start + LONGEST_WINDOW)
    length = timedelta(minutes=minutes)
    last = max(start, until - length)
    carers = _skilled(session, skill, carer_id)
    if not carers:
        return []
    taken = _taken(session, carers, start, last + length)
    load = Counter((carer, in_town(cell).date()) for carer, cell in taken)
    leaves_choice = end - start > length
    first = _on_half_hour(max(start, now)) if leaves_choice else _first_start(start, now)
    found: list[Offer] = []
    for carer in carers:
        count = 0
        begin = first
        while begin <= last and count < per_carer:
            if _on_shift(carer, begin, length) and not any(
                (carer.id, cell) in taken for cell in cells(begin, length)
            ):
                found.append(Offer(carer=carer, start=begin, end=begin + length))
                count += 1
            begin += CELL
    return sorted(
        found,
        key=lambda offer: (
            offer.start,
            offer.carer.village_id != village_id,
            load[(offer.carer.id, in_town(offer.start).date())],
            offer.carer.id,
        ),
    )


def hold_instead(session: Session, *, offer: Offer, request_id: str) -> bool:
    """Let a request hold other half-hours instead of its own; it keeps those where the others are taken."""
    try:
        with session.begin_nested():
            session.execute(delete(CarerCell).where(CarerCell.request_id == request_id))
            rows = [
                {"carer_id": offer.carer.id, "cell": cell, "request_id": request_id}
                for cell in cells(offer.start, offer.end - offer.start)
            ]
            session.execute(insert(CarerCell), rows)
    except IntegrityError:
        return False
    return True


def hold(session: Session, *, offer: Offer, request_id: str) -> bool:
    """Let a request hold a carer's half-hours; False where one of them is held already."""
    rows = [
        {"carer_id": offer.carer.id, "cell": cell, "request_id": request_id}
        for cell in cells(offer.start, offer.end - offer.start)
    ]
    try:
        with session.begin_nested():
            session.execute(insert(CarerCell), rows)
    except IntegrityError:
        return False
    return True


def release(session: Session, *, request_id: str) -> None:
    """Let go of all half-hours that a request holds."""
    session.execute(delete(CarerCell).where(CarerCell.request_id == request_id))


def cells(start: datetime, length: timedelta) -> list[datetime]:
    """Return the half-hours, by their beginning, that care from ``start`` touches."""
    cell = start.replace(minute=start.minute - start.minute % CELL_MINUTES, second=0, microsecond=0)
    found = []
    while cell < start + length:
        found.append(cell)
        cell += CELL
    return found


def get_carer(session: Session, carer_id: str) -> Carer:
    """Return a carer.

    Raises:
        BadInput: ``unknown_carer``.
    """
    carer = session.get(Carer, carer_id)
    if carer is None:
        raise BadInput("There is no carer with this id.", code="unknown_carer")
    return carer


def find_carer(session: Session, name: str) -> Carer | None:
    """Return the one carer of a name or alias, None where there is none or more than one."""
    found = [carer for carer in carers(session) if carer.name == name or name in carer.aliases]
    return found[0] if len(found) == 1 else None


def carers(session: Session) -> list[Carer]:
    """Return all carers, by id."""
    return list(session.scalars(select(Carer).order_by(Carer.id)))


def _skilled(session: Session, skill: str, carer_id: str | None) -> list[Carer]:
    query = select(Carer).join(CarerSkill, CarerSkill.carer_id == Carer.id).where(CarerSkill.skill == skill)
    if carer_id:
        query = query.where(Carer.id == carer_id)
    return list(session.scalars(query.order_by(Carer.id)))


def _taken(
    session: Session, of: Iterable[Carer], start: datetime, end: datetime
) -> set[tuple[str, datetime]]:
    query = (
        select(CarerCell.carer_id, CarerCell.cell)
        .where(CarerCell.carer_id.in_([carer.id for carer in of]))
        .where(CarerCell.cell > start - CELL, CarerCell.cell < end)
    )
    return {(row.carer_id, row.cell) for row in session.execute(query)}


def _on_half_hour(instant: datetime) -> datetime:
    floor = cells(instant, CELL)[0]
    return floor if floor == instant else floor + CELL


def _first_start(start: datetime, now: datetime) -> datetime:
    if start >= now:
        return start
    return start + CELL * -((start - now) // CELL)


def _on_shift(carer: Carer, start: datetime, length: timedelta) -> bool:
    local = in_town(start)
    begins = local.hour * 60 + local.minute
    ends = begins + int(length.total_seconds() // 60)
    return any(
        shift.weekday == local.weekday() and shift.starts <= begins and ends <= shift.ends
        for shift in carer.shifts
    )
