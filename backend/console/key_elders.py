"""Key elders: who needs to be looked after first, each reason a sentence with its source. No hidden score."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assistant.vocabulary import AlarmState, CheckInOutcome, ReadingKind, RequestState
from backend.alarms.models import Alarm
from backend.checkins.models import CheckIn
from backend.clock import in_town, town_day
from backend.console import board
from backend.elders.models import Elder, ElderReading, ElderTag, Village
from backend.elders.words import Living
from backend.plans import service as plans
from backend.requests.models import Request

HIGH_SYSTOLIC, HIGH_DIASTOLIC = 160.0, 100.0
"""Blood pressure from which it counts here, in mmHg: grade 2 of the Chinese guidelines (2024)."""

VERY_OLD = 80
"""Age from which living alone counts, in years: 高龄 in China's allowance for the old."""

DAYS = timedelta(days=7)
"""How far back check-ins, readings and missed visits count."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why an elder is listed.

    Attributes:
        weight: how much it counts: 100 somebody is in need now, 40 soon, 20 watch, 10 lasting.
        text: the sentence, in Chinese.
        link: the page that it comes from.
    """

    weight: int
    text: str
    link: str


@dataclass(frozen=True, kw_only=True)
class ListedElder:
    """An elder in the list."""

    id: str
    name: str
    called: str
    village_id: str
    village: str
    phone: str
    living: Living
    age: int | None
    tags: tuple[str, ...]
    heard_at: datetime | None
    reasons: tuple[Reason, ...]

    @property
    def weight(self) -> int:
        """How much all reasons count."""
        return sum(reason.weight for reason in self.reasons)


@dataclass(frozen=True, kw_only=True)
class ElderFilter:
    """What the list is filtered by; all of it together."""

    village: str = ""
    name: str = ""
    tags: tuple[str, ...] = ()
    living: Living | None = None
    oldest: int | None = None
    condition: str = ""
    silent: bool = False
    key_only: bool = False


def listed(session: Session, wanted: ElderFilter, *, now: datetime) -> list[ListedElder]:
    """Return the elders that match, who needs it most first."""
    year = town_day(now).year
    query: Select[Any] = select(
        Elder.id, Elder.name, Elder.called, Elder.village_id, Village.name.label("village"), Elder.phone,
        Elder.living, Elder.birth_year, Elder.conditions,
    ).join(Village, Village.id == Elder.village_id)  # fmt: skip
    if wanted.village:
        query = query.where(Elder.village_id == wanted.village)
    if wanted.name:
        query = query.where(Elder.name.contains(wanted.name, autoescape=True) | (Elder.id == wanted.name))
    if wanted.living is not None:
        query = query.where(Elder.living == wanted.living)
    if wanted.oldest is not None:
        query = query.where(Elder.birth_year <= year - wanted.oldest)
    for tag in wanted.tags:
        query = query.where(Elder.id.in_(select(ElderTag.elder_id).where(ElderTag.tag == tag)))
    rows = session.execute(query).all()
    tags: dict[str, list[str]] = defaultdict(list)
    for elder_id, tag in session.execute(select(ElderTag.elder_id, ElderTag.tag).order_by(ElderTag.tag)):
        tags[elder_id].append(tag)
    heard = board.last_heard(session, since=now - board.LOOKED_BACK)
    told = reasons(session, now=now)
    found = []
    for row in rows:
        if wanted.condition and wanted.condition not in row.conditions:
            continue
        age = year - row.birth_year if row.birth_year else None
        own = [*told.get(row.id, ()), *_lasting(row.id, row.living, age, tags[row.id])]
        one = ListedElder(
            id=row.id, name=row.name, called=row.called, village_id=row.village_id, village=row.village,
            phone=row.phone, living=row.living, age=age, tags=tuple(tags[row.id]),
            heard_at=heard.get(row.id), reasons=tuple(sorted(own, key=lambda reason: -reason.weight)),
        )  # fmt: skip
        if wanted.silent and one.heard_at is not None and one.heard_at > now - board.SILENT_FOR:
            continue
        if not wanted.key_only or one.weight >= 20:
            found.append(one)
    return sorted(found, key=lambda one: (-one.weight, one.id))


