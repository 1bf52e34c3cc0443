"""Check-ins that we begin: each elder in her rhythm, asked as one asks, and never silently unanswered.

Without an answer she is asked again, louder; then her family is told, then a coordinator is asked to visit.
Whoever speaks to us, whatever about, has been heard from.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from assistant.vocabulary import CheckInChannel, CheckInOutcome, Role
from backend.audit import service as audit
from backend.checkins import memory, service
from backend.checkins.models import UNSETTLED, CheckIn, Rhythm, Round, RoundState
from backend.clock import TOWN_ZONE, in_town, outward
from backend.database import identify
from backend.due import service as due
from backend.due.models import OPEN, Due, Outcome
from backend.due.steps import Step
from backend.elders import service as elders
from backend.elders.models import Elder
from backend.errors import NotFound
from backend.failpoints import reach
from backend.outbox import service as outbox
from backend.outbox.models import Why
from backend.outbox.service import Letter
from backend.roster import service as roster
from backend.turns import service as turns
from backend.wire import By
from backend.wording import Wording

ASK, UNANSWERED, NEWS = "checkin", "checkin_unanswered", "checkin_news"
"""Kinds of due rows: it is time to ask; nobody has answered yet; the family is told that all is well."""

ASKS = "checkin"
"""What is asked at home: the elder's next words may answer it."""

AGAIN_AFTER, FAMILY_AFTER, VISIT_AFTER = (timedelta(minutes=15), timedelta(minutes=15), timedelta(minutes=30))
"""How long each step waits for an answer."""

REMIND_AFTER, TIMES = timedelta(minutes=60), 3
"""How often coordinators are told again that nobody has been heard; after that it stands on the consoles."""

TOO_LATE = timedelta(minutes=90)
"""A check-in this late (the box was off) is not asked any more: people are told."""

JUST_HEARD = timedelta(minutes=60)
"""Who has spoken to us within this is not asked whether she is there."""


def set_rhythm(session: Session, elder_id: str, *, times: Sequence[str], by: str, now: datetime) -> None:
    """Write down when an elder is asked, and when next.

    Raises:
        NotFound: ``unknown_elder``.
    """
    elders.get_elder(session, elder_id)
    row = session.get(Rhythm, elder_id) or Rhythm(elder_id=elder_id)
    row.times, row.updated_at, row.updated_by = sorted(set(times)), now, by
    session.add(row)
    session.flush()
    due.withdraw(session, elder_id, kinds=[ASK], now=now)
    _schedule(session, row, after=now, now=now)
    audit.record(
        session,
        actor=by,
        action="rhythms.set",
        target=f"elder:{elder_id}",
        detail={"times": row.times},
        at=now,
    )


def described(session: Session, elder_id: str) -> dict[str, Any]:
    """Return an elder's rhythm as it goes over the wire.

    Raises:
        NotFound: ``unknown_elder``.
    """
    elders.get_elder(session, elder_id)
    row = session.get(Rhythm, elder_id)
    waiting = session.scalar(
        select(Due.due_at).where(OPEN, Due.kind == ASK, Due.subject_id == elder_id).limit(1)
    )
    return {"elder_id": elder_id, "times": row.times if row else [], "next_at": waiting}


def ask(step: Step) -> Outcome:
    """Ask an elder how she is, and write down when she is asked next."""
    session, now = step.session, step.now
    at = datetime.fromisoformat(str(step.row.payload["at"]))
    elder = elders.briefly(session, step.row.subject_id)
    rhythm = session.get(Rhythm, elder.id)
    if rhythm is None:
        return Outcome.NOT_NEEDED
    round_id = identify("round", f"{elder.id}@{outward(at)}")
    late = now - at > TOO_LATE
    _schedule(session, rhythm, after=max(at, now - TOO_LATE) if late else at, now=now)
    if session.get(Round, round_id) is not None:
        return (
            Outcome.NOT_NEEDED
        )  # the clock was put back, and the rhythm written anew: she was asked already
    row = Round(
        id=round_id,
        elder_id=elder.id,
        planned_at=at,
        state=RoundState.ASKED,
        rounds=0,
        asked_at=None,
        answered_at=None,
        said="",
        mood="",
        follow_up=None,
        checkin_id=None,
    )
    session.add(row)
    session.flush()
    if late:
        row.state = RoundState.LATE
        _show(step, row, elder, "checkin.late")
        return Outcome.TOLD
    recent = turns.log(session, elder_id=elder.id, limit=1)
    if recent and recent[0].received_at >= now - JUST_HEARD:
        row.state, row.answered_at = RoundState.HEARD, recent[0].received_at
        return Outcome.KEPT
    thread = memory.to_ask_about(session, elder.id, now=now)
    if thread is not None:
        thread.asked_at = now
    _say(step, row, elder, "checkin.ask", loud=False, thread=thread.said if thread else "")
    _wait(session, row, AGAIN_AFTER, now=now)
    reach(session, "checkin.asked")
    return Outcome.KEPT


