"""The pages of elders: the list, filtered across dimensions, and the portrait of one."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy.orm import Session

from assistant.vocabulary import CheckInChannel, CheckInOutcome, ReadingKind, word_of
from backend.bindings import service as bindings
from backend.bindings.models import BindingKind
from backend.checkins import rounds
from backend.checkins import service as checkins
from backend.console import key_elders, request_log
from backend.console.frame import At, ConsoleRoute, Page
from backend.console.key_elders import ElderFilter
from backend.console.portrait import portrait
from backend.elders import service as elders
from backend.elders import tags as tagging
from backend.elders.schemas import ReadingIn, ReadingsIn
from backend.elders.words import Living
from backend.errors import BackendError, BadInput

router = APIRouter(route_class=ConsoleRoute)

_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")

ElderId = Annotated[str, Path(max_length=64)]
PAGE = 40

_UNITS = {
    ReadingKind.BLOOD_PRESSURE: "mmHg",
    ReadingKind.BLOOD_SUGAR: "mmol/L",
    ReadingKind.TEMPERATURE: "℃",
    ReadingKind.PULSE: "bpm",
    ReadingKind.WEIGHT: "kg",
    ReadingKind.OXYGEN: "%",
}


@router.get("/console/elders")
def listed(page: At, start: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> Response:
    """Show the elders that match the filter, who needs it most first."""
    given = page.request.query_params

    def word(name: str) -> str:
        return given.get(name, "")[:60].strip().replace("\x00", "")

    livings = request_log.word_list(Living, [word("living")])
    oldest = word("oldest")
    wanted = ElderFilter(
        village=word("village"),
        name=word("name"),
        tags=tuple(tag[:60] for tag in given.getlist("tag")[:10] if tag),
        living=livings[0] if livings else None,
        oldest=int(oldest) if oldest.isdecimal() and len(oldest) <= 3 else None,
        condition=word("condition"),
        silent=word("silent") == "1",
        key_only=word("key") == "1",
    )
    with page.here.database.session() as session:
        found = key_elders.listed(session, wanted, now=page.now)
        villages, tags = request_log.villages(session), request_log.tags(session)
    params = [(key, value) for key, value in given.multi_items() if key not in ("start", "said") and value]
    page.read("elders", "list", detail=urlencode(params)[:500])
    more = len(found) > start + PAGE
    return page.show(
        "elders.html",
        rows=found[start : start + PAGE],
        total=len(found),
        start=start,
        onward="/console/elders?" + urlencode([*params, ("start", start + PAGE)]) if more else "",
        back="/console/elders?" + urlencode(params) if start else "",
        wanted=wanted,
        villages=villages,
        tags=tags,
        livings=list(Living),
        conditions=("高血压", "糖尿病", "冠心病", "脑卒中后遗症", "慢阻肺", "关节炎", "白内障", "认知障碍"),
        now=page.now,
    )


@router.get("/console/elders/{elder_id}")
def one(page: At, elder_id: ElderId) -> Response:
    """Show the portrait of an elder."""
    return _show(page, elder_id)


@router.post("/console/elders/{elder_id}/checkin")
def check_in(page: At, elder_id: ElderId) -> Response:
    """Write a check-in down."""
    form = page.form

    def work(session: Session) -> None:
        checkins.create(
            session,
            turn_key=page.turn_key,
            elder_id=elder_id,
            channel=word_of(CheckInChannel, form.get("channel")),
            outcome=word_of(CheckInOutcome, form.get("outcome")),
            mood=form.get("mood")[:100],
            notes=form.get("notes")[:2000],
            by=page.by,
            at=page.now,
        )

    return write(page, elder_id, work, "checkins")


@router.post("/console/elders/{elder_id}/reading")
def measure(page: At, elder_id: ElderId) -> Response:
    """Write a measured value down."""
    form = page.form

    def work(session: Session) -> None:
        kind = word_of(ReadingKind, form.get("kind"))
        second = form.get("value2")
        reading = ReadingIn(
            kind=kind,
            value=float(form.get("value")),
            value2=float(second) if second else None,
            unit=_UNITS[kind],
        )
        sent = ReadingsIn(turn_key=page.turn_key, readings=[reading])
        elders.add_readings(session, elder_id=elder_id, sent=sent, now=page.now, actor=page.me.actor)

    return write(page, elder_id, work, "health")


@router.post("/console/elders/{elder_id}/tag")
def tag(page: At, elder_id: ElderId) -> Response:
    """Give an elder a tag, with its source and until when it holds."""

    def work(session: Session) -> None:
        tagging.give(
            session,
            elder_id=elder_id,
            tag=page.form.get("tag"),
            source=page.form.get("source"),
            until=request_log.day_of(page.form.get("until")),
            actor=page.me.actor,
            at=page.now,
        )

    return write(page, elder_id, work, "life")


@router.post("/console/elders/{elder_id}/untag")
def untag(page: At, elder_id: ElderId) -> Response:
    """Take a tag off an elder."""

    def work(session: Session) -> None:
        tagging.take_off(
            session, elder_id=elder_id, tag=page.form.get("tag"), actor=page.me.actor, at=page.now
        )

    return write(page, elder_id, work, "life")


@router.post("/console/elders/{elder_id}/rhythm")
def rhythm(page: At, elder_id: ElderId) -> Response:
    """Write down when she is asked how she is."""
    times = [f"{found[0]:0>2}:{found[1]}" for found in _CLOCK.findall(page.form.get("times"))]

    def work(session: Session) -> None:
        if len(times) > 4 or any(clock > "23:59" for clock in times):
            raise BadInput
        rounds.set_rhythm(session, elder_id, times=times, by=page.me.actor, now=page.now)

    return write(page, elder_id, work, "checkins")


@router.post("/console/elders/{elder_id}/bind-code")
def bind_code(page: At, elder_id: ElderId) -> Response:
    """Make a code that binds an account to an elder; it is shown once."""
    form = page.form

    def work(session: Session) -> str:
        _, code = bindings.make_code(
            session,
            elder_id=elder_id,
            kind=word_of(BindingKind, form.get("kind")),
            consent=form.get("consent")[:500],
            name=form.get("name")[:100],
            relation=form.get("relation")[:40],
            now=page.now,
            actor=page.me.actor,
        )
        return code

    try:
        try:
            code = page.here.database.transact(work)
        except ValueError:  # a kind that the form does not offer
            raise BadInput from None
    except BackendError as error:
        if error.status == 404:
            raise
        return _show(page, elder_id, problem=error.reason, status=error.status)
    return _show(page, elder_id, code=f"{code[:4]} {code[4:]}")


def write(page: Page, elder_id: str, work: object, place: str) -> Response:
    """Do something about an elder, and show her portrait again: at the place of it, or with what is wrong."""
    try:
        try:
            page.here.database.transact(work)  # type: ignore[arg-type]
        except ValueError:  # a word or number that the form does not offer
            raise BadInput from None
    except BackendError as error:
        if error.status == 404:
            raise
        return _show(page, elder_id, problem=error.reason, status=error.status)
    return page.back(f"/console/elders/{elder_id}?said=done#{place}")


def _show(page: Page, elder_id: str, *, problem: str = "", status: int = 200, code: str = "") -> Response:
    from backend.console import care_plan  # it writes through this page

    with page.here.database.session() as session:
        values = portrait(session, elder_id, now=page.now)
        values["rhythm"] = rounds.described(session, elder_id)
        values |= care_plan.parts(session, elder_id, now=page.now)
        values["tag_rows"] = tagging.of(session, elder_id)
    page.read("elders", f"elder:{elder_id}")
    return page.show(
        "elder.html",
        status=status,
        problem=problem,
        code=code,
        binding_kinds=list(BindingKind),
        now=page.now,
        channels=list(CheckInChannel),
        outcomes=list(CheckInOutcome),
        kinds=list(ReadingKind),
        **values,
    )
