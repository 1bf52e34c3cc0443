"""Reminders: what an elder wants to be told and when, until it is done or taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.database import claim, identify, settle
from backend.elders import service as elders
from backend.errors import NotAllowed, NotFound
from backend.failpoints import reach
from backend.notifications import reminding
from backend.notifications.models import Reminder, ReminderState
from backend.wire import By

_CREATE = "reminders.create"


class UnknownReminder(NotFound):
    """No reminder has this id."""

    code = "unknown_reminder"
    message = "There is no such reminder."


def create(
    session: Session,
    *,
    turn_key: str,
    elder_id: str,
    text: str,
    start: datetime | None,
    repeat: str | None,
    said: str,
    at: datetime,
) -> tuple[Reminder, bool]:
    """Write a reminder down, once for a turn key; return it, and whether this call made it.

    Args:
        session: a write session.
        turn_key: idempotency key.
        elder_id: who is to be reminded.
        text: of what.
        start: when, aware; the first time where it repeats.
        repeat: RRULE, or None for once.
        said: the elder's own words.
        at: the instant, aware.

    Raises:
        UnknownElder: nobody has this id.
        KeyReused: the key was used for something else.
        BadInput: ``unknown_rule``: the repeat is none that can be followed.
    """
    body = {
        "elder_id": elder_id, "text": text, "start": start.isoformat() if start else None, "repeat": repeat,
        "said": said,
    }  # fmt: skip
    made = claim(session, turn_key=turn_key, action=_CREATE, body=body)
    if made is not None:
        return session.get_one(Reminder, made), False
    elders.briefly(session, elder_id)
    row_id = identify("reminder", turn_key)
    settle(session, turn_key=turn_key, action=_CREATE, body=body, target_id=row_id, at=at)
    row = Reminder(
        id=row_id, elder_id=elder_id, text=text, start=start, repeat=repeat, said=said,
        state=ReminderState.ACTIVE, turn_key=turn_key, created_at=at, updated_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    reminding.schedule_first(session, row, now=at)
    audit.record(
        session,
        actor=f"elder:{elder_id}",
        action=_CREATE,
        target=f"elder:{elder_id}",
        detail={"reminder": row.id},
        at=at,
    )
    reach(session, "reminder.created")
    return row, True


def end(session: Session, reminder_id: str, state: ReminderState, *, by: By, at: datetime) -> Reminder:
    """Bring a reminder to an end, done or cancelled; again, it changes nothing.

    Raises:
        UnknownReminder: no reminder has this id.
        NotAllowed: it ended otherwise before.
    """
    row = session.get(Reminder, reminder_id, with_for_update=True)
    if row is None:
        raise UnknownReminder
    if row.state is state:
        return row
    if row.state is not ReminderState.ACTIVE:
        raise NotAllowed(f"A reminder that is {row.state} cannot become {state}.")
    row.state, row.updated_at = state, at
    session.flush()
    reminding.stop(session, row.id, now=at)
    audit.record(
        session,
        actor=by.actor,
        action="reminders.end",
        target=f"reminder:{reminder_id}",
        detail={"state": str(state)},
        at=at,
    )
    return row


def find(
    session: Session, *, elder_id: str | None = None, state: ReminderState | None = None, limit: int = 100
) -> list[Reminder]:
    """Return reminders, the soonest first."""
    query = select(Reminder)
    if elder_id is not None:
        query = query.where(Reminder.elder_id == elder_id)
    if state is not None:
        query = query.where(Reminder.state == state)
    return list(session.scalars(query.order_by(Reminder.start.nulls_last(), Reminder.id).limit(limit)))
