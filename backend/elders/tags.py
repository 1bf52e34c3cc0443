"""Tags of an elder: each with where it comes from, since when, and until when it holds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.clock import TOWN_ZONE
from backend.due import service as due
from backend.due.models import Outcome
from backend.due.steps import Step
from backend.elders.models import ElderTag
from backend.elders.service import get_elder
from backend.errors import BadInput

OVER = "tag_over"
"""Kind of a due row: a tag has held until its day, and comes off."""

MOST = 40
"""Most tags of one elder."""


def of(session: Session, elder_id: str) -> list[ElderTag]:
    """Return an elder's tags, by name."""
    return list(session.scalars(select(ElderTag).where(ElderTag.elder_id == elder_id).order_by(ElderTag.tag)))


def give(
    session: Session, *, elder_id: str, tag: str, source: str, until: date | None, actor: str, at: datetime
) -> ElderTag:
    """Give an elder a tag, or say anew where one comes from and until when it holds.

    Raises:
        NotFound: ``unknown_elder``.
        BadInput: the tag or its source is empty or too long, or there are too many.
    """
    get_elder(session, elder_id)
    tag, source = tag.strip(), source.strip()
    if not 0 < len(tag) <= 30 or not 0 < len(source) <= 100:
        raise BadInput("A tag needs a name and a source.", code="tag_needs_source")
    row = session.get(ElderTag, (elder_id, tag))
    if row is None:
        if len(of(session, elder_id)) >= MOST:
            raise BadInput("There are too many tags.", code="too_many_tags")
        row = ElderTag(elder_id=elder_id, tag=tag)
        session.add(row)
    row.source, row.since, row.until = source, at, until
    session.flush()
    _expire_on(session, row, now=at)
    _record(session, actor, "tags.give", elder_id, tag, at)
    return row


def take_off(session: Session, *, elder_id: str, tag: str, actor: str, at: datetime) -> None:
    """Take a tag off an elder; nothing happens where she does not have it.

    Raises:
        NotFound: ``unknown_elder``.
    """
    get_elder(session, elder_id)
    row = session.get(ElderTag, (elder_id, tag))
    if row is not None:
        session.delete(row)
        session.flush()
        _record(session, actor, "tags.take_off", elder_id, tag, at)


def over(step: Step) -> Outcome:
    """Take off a tag that holds no longer."""
    elder_id, tag = step.row.subject_id, str(step.row.payload["tag"])
    row = step.session.get(ElderTag, (elder_id, tag))
    if row is None or row.until is None or _ends(row.until) > step.now:
        return Outcome.NOT_NEEDED
    step.session.delete(row)
    step.session.flush()
    _record(step.session, "system", "tags.over", elder_id, tag, step.now)
    return Outcome.KEPT


def expire_forgotten(session: Session, *, now: datetime) -> int:
    """Have tags taken off on their day that were given before there was anybody to do it; return how many."""
    rows = session.scalars(select(ElderTag).where(ElderTag.until.is_not(None))).all()
    return sum(_expire_on(session, row, now=now) for row in rows)


def _expire_on(session: Session, row: ElderTag, *, now: datetime) -> bool:
    if row.until is None:
        return False
    return due.schedule(
        session, key=f"{OVER}:{row.elder_id}:{row.tag}:{row.until}", kind=OVER, subject_id=row.elder_id,
        due_at=max(_ends(row.until), now), now=now, payload={"tag": row.tag},
    )  # fmt: skip


def _ends(until: date) -> datetime:
    return datetime.combine(until + timedelta(days=1), time(), TOWN_ZONE)


def _record(session: Session, actor: str, action: str, elder_id: str, tag: str, at: datetime) -> None:
    audit.record(session, actor=actor, action=action, target=f"elder:{elder_id}", detail={"tag": tag}, at=at)
