"""The ladder: who is told of an alarm, one after the other, until a person has taken it on.

Each rung is a due row, written in the transaction of the rung before (the first with the alarm itself), so
that a crash, a restart or a clock that jumps can only make it a little late, or early, and never forget it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assistant.vocabulary import AlarmState, Role
from backend.alarms.models import Alarm, AlarmEvent, Ladder, LadderStep
from backend.audit import service as audit
from backend.auth import service as auth
from backend.auth.models import Staff
from backend.due import service as due
from backend.due.models import Due, DueState, Outcome
from backend.due.steps import Step
from backend.elders import service as elders
from backend.elders.models import Contact, Elder
from backend.failpoints import reach
from backend.outbox import service as outbox
from backend.outbox.models import Why
from backend.outbox.service import Letter
from backend.roster import service as roster

RUNG, NEWS, FOLLOW_UP = "alarm_ladder", "alarm_news", "alarm_follow_up"
"""Kinds of due rows: the next rung; what became of it, to be told; whether its end was written down."""

USUAL: tuple[dict[str, int], ...] = ({"contact": 1, "wait_s": 60}, {"contact": 2, "wait_s": 180})
"""The town's usual rungs (issue 5, point 2)."""

REPEAT_S = 60
"""Pause between two times that the coordinators are told, in seconds."""

WRITTEN_AGAIN = 5
"""Every how many times they are also written to again; the console shows each time."""

TOWN_FROM = 5
"""From which time on the town's administrators are told as well."""

TOGETHER = timedelta(minutes=30)
"""Within this, a second cry of an elder does not begin at the bottom again."""

ABOVE_ALL = 1000
"""Height of the coordinators on duty, above all contacts."""

FOLLOWED_UP_WITHIN = timedelta(minutes=60)
"""How long after it was taken on an alarm may be without an end written down."""


def begin(session: Session, alarm_id: str, *, at: datetime) -> None:
    """Write the first rung down, in the transaction of the alarm."""
    due.schedule(
        session, key=f"ladder:{alarm_id}:0:0", kind=RUNG, subject_id=alarm_id, due_at=at, now=at,
        payload={"rung": 0, "round": 0}, urgent=True,
    )  # fmt: skip


def begin_forgotten(session: Session, *, now: datetime) -> int:
    """Begin the ladder of raised alarms that have none (raised before there were any, or while it failed)."""
    begun = exists().where(Due.subject_id == Alarm.id, Due.kind == RUNG)
    lost = session.scalars(select(Alarm.id).where(Alarm.state == AlarmState.RAISED, ~begun)).all()
    for alarm_id in lost:
        begin(session, alarm_id, at=now)
    return len(lost)


def moved(session: Session, alarm_id: str, state: AlarmState, *, at: datetime) -> None:
    """Stop the ladder of an alarm that a person took on, or that is over; have that told."""
    reach(session, "ladder.acknowledged")
    due.withdraw(session, alarm_id, kinds=[RUNG, FOLLOW_UP], now=at)
    outbox.resolve(session, Why.ALARM, alarm_id, now=at)
    due.schedule(
        session, key=f"alarm_news:{alarm_id}:{state}", kind=NEWS, subject_id=alarm_id, due_at=at, now=at,
        payload={"state": state.value},
    )  # fmt: skip
    if state is AlarmState.ACKNOWLEDGED:
        _follow_up_later(session, alarm_id, number=1, now=at)