def unanswered(step: Step) -> Outcome:
    """Take the next step of a check-in without an answer: louder, the family, a visit."""
    session, now = step.session, step.now
    row = session.get(Round, step.row.subject_id, with_for_update=True)
    if row is None or row.state not in _OPEN or row.rounds != int(step.row.payload["rounds"]):
        return Outcome.NOT_NEEDED
    elder = elders.briefly(session, row.elder_id)
    recent = turns.log(session, elder_id=elder.id, limit=1)
    if recent and row.asked_at is not None and recent[0].received_at > row.planned_at:
        _settle(session, row, RoundState.HEARD, mood="", said=recent[0].text, now=now)
        return Outcome.KEPT
    reach(session, "checkin.unanswered")
    if row.state is RoundState.ASKED:
        row.state = RoundState.ASKED_AGAIN
        _say(step, row, elder, "checkin.ask_again", loud=True)
        _wait(session, row, FAMILY_AFTER, now=now)
        return Outcome.KEPT
    if row.state is RoundState.ASKED_AGAIN:
        row.state = RoundState.FAMILY_TOLD
        found, _ = service.create(
            session, turn_key=f"engine:{row.id}", elder_id=elder.id, channel=CheckInChannel.VOICE,
            outcome=CheckInOutcome.NO_ANSWER, by=By(), at=now,
        )  # fmt: skip
        row.checkin_id = found.id
        if _tell_family(step, row, elder, "checkin.family", key="family"):
            _show(step, row, elder, "checkin.no_answer")
            _wait(session, row, VISIT_AFTER, now=now)
            return Outcome.TOLD
    number = row.rounds
    row.state = RoundState.PEOPLE_TOLD
    outbox.resolve(session, Why.CHECKIN, row.id, now=now)
    _show(step, row, elder, "checkin.visit", standing=True, key=f"visit:{number}")
    if number < 2 + TIMES:
        _wait(session, row, REMIND_AFTER, now=now)
    return Outcome.ESCALATED


def tell_news(step: Step) -> Outcome:
    """Tell the family that was alarmed that the elder has been heard from."""
    row = step.session.get_one(Round, step.row.subject_id)
    elder = elders.briefly(step.session, row.elder_id)
    _tell_family(step, row, elder, "checkin.family_all_well", key="well")
    return Outcome.TOLD


def open_for(session: Session, elder_id: str) -> Round | None:
    """Return the asking of an elder that is not settled, the latest."""
    query = select(Round).where(UNSETTLED, Round.elder_id == elder_id)
    return session.scalars(query.order_by(Round.planned_at.desc()).limit(1)).first()


def following_up(session: Session, elder_id: str, *, since: datetime) -> Round | None:
    """Return the asking of an elder whose follow-up question waits, put since an instant."""
    lately = since - timedelta(days=1)  # years of askings must not make a turn slower
    query = select(Round).where(
        Round.elder_id == elder_id, Round.planned_at >= lately, Round.answered_at >= since
    )
    row = session.scalars(query.order_by(Round.planned_at.desc()).limit(1)).first()
    return row if row is not None and row.follow_up else None


