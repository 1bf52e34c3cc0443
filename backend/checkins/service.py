"""What the check-ins room does: it keeps how each elder was found, and knows who has not been heard from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.vocabulary import CheckInChannel, CheckInOutcome
from backend.audit import service as audit
from backend.checkins import rounds
from backend.checkins.models import CheckIn
from backend.database import claim, identify, settle
from backend.elders import service as elders
from backend.errors import NotFound
from backend.wire import By

_CREATE = "checkins.create"


class UnknownCheckIn(NotFound):
    """No check-in has this id."""

    code = "unknown_checkin"
    message = "There is no such check-in."


def create(
    session: Session,
    *,
    turn_key: str,
    elder_id: str,
    channel: CheckInChannel,
    outcome: CheckInOutcome,
    mood: str = "",
    notes: str = "",
    said: str = "",
    by: By,
    at: datetime,
) -> tuple[CheckIn, bool]:
    """Write a check-in down, once for a turn key; return it, and whether this call made it.

    Args:
        session: a write session.
        turn_key: idempotency key.
        elder_id: who was checked in with.
        channel: how.
        outcome: what came of it.
        mood: how the elder felt, in a word or two.
        notes: what else was seen or heard.
        said: the elder's own words.
        by: who checked in.
        at: when, aware.

    Raises:
        UnknownElder: nobody has this id.
        KeyReused: the key was used for something else.
    """
    body = {
        "elder_id": elder_id, "channel": channel, "outcome": outcome, "mood": mood, "notes": notes,
        "said": said, "by": by.actor,
    }  # fmt: skip
    made = claim(session, turn_key=turn_key, action=_CREATE, body=body)
    if made is not None:
        return session.get_one(CheckIn, made), False
    elders.briefly(session, elder_id)
    row_id = identify("checkin", turn_key)
    settle(session, turn_key=turn_key, action=_CREATE, body=body, target_id=row_id, at=at)
    row = CheckIn(
        id=row_id, elder_id=elder_id, channel=channel, outcome=outcome, mood=mood,
        notes=notes, said=said, role=by.role, by_id=by.id, turn_key=turn_key, at=at, follow_up="",
        followed_up_by=None, followed_up_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=by.actor,
        action=_CREATE,
        target=f"elder:{elder_id}",
        detail={"checkin": row.id, "outcome": str(outcome)},
        at=at,
    )
    if by.role is not None and outcome is not CheckInOutcome.NO_ANSWER:
        rounds.seen_by_a_person(session, elder_id, now=at)
    return row, True


def follow_up(session: Session, checkin_id: str, *, by: By, note: str, at: datetime) -> CheckIn:
    """Write down what was done about a check-in.

    Raises:
        UnknownCheckIn: no check-in has this id.
    """
    row = session.get(CheckIn, checkin_id, with_for_update=True)
    if row is None:
        raise UnknownCheckIn
    row.follow_up, row.followed_up_by, row.followed_up_at = note, by.actor, at
    session.flush()
    audit.record(
        session,
        actor=by.actor,
        action="checkins.follow_up",
        target=f"checkin:{checkin_id}",
        detail={"note": note},
        at=at,
    )
    return row


def find(
    session: Session,
    *,
    elder_id: str | None = None,
    outcome: CheckInOutcome | None = None,
    since: datetime | None = None,
    limit: int = 100,
) -> list[CheckIn]:
    """Return check-ins, newest first: of an elder, with an outcome, at or after an instant."""
    query = select(CheckIn)
    if elder_id is not None:
        query = query.where(CheckIn.elder_id == elder_id)
    if outcome is not None:
        query = query.where(CheckIn.outcome == outcome)
    if since is not None:
        query = query.where(CheckIn.at >= since)
    return list(session.scalars(query.order_by(CheckIn.at.desc(), CheckIn.id).limit(limit)))


def last_answered(session: Session, *, since: datetime) -> dict[str, datetime]:
    """Return elder id → when she was last found at or after ``since``; a call nobody answered does not count.

    Who is missing here has not been heard from.
    """
    query = (
        select(CheckIn.elder_id, func.max(CheckIn.at).label("at"))
        .where(CheckIn.at >= since, CheckIn.outcome != CheckInOutcome.NO_ANSWER)
        .group_by(CheckIn.elder_id)
    )
    return {row.elder_id: row.at for row in session.execute(query)}
