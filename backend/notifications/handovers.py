"""Handovers: a person is asked to call an elder back, and the request stays open until somebody did."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.database import claim, identify, settle
from backend.elders import service as elders
from backend.errors import NotFound
from backend.notifications.models import Handover, HandoverState
from backend.wire import By

_CREATE = "handovers.create"


class UnknownHandover(NotFound):
    """No handover has this id."""

    code = "unknown_handover"
    message = "There is no such handover."


def create(
    session: Session, *, turn_key: str, elder_id: str, reason: str, said: str, at: datetime
) -> tuple[Handover, bool]:
    """Ask for a call back, once for a turn key; return the row, and whether this call made it.

    Raises:
        UnknownElder: nobody has this id.
        KeyReused: the key was used for something else.
    """
    body = {"elder_id": elder_id, "reason": reason, "said": said}
    made = claim(session, turn_key=turn_key, action=_CREATE, body=body)
    if made is not None:
        return session.get_one(Handover, made), False
    elders.get_elder(session, elder_id)
    row_id = identify("handover", turn_key)
    settle(session, turn_key=turn_key, action=_CREATE, body=body, target_id=row_id, at=at)
    row = Handover(
        id=row_id, elder_id=elder_id, reason=reason, said=said, state=HandoverState.OPEN,
        turn_key=turn_key, asked_at=at, done_at=None, done_by=None, note="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=f"elder:{elder_id}",
        action=_CREATE,
        target=f"elder:{elder_id}",
        detail={"handover": row.id},
        at=at,
    )
    return row, True


def finish(session: Session, handover_id: str, *, by: By, note: str, at: datetime) -> Handover:
    """Write down that somebody called back; again, it changes nothing.

    Raises:
        UnknownHandover: no handover has this id.
    """
    row = session.get(Handover, handover_id, with_for_update=True)
    if row is None:
        raise UnknownHandover
    if row.state is HandoverState.DONE:
        return row
    row.state, row.done_at, row.done_by, row.note = HandoverState.DONE, at, by.actor, note
    session.flush()
    audit.record(
        session,
        actor=by.actor,
        action="handovers.finish",
        target=f"handover:{handover_id}",
        detail={"note": note},
        at=at,
    )
    return row


def find(
    session: Session, *, elder_id: str | None = None, state: HandoverState | None = None, limit: int = 100
) -> list[Handover]:
    """Return handovers, oldest first: who waits longest comes first."""
    query = select(Handover)
    if elder_id is not None:
        query = query.where(Handover.elder_id == elder_id)
    if state is not None:
        query = query.where(Handover.state == state)
    return list(session.scalars(query.order_by(Handover.asked_at, Handover.id).limit(limit)))