def answered(
    session: Session,
    round_id: str,
    *,
    mood: str,
    said: str,
    turn_key: str,
    channel: CheckInChannel,
    follow_up: dict[str, Any] | None,
    now: datetime,
) -> None:
    """Write down what an elder answers: how she is, and which question is put next.

    Args:
        session: a write session.
        round_id: which asking.
        mood: ``well``, or what is wrong, in one identifier.
        said: her words.
        turn_key: the turn in which she said it.
        channel: by which she said it.
        follow_up: what is asked next, None where nothing is.
        now: the present.
    """
    row = session.get_one(Round, round_id, with_for_update=True)
    if row.state not in _OPEN:
        return
    outcome = CheckInOutcome.WELL if mood == "well" else CheckInOutcome.NEEDS_ATTENTION
    made, _ = service.create(
        session, turn_key=f"{turn_key}#checkin"[:200], elder_id=row.elder_id, channel=channel,
        outcome=outcome, mood=mood, said=said, by=By(), at=now,
    )  # fmt: skip
    row.checkin_id, row.follow_up = made.id, follow_up
    _settle(session, row, RoundState.ANSWERED, mood=mood, said=said, now=now)
    reach(session, "checkin.answered")


def heard_from(session: Session, round_id: str, *, mood: str = "", said: str = "", now: datetime) -> None:
    """Write down that an elder has spoken, about whatever."""
    row = session.get_one(Round, round_id, with_for_update=True)
    if row.state in _OPEN:
        _settle(session, row, RoundState.HEARD, mood=mood, said=said, now=now)


def followed_up(session: Session, round_id: str, *, said: str) -> None:
    """Write what an elder said to the follow-up question."""
    row = session.get_one(Round, round_id, with_for_update=True)
    row.follow_up = None
    checkin = session.get(CheckIn, row.checkin_id) if row.checkin_id else None
    if checkin is not None:
        checkin.notes = f"{checkin.notes}\n{said}".strip()[:2000]
    session.flush()


def tell_people(
    session: Session, wording: Wording, round_id: str, *, mood: str, said: str, now: datetime
) -> None:
    """Show on the consoles that an elder does not feel well."""
    row = session.get_one(Round, round_id)
    elder = elders.briefly(session, row.elder_id)
    letter = Letter(
        key=f"checkin:{row.id}:told",
        to_role=Role.COORDINATOR,
        elder_id=elder.id,
        village_id=elder.village_id,
        text=wording.say(
            "checkin.told", name=elder.name, said=said[:200], mood=wording.say(f"checkin.mood.{mood}")
        ),
        why=Why.CHECKIN,
        why_id=row.id,
    )
    outbox.show(session, letter, now=now)


def seen_by_a_person(session: Session, elder_id: str, *, now: datetime) -> None:
    """Settle what is open about an elder: somebody has called or visited her."""
    # One that could not be asked in time is open in the same sense: people were told of it.
    late = and_(Round.state == RoundState.LATE, Round.planned_at >= now - timedelta(days=1))
    query = select(Round).where(Round.elder_id == elder_id, or_(UNSETTLED, late))
    for row in session.scalars(query).all():
        _settle(session, row, RoundState.VISITED, mood=row.mood, said=row.said, now=now)


def get(session: Session, round_id: str) -> Round:
    """Return an asking.

    Raises:
        NotFound: ``unknown_round``.
    """
    row = session.get(Round, round_id)
    if row is None:
        raise NotFound("There is no such asking.", code="unknown_round")
    return row


def find(
    session: Session, *, elder_id: str | None = None, unsettled: bool = False, limit: int = 100
) -> list[Round]:
    """Return askings, the latest first."""
    query = select(Round)
    if elder_id is not None:
        query = query.where(Round.elder_id == elder_id)
    if unsettled:
        query = query.where(UNSETTLED)
    return list(session.scalars(query.order_by(Round.planned_at.desc(), Round.id).limit(limit)))


_OPEN = (RoundState.ASKED, RoundState.ASKED_AGAIN, RoundState.FAMILY_TOLD, RoundState.PEOPLE_TOLD)


def _settle(session: Session, row: Round, state: RoundState, *, mood: str, said: str, now: datetime) -> None:
    alarmed = row.state in (RoundState.FAMILY_TOLD, RoundState.PEOPLE_TOLD)
    row.state, row.mood, row.said, row.answered_at = state, mood, said[:500], now
    session.flush()
    due.withdraw(session, row.id, kinds=[UNANSWERED], now=now)
    outbox.withdraw(session, Why.CHECKIN, row.id, now=now)
    outbox.resolve(session, Why.CHECKIN, row.id, now=now)
    if alarmed:
        due.schedule(session, key=f"{NEWS}:{row.id}", kind=NEWS, subject_id=row.id, due_at=now, now=now)