def reasons(session: Session, *, now: datetime, elder_id: str | None = None) -> dict[str, list[Reason]]:
    """Return elder id → what happened lately that speaks for looking after her."""
    found: dict[str, list[Reason]] = defaultdict(list)
    since = now - DAYS

    def of(column: Any) -> list[Any]:
        return [column == elder_id] if elder_id is not None else []

    alarms: Select[Any] = select(Alarm.id, Alarm.elder_id, Alarm.category, Alarm.raised_at).where(
        Alarm.state.in_((AlarmState.RAISED, AlarmState.ACKNOWLEDGED)), *of(Alarm.elder_id)
    )
    for row in session.execute(alarms):
        text = f"{_at(row.raised_at)}报警：{row.category.label}，还没有了结"
        found[row.elder_id].append(Reason(weight=100, text=text, link=f"/console/alarms/{row.id}"))
    missed: Select[Any] = select(Request.id, Request.elder_id, Request.kind, Request.start).where(
        Request.state == RequestState.MISSED, Request.start >= since, *of(Request.elder_id)
    )
    for row in session.execute(missed):
        text = f"{_at(row.start)}的{row.kind.label}没有人到"
        found[row.elder_id].append(Reason(weight=40, text=text, link=f"/console/requests/{row.id}"))
    checkins: Select[Any] = select(
        CheckIn.elder_id, CheckIn.outcome, CheckIn.at, CheckIn.notes, CheckIn.said
    ).where(
        CheckIn.at >= since,
        CheckIn.outcome.in_((CheckInOutcome.NEEDS_ATTENTION, CheckInOutcome.NO_ANSWER)),
        CheckIn.followed_up_at.is_(None),
        *of(CheckIn.elder_id),
    )
    for row in session.execute(checkins.order_by(CheckIn.at.desc())):
        if any(reason.link.endswith("#checkins") for reason in found[row.elder_id]):
            continue  # the latest says enough
        words = f"：{row.notes or row.said}" if row.notes or row.said else ""
        text = f"{_at(row.at)}探访{row.outcome.label}{words}，还没有跟进"
        link = f"/console/elders/{row.elder_id}#checkins"
        found[row.elder_id].append(Reason(weight=40, text=text, link=link))
    pressures: Select[Any] = select(
        ElderReading.elder_id, ElderReading.value, ElderReading.value2, ElderReading.measured_at
    ).where(
        ElderReading.kind == ReadingKind.BLOOD_PRESSURE,
        ElderReading.measured_at >= since,
        (ElderReading.value >= HIGH_SYSTOLIC) | (ElderReading.value2 >= HIGH_DIASTOLIC),
        *of(ElderReading.elder_id),
    )
    for row in session.execute(pressures.order_by(ElderReading.measured_at.desc())):
        if any(reason.link.endswith("#health") for reason in found[row.elder_id]):
            continue
        text = f"{_at(row.measured_at)}血压 {row.value:.0f}/{row.value2 or 0:.0f}，偏高"
        link = f"/console/elders/{row.elder_id}#health"
        found[row.elder_id].append(Reason(weight=20, text=text, link=link))
    for goal in plans.to_review(session, today=town_day(now), elder_id=elder_id):
        text = f"照护计划「{goal.text}」{goal.review_on.month}月{goal.review_on.day}日该复查"
        link = f"/console/elders/{goal.elder_id}#plan"
        found[goal.elder_id].append(Reason(weight=20, text=text, link=link))
    return found


def _lasting(elder_id: str, living: Living, age: int | None, tags: list[str]) -> list[Reason]:
    link, found = f"/console/elders/{elder_id}#life", []
    if living is Living.ALONE and age is not None and age >= VERY_OLD:
        found.append(Reason(weight=10, text=f"{age} 岁，一个人住（名册）", link=link))
    for tag in tags:
        if "失能" in tag or tag in ("失独", "低保", "特困"):
            found.append(Reason(weight=10, text=f"{tag}（名册）", link=link))
    return found


def _at(instant: datetime) -> str:
    local = in_town(instant)
    return f"{local.month}月{local.day}日"
