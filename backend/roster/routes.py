"""Routes of the roster."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from backend.access import Caller, Here, Me
from backend.rights import Action, Scope
from backend.roster import service
from backend.roster.models import Shift
from backend.roster.schemas import RosterOut, ShiftIn, ShiftOut
from backend.wire import Id, Instant

router = APIRouter(tags=["roster"])

SHOWN = timedelta(days=14)
"""How far ahead the roster is shown where nobody says."""


def _out(shift: Shift, name: str) -> ShiftOut:
    return ShiftOut(
        id=shift.id, staff_id=shift.staff_id, name=name, village_id=shift.village_id,
        starts_at=shift.starts_at, ends_at=shift.ends_at, made_by=shift.made_by,
    )  # fmt: skip


def _village(me: Me, action: Action) -> str | None:
    """Return the village to which the caller is held; None: the whole town."""
    if me.visitor is None or me.scope(action) is Scope.TOWN:
        return None
    return me.visitor.village_id or ""


@router.get("/roster")
def find(
    here: Here,
    me: Me,
    village_id: Id | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
) -> RosterOut:
    """Return who is on duty when, and who is told right now of what cannot wait."""
    now = here.clock.now()
    begin = since or now
    village = _village(me, Action.ROSTER_READ)
    village = village_id if village is None else village
    with here.database.session() as session:
        rows = service.find(session, since=begin, until=until or begin + SHOWN, village_id=village)
        people = service.on_duty(session, village, at=now)
        return RosterOut(
            shifts=[_out(shift, name) for shift, name in rows],
            at=now,
            on_duty=[person.id for person in people],
        )


@router.post("/roster", status_code=201)
def put(sent: ShiftIn, here: Here, me: Me, caller: Caller) -> ShiftOut:
    """Put a coordinator on the roster; the same beginning again moves the end."""
    now = here.clock.now()
    return here.database.transact(
        lambda session: _out(
            *service.put(
                session, staff_id=sent.staff_id, starts_at=sent.starts_at, ends_at=sent.ends_at,
                by=caller, at=now, within=_village(me, Action.ROSTER_WRITE),
            )
        )
    )  # fmt: skip


@router.post("/roster/{shift_id}/remove", status_code=204)
def remove(shift_id: Id, here: Here, me: Me, caller: Caller) -> None:
    """Take a shift off the roster."""
    now = here.clock.now()
    here.database.transact(
        lambda session: service.remove(
            session, shift_id, by=caller, at=now, within=_village(me, Action.ROSTER_WRITE)
        )
    )