def climb(step: Step) -> Outcome:
    """Take the next rung: tell whoever stands on it, and write down when the one after is due."""
    session, now = step.session, step.now
    alarm = session.scalars(
        select(Alarm).where(Alarm.id == step.row.subject_id).with_for_update()
    ).one_or_none()
    if alarm is None or alarm.state is not AlarmState.RAISED:
        return Outcome.NOT_NEEDED
    reach(session, "ladder.before_step")
    elder = session.get(Elder, alarm.known_elder_id) if alarm.known_elder_id else None
    rungs, repeat_s = _rungs(session, elder)
    rung, round_ = int(step.row.payload["rung"]), int(step.row.payload["round"])
    if rung == 0:
        _show_at_once(step, alarm, elder)
    reached = _reached_before(session, alarm) if rung == 0 else 0
    wait_s = 0
    while rung < len(rungs) and elder is not None and not wait_s:
        told = _tell_contact(step, alarm, elder, int(rungs[rung]["contact"]))
        rung += 1
        if told and rung >= reached:
            wait_s = int(rungs[rung - 1]["wait_s"])
    if wait_s:
        _next(step, rung, 0, now + timedelta(seconds=wait_s))
        outcome = Outcome.TOLD
    else:
        _tell_duty(step, alarm, elder, round_)
        _next(step, max(rung, len(rungs)), round_ + 1, now + timedelta(seconds=repeat_s))
        outcome = Outcome.ESCALATED
    reach(session, "ladder.after_step")
    return outcome


def tell_news(step: Step) -> Outcome:
    """Tell the elder and whoever was told that the alarm was taken on; the consoles, that it is over."""
    session, now = step.session, step.now
    alarm = session.get(Alarm, step.row.subject_id)
    if alarm is None:
        return Outcome.NOT_NEEDED
    state = str(step.row.payload["state"])
    elder = session.get(Elder, alarm.known_elder_id) if alarm.known_elder_id else None
    last = next((row for row in reversed(alarm.history) if row.state.value == state), None)
    values = _values(alarm, elder) | {"by": _name(session, last), "note": last.note if last else ""}
    letter = Letter(
        key=f"alarm:{alarm.id}:{state}",
        to_role=Role.COORDINATOR,
        elder_id=alarm.elder_id,
        village_id=elder.village_id if elder else None,
        text=step.wording.say(f"alarm.{state}.duty", **values),
        why=Why.ALARM,
        why_id=alarm.id,
    )
    outbox.show(session, letter, now=now)
    if elder is None:
        return Outcome.TOLD
    if state == AlarmState.ACKNOWLEDGED.value:
        said = step.wording.say("alarm.acknowledged.elder", **values)
        to_elder = _for(letter, Role.ELDER, elder.id, said, loud=True)
        outbox.say_at_home(session, to_elder, now=now)
    for number in {
        row.note.split(" ", 1)[0] for row in alarm.history if row.step == LadderStep.TOLD_CONTACT.value
    }:
        owner = f"contact:{elder.id}:{number}"
        text = step.wording.say(f"alarm.{state}.family", **values)
        outbox.reach_person(session, _for(letter, Role.FAMILY, owner, text), owner, now=now)
    return Outcome.TOLD


def follow_up(step: Step) -> Outcome:
    """Ask on the consoles what became of an alarm that was taken on and has no end yet; again every hour."""
    session = step.session
    alarm = session.get(Alarm, step.row.subject_id)
    if alarm is None or alarm.state is not AlarmState.ACKNOWLEDGED:
        return Outcome.NOT_NEEDED
    elder = session.get(Elder, alarm.known_elder_id) if alarm.known_elder_id else None
    number = int(step.row.payload["number"])
    outbox.resolve(session, Why.ALARM, alarm.id, now=step.now)
    text = step.wording.say("alarm.not_followed_up", **_values(alarm, elder))
    outbox.show(
        session,
        _to_duty(alarm, elder, f"alarm:{alarm.id}:follow_up:{number}", text, standing=True),
        now=step.now,
    )
    _note(session, alarm, LadderStep.NOT_FOLLOWED_UP, "", at=step.now)
    _follow_up_later(session, alarm.id, number=number + 1, now=step.now)
    return Outcome.ESCALATED


