"""Tags proposed from what an elder said lately; a person decides of each, and is told its source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.clock import in_town, town_day
from backend.elders import tags as tagging
from backend.elders.models import ElderTag, TagDecision
from backend.elders.service import briefly
from backend.errors import NotFound

BACK = timedelta(days=14)
"""How far back words count."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Words of an elder, when she said them, and by what way they came to us (对话, 探访)."""

    text: str
    at: datetime
    way: str


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A tag that her words speak for."""

    tag: str
    days: int
    heard: Heard

    @property
    def source(self) -> str:
        """Where it comes from, as the tag's source says it."""
        at = in_town(self.heard.at)
        return f"{at.month}月{at.day}日{self.heard.way}：「{self.heard.text[:60]}」"


@dataclass(frozen=True, kw_only=True)
class _Rule:
    tag: str
    days: int
    words: re.Pattern[str]
    unless: re.Pattern[str] | None


def proposed(session: Session, elder_id: str, heard: Iterable[Heard], *, now: datetime) -> list[Proposal]:
    """Return what is proposed: nothing that she has already, and nothing dismissed since it was said."""
    has = set(session.scalars(select(ElderTag.tag).where(ElderTag.elder_id == elder_id)))
    query = select(TagDecision).where(TagDecision.elder_id == elder_id)
    decided = {row.tag: row.at for row in session.scalars(query)}
    found: dict[str, Proposal] = {}
    for said in sorted(heard, key=lambda one: one.at, reverse=True):
        if said.at < now - BACK:
            break
        for rule in _rules():
            if rule.tag in found or rule.tag in has or decided.get(rule.tag, said.at) > said.at:
                continue
            plain = rule.unless.sub("", said.text) if rule.unless else said.text
            if rule.words.search(plain):
                found[rule.tag] = Proposal(tag=rule.tag, days=rule.days, heard=said)
    return [found[rule.tag] for rule in _rules() if rule.tag in found]


def decide(
    session: Session,
    elder_id: str,
    tag: str,
    *,
    accept: bool,
    heard: Iterable[Heard],
    actor: str,
    now: datetime,
) -> None:
    """Confirm or dismiss what is proposed.

    Raises:
        NotFound: ``unknown_elder``, or nothing of the kind is proposed (``unknown_proposal``).
    """
    briefly(session, elder_id)
    proposal = next((one for one in proposed(session, elder_id, heard, now=now) if one.tag == tag), None)
    if proposal is None:
        raise NotFound("No such tag is proposed.", code="unknown_proposal")
    row = session.get(TagDecision, (elder_id, tag)) or TagDecision(elder_id=elder_id, tag=tag)
    row.accepted, row.said, row.by, row.at = accept, proposal.heard.text[:500], actor, now
    session.add(row)
    session.flush()
    if accept:
        until = town_day(now) + timedelta(days=proposal.days)
        tagging.give(
            session,
            elder_id=elder_id,
            tag=tag,
            source=proposal.source[:100],
            until=until,
            actor=actor,
            at=now,
        )
    else:
        audit.record(
            session,
            actor=actor,
            action="tags.dismiss",
            target=f"elder:{elder_id}",
            detail={"tag": tag},
            at=now,
        )


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    rows = yaml.safe_load((Path(__file__).parent / "proposed_tags.yml").read_text(encoding="utf-8"))
    return tuple(
        _Rule(
            tag=row["tag"],
            days=int(row["days"]),
            words=re.compile(row["words"]),
            unless=re.compile(row["unless"]) if "unless" in row else None,
        )
        for row in rows
    )
