"""What the book of elders does: find an elder, filter elders, write down what they measured."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, lazyload

from assistant.vocabulary import ReadingKind
from backend.audit import service as audit
from backend.database import claim, identify, settle
from backend.elders.models import Elder, ElderReading, ElderTag, Village
from backend.elders.schemas import ReadingsIn, VoiceIn
from backend.elders.words import Living
from backend.errors import NotFound


def get_elder(session: Session, elder_id: str) -> Elder:
    """Return an elder.

    Raises:
        NotFound: ``unknown_elder``.
    """
    elder = session.get(Elder, elder_id)
    if elder is None:
        raise NotFound("There is no elder with this id.", code="unknown_elder")
    return elder


def briefly(session: Session, elder_id: str) -> Elder:
    """Return an elder without her contacts, tags and village being read at once: for what is done often.

    Raises:
        NotFound: ``unknown_elder``.
    """
    later = [lazyload(Elder.village), lazyload(Elder.contacts), lazyload(Elder.tag_rows)]
    elder = session.get(Elder, elder_id, options=later)
    if elder is None:
        raise NotFound("There is no elder with this id.", code="unknown_elder")
    return elder


def find_elders(
    session: Session,
    *,
    village_id: str | None = None,
    tags: list[str] | None = None,
    living: Living | None = None,
    name: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Elder], int]:
    """Return a page of the elders that have all of ``tags``, and how many there are."""
    query: Select[Any] = select(Elder)
    if village_id:
        query = query.where(Elder.village_id == village_id)
    if living:
        query = query.where(Elder.living == living)
    if name:
        query = query.where(Elder.name.contains(name, autoescape=True) | (Elder.called == name))
    for tag in tags or ():
        query = query.where(Elder.id.in_(select(ElderTag.elder_id).where(ElderTag.tag == tag)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return list(session.scalars(query.order_by(Elder.id).limit(limit).offset(offset))), total


def villages(session: Session) -> list[Village]:
    """Return all villages, by id."""
    return list(session.scalars(select(Village).order_by(Village.id)))


def add_readings(
    session: Session, *, elder_id: str, sent: ReadingsIn, now: datetime, actor: str
) -> list[ElderReading]:
    """Write down what an elder measured; the same turn again returns the same rows."""
    get_elder(session, elder_id)
    action = "elders.readings"
    body = {"elder_id": elder_id, **sent.model_dump(mode="json", exclude={"turn_key"})}
    if claim(session, turn_key=sent.turn_key, action=action, body=body) is None:
        settle(session, turn_key=sent.turn_key, action=action, body=body, target_id=elder_id, at=now)
        for number, reading in enumerate(sent.readings):
            session.add(
                ElderReading(
                    id=identify(f"reading.{number}", sent.turn_key),
                    elder_id=elder_id,
                    kind=reading.kind,
                    value=reading.value,
                    value2=reading.value2,
                    unit=reading.unit,
                    said=sent.said,
                    turn_key=sent.turn_key,
                    measured_at=sent.measured_at or now,
                )
            )
        session.flush()
        audit.record(
            session,
            actor=actor,
            action=action,
            target=f"elder:{elder_id}",
            detail={"turn_key": sent.turn_key, "count": len(sent.readings)},
            at=now,
        )
    made = [identify(f"reading.{number}", sent.turn_key) for number in range(len(sent.readings))]
    rows = {row.id: row for row in session.scalars(select(ElderReading).where(ElderReading.id.in_(made)))}
    return [rows[reading_id] for reading_id in made]


def readings(
    session: Session, *, elder_id: str, kind: ReadingKind | None = None, limit: int = 50
) -> list[ElderReading]:
    """Return an elder's latest readings, newest first."""
    get_elder(session, elder_id)
    query = select(ElderReading).where(ElderReading.elder_id == elder_id)
    if kind:
        query = query.where(ElderReading.kind == kind)
    return list(
        session.scalars(query.order_by(ElderReading.measured_at.desc(), ElderReading.id).limit(limit))
    )


def set_voice(session: Session, elder_id: str, sent: VoiceIn, *, now: datetime, actor: str) -> Elder:
    """Remember how an elder wishes to be spoken to; what is not sent stays as it was.

    Raises:
        NotFound: ``unknown_elder``.
    """
    elder = get_elder(session, elder_id)
    changed = sent.model_dump(exclude_none=True)
    if changed:
        # Another dict: the row does not see a change inside the one that it holds.
        elder.preferences = {
            **elder.preferences,
            "voice": {**elder.preferences.get("voice", {}), **changed},
        }
        session.flush()
        audit.record(
            session,
            actor=actor,
            action="elders.voice",
            target=f"elder:{elder_id}",
            detail={name: value for name, value in changed.items() if name != "pauses"},
            at=now,
        )
    return elder