def described(session: Session, elder_id: str) -> dict[str, Any]:
    """Return an elder's ladder as it goes over the wire.

    Raises:
        NotFound: ``unknown_elder``.
    """
    elder = elders.get_elder(session, elder_id)
    rungs, repeat_s = _rungs(session, elder)
    by_order = {contact.position: contact for contact in elder.contacts}
    out = []
    for rung in rungs:
        contact = by_order.get(int(rung["contact"]))
        ways = outbox.addresses_of(session, [f"contact:{elder_id}:{rung['contact']}"])
        out.append(
            {
                **rung,
                "name": contact.name if contact else "",
                "relation": contact.relation if contact else "",
                "channels": [way.channel.value for way in ways],
            }
        )
    usual = session.get(Ladder, elder_id) is None
    return {"elder_id": elder_id, "usual": usual, "rungs": out, "repeat_s": repeat_s}


def set_ladder(
    session: Session, elder_id: str, *, rungs: Sequence[dict[str, int]], repeat_s: int, by: str, at: datetime
) -> None:
    """Write down an elder's own ladder.

    Raises:
        NotFound: ``unknown_elder``.
    """
    elders.get_elder(session, elder_id)
    row = session.get(Ladder, elder_id) or Ladder(elder_id=elder_id)
    row.rungs, row.repeat_s, row.updated_at, row.updated_by = list(rungs), repeat_s, at, by
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=by,
        action="ladders.set",
        target=f"elder:{elder_id}",
        detail={"rungs": list(rungs)},
        at=at,
    )


def _rungs(session: Session, elder: Elder | None) -> tuple[Sequence[dict[str, Any]], int]:
    own = session.get(Ladder, elder.id) if elder is not None else None
    return (own.rungs, own.repeat_s) if own is not None else (USUAL, REPEAT_S)


def _reached_before(session: Session, alarm: Alarm) -> int:
    """Return the rung that another open alarm of the elder has reached: whoever was told is told at once."""
    query = (
        select(Due.payload)
        .join(Alarm, Alarm.id == Due.subject_id)
        .where(Due.kind == RUNG, Due.state == DueState.PENDING, Alarm.elder_id == alarm.elder_id)
        .where(Alarm.id != alarm.id, Alarm.raised_at >= alarm.raised_at - TOGETHER)
    )
    return max((_height(payload) for payload in session.scalars(query)), default=0)


def _height(payload: dict[str, Any]) -> int:
    return int(payload["rung"]) + (ABOVE_ALL if payload["round"] else 0)


def _tell_contact(step: Step, alarm: Alarm, elder: Elder, order: int) -> bool:
    contact = next((one for one in elder.contacts if one.position == order), None)
    if contact is None:
        _note(step.session, alarm, LadderStep.NO_CONTACT, str(order), at=step.now)
        return False
    owner = f"contact:{elder.id}:{order}"
    letter = Letter(
        key=f"alarm:{alarm.id}:contact:{order}",
        to_role=Role.FAMILY,
        to_id=owner,
        elder_id=alarm.elder_id,
        village_id=elder.village_id,
        text=step.wording.say("alarm.family", **_values(alarm, elder)),
        why=Why.ALARM,
        why_id=alarm.id,
        urgent=True,
    )
    channels = outbox.reach_person(step.session, letter, owner, now=step.now)
    who = f"{order} {contact.relation}{contact.name}"
    if not channels:
        _note(step.session, alarm, LadderStep.NO_WAY, who, at=step.now)
        return False
    ways = "、".join(dict.fromkeys(channel.label for channel in channels))
    _note(step.session, alarm, LadderStep.TOLD_CONTACT, f"{who} {ways}", at=step.now)
    reach(step.session, "ladder.told")
    return True


def _tell_duty(step: Step, alarm: Alarm, elder: Elder | None, round_: int) -> None:
    session = step.session
    outbox.resolve(session, Why.ALARM, alarm.id, now=step.now)  # one banner an alarm, the newest
    values = _values(alarm, elder) | {"contacts": _telephones(elder), "minutes": _minutes(alarm, step.now)}
    text = step.wording.say("alarm.duty" if round_ == 0 else "alarm.duty_again", **values)
    letter = _to_duty(alarm, elder, f"alarm:{alarm.id}:duty:{round_}", text, standing=True)
    outbox.show(session, letter, now=step.now)
    if round_ % WRITTEN_AGAIN == 0:
        village_id, town_too = elder.village_id if elder else None, round_ >= TOWN_FROM
        everybody = auth.on_duty(session, village_id, town_too=town_too)
        rostered = roster.on_duty(session, village_id, at=step.now, town_too=town_too)
        # The first time whoever is on duty; all where that reached nobody, and when it is said again.
        reached = [] if round_ else [_write(step, letter, person, text) for person in rostered]
        if not any(reached):
            for person in {one.id: one for one in (*rostered, *everybody)}.values():
                _write(step, letter, person, text)
    _note(session, alarm, LadderStep.TOLD_AGAIN if round_ else LadderStep.TOLD_DUTY, "", at=step.now)
    reach(session, "ladder.told")