def _schedule(session: Session, rhythm: Rhythm, *, after: datetime, now: datetime) -> None:
    day = in_town(after).date()
    times = [time.fromisoformat(clock) for clock in rhythm.times]
    days = (day, day + timedelta(days=1))
    coming = [datetime.combine(one, clock, TOWN_ZONE) for one in days for clock in times]
    at = min((instant for instant in coming if instant > after), default=None)
    if at is not None:
        # The rhythm's stamp is in the key: one that was changed, and changed back, is asked by again.
        stamp = int(rhythm.updated_at.timestamp() * 1000)
        due.schedule(
            session, key=f"{ASK}:{rhythm.elder_id}:{outward(at)}:{stamp}", kind=ASK,
            subject_id=rhythm.elder_id, due_at=at, now=now, payload={"at": outward(at)},
        )  # fmt: skip


def _wait(session: Session, row: Round, wait: timedelta, *, now: datetime) -> None:
    row.rounds += 1
    session.flush()
    due.schedule(
        session, key=f"{UNANSWERED}:{row.id}:{row.rounds}", kind=UNANSWERED, subject_id=row.id,
        due_at=now + wait, now=now, payload={"rounds": row.rounds},
    )  # fmt: skip


def _say(step: Step, row: Round, elder: Elder, phrase: str, *, loud: bool, thread: str = "") -> None:
    row.asked_at = step.now
    part = "morning" if in_town(row.planned_at).hour < 12 else "evening"
    variant = in_town(row.planned_at).timetuple().tm_yday
    key = phrase if loud else f"{phrase}.thread" if thread else f"{phrase}.{part}"
    letter = Letter(
        key=f"checkin:{row.id}:{row.rounds}",
        to_role=Role.ELDER,
        to_id=elder.id,
        elder_id=elder.id,
        village_id=elder.village_id,
        text=step.wording.say(key, variant=variant, called=elder.called, thread=thread),
        why=Why.CHECKIN,
        why_id=row.id,
        loud=loud,
        asks=ASKS,
    )
    outbox.say_at_home(step.session, letter, now=step.now)


def _show(
    step: Step, row: Round, elder: Elder, phrase: str, *, standing: bool = False, key: str = ""
) -> None:
    at = step.wording.when(row.planned_at, row.planned_at, now=step.now)
    contacts = "；".join(f"{one.relation}{one.name} {one.phone}" for one in elder.contacts) or "—"
    letter = Letter(
        key=f"checkin:{row.id}:{key or phrase}",
        to_role=Role.COORDINATOR,
        elder_id=elder.id,
        village_id=elder.village_id,
        text=step.wording.say(
            phrase, name=elder.name, when=at, phone=elder.phone or "—", address=elder.address or "—",
            contacts=contacts,
        ),
        why=Why.CHECKIN,
        why_id=row.id,
        urgent=standing,
        standing=standing,
    )  # fmt: skip
    outbox.show(step.session, letter, now=step.now)
    if standing:
        for person in roster.on_duty(step.session, elder.village_id, at=step.now):
            outbox.reach_person(step.session, letter, f"staff:{person.id}", now=step.now)


def _tell_family(step: Step, row: Round, elder: Elder, phrase: str, *, key: str) -> bool:
    """Write to the contacts in their order until one can be written to; return whether there was one."""
    for contact in elder.contacts:
        owner = f"contact:{elder.id}:{contact.position}"
        letter = Letter(
            key=f"checkin:{row.id}:{key}:{contact.position}",
            to_role=Role.FAMILY,
            to_id=owner,
            elder_id=elder.id,
            village_id=elder.village_id,
            text=step.wording.say(phrase, called=elder.called, phone=elder.phone or "—"),
            why=Why.CHECKIN,
            why_id=row.id,
        )
        if outbox.reach_person(step.session, letter, owner, now=step.now):
            return True
    return False