def _write(step: Step, letter: Letter, person: Staff, text: str) -> bool:
    """Write to one of the staff; return whether there was a way to reach her."""
    owner = f"staff:{person.id}"
    return bool(
        outbox.reach_person(step.session, _for(letter, person.role, owner, text), owner, now=step.now)
    )


def _show_at_once(step: Step, alarm: Alarm, elder: Elder | None) -> None:
    text = step.wording.say("alarm.raised", **_values(alarm, elder))
    outbox.show(step.session, _to_duty(alarm, elder, f"alarm:{alarm.id}:raised", text), now=step.now)


def _next(step: Step, rung: int, round_: int, at: datetime) -> None:
    alarm_id = step.row.subject_id
    due.schedule(
        step.session, key=f"ladder:{alarm_id}:{rung}:{round_}", kind=RUNG, subject_id=alarm_id, due_at=at,
        now=step.now, payload={"rung": rung, "round": round_}, urgent=True,
    )  # fmt: skip


def _follow_up_later(session: Session, alarm_id: str, *, number: int, now: datetime) -> None:
    due.schedule(
        session, key=f"alarm_follow_up:{alarm_id}:{number}", kind=FOLLOW_UP, subject_id=alarm_id,
        due_at=now + FOLLOWED_UP_WITHIN, now=now, payload={"number": number},
    )  # fmt: skip


def _note(session: Session, alarm: Alarm, step: LadderStep, note: str, *, at: datetime) -> None:
    session.add(
        AlarmEvent(
            alarm_id=alarm.id, state=alarm.state, at=at, role=None, by_id="system", note=note, step=step.value
        )
    )
    session.flush()


def _to_duty(alarm: Alarm, elder: Elder | None, key: str, text: str, *, standing: bool = False) -> Letter:
    return Letter(
        key=key,
        to_role=Role.COORDINATOR,
        elder_id=alarm.elder_id,
        village_id=elder.village_id if elder else None,
        text=text,
        why=Why.ALARM,
        why_id=alarm.id,
        urgent=True,
        standing=standing,
    )


def _for(letter: Letter, role: Role, to_id: str, text: str, *, loud: bool = False) -> Letter:
    return Letter(
        key=f"{letter.key}:{to_id}",
        to_role=role,
        to_id=to_id,
        elder_id=letter.elder_id,
        village_id=letter.village_id,
        text=text,
        why=letter.why,
        why_id=letter.why_id,
        urgent=letter.urgent,
        loud=loud,
    )


def _values(alarm: Alarm, elder: Elder | None) -> dict[str, Any]:
    return {
        "name": f"{elder.name}（{elder.called}）" if elder else alarm.elder_id,
        "called": elder.called if elder else alarm.elder_id,
        "category": alarm.category.label,
        "words": alarm.words,
        "address": (elder.address if elder else "") or "—",
        "phone": (elder.phone if elder else "") or "—",
    }


def _telephones(elder: Elder | None) -> str:
    people: list[Contact] = elder.contacts if elder else []
    return "；".join(f"{one.relation}{one.name} {one.phone}" for one in people) or "—"


def _minutes(alarm: Alarm, now: datetime) -> int:
    return max(0, int((now - alarm.raised_at).total_seconds() // 60))


def _name(session: Session, event: AlarmEvent | None) -> str:
    return auth.name_of(session, event.by_id) if event is not None else ""
