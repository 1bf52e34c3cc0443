"""Reminders spoken at their time: each time once, asked about, snoozed, and never silently unanswered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assistant.vocabulary import Role
from backend.clock import outward
from backend.database import identify
from backend.due import service as due
from backend.due.models import OPEN, Due, Outcome
from backend.due.steps import Step
from backend.elders import service as elders
from backend.errors import BadInput
from backend.failpoints import reach
from backend.notifications.models import Occurrence, OccurrenceState, Reminder, ReminderState
from backend.notifications.recurrence import UnknownRuleError, following
from backend.outbox import service as outbox
from backend.outbox.models import Why
from backend.outbox.service import Letter

REMIND, AGAIN, UNANSWERED = "reminder", "reminder_again", "reminder_unanswered"
"""Kinds of due rows: its time has come; its snooze is over; nobody has answered yet."""

ASKS = "reminder"
"""What the spoken reminder asks: the elder's next words may answer it."""

ANSWER_WITHIN = timedelta(minutes=10)
"""How long an answer is waited for before it is said once more, louder."""

SNOOZE = timedelta(minutes=10)
"""How much later 等会儿 is (issue 5, point 4)."""

ROUNDS = 2
"""How often a reminder is said before people are told that nobody answers."""

SNOOZES = 3
"""How often it is put off before people are told."""

TOO_LATE = timedelta(minutes=60)
"""A reminder this late (the box was off) is not said as if it were time: people are told instead."""

OPEN_STATES = (OccurrenceState.SAID, OccurrenceState.SNOOZED)


class UnknownRule(BadInput):
    """A repeat that cannot be followed."""

    code = "unknown_rule"
    message = "This repeat is not one that can be followed."


def schedule_first(session: Session, reminder: Reminder, *, now: datetime) -> None:
    """Write down when a reminder is to be said first, in the transaction that makes it.

    Raises:
        UnknownRule: its repeat cannot be followed.
    """
    at = reminder.start
    if reminder.repeat is not None:
        try:
            coming = following(reminder.repeat, at or now, now)
        except UnknownRuleError as error:
            raise UnknownRule(str(error)) from error
        at = at if at is not None and at >= now else coming
    if at is not None:
        _schedule(session, reminder, at, now=now)


def schedule_forgotten(session: Session, *, now: datetime) -> int:
    """Schedule active reminders that have no due row (from before there was an engine); return how many."""
    waiting = exists().where(OPEN, Due.subject_id == Reminder.id, Due.kind == REMIND)
    told = exists().where(Occurrence.reminder_id == Reminder.id, Occurrence.state.in_(OPEN_STATES))
    query = select(Reminder).where(Reminder.state == ReminderState.ACTIVE, ~waiting, ~told)
    count = 0
    for reminder in session.scalars(query).all():
        at = _next(reminder, after=now) if reminder.repeat else reminder.start
        if at is not None and _schedule(session, reminder, at, now=now):
            count += 1
    return count


def stop(session: Session, reminder_id: str, *, now: datetime) -> None:
    """Let go of what is still to be said of a reminder that is over."""
    due.withdraw(session, reminder_id, kinds=[REMIND], now=now)
    query = select(Occurrence).where(Occurrence.reminder_id == reminder_id, Occurrence.state.in_(OPEN_STATES))
    for occurrence in session.scalars(query).all():
        _end(session, occurrence, OccurrenceState.WITHDRAWN, now=now)


def remind(step: Step) -> Outcome:
    """Say a reminder whose time has come, and write down when it comes next."""
    session, now = step.session, step.now
    at = datetime.fromisoformat(str(step.row.payload["at"]))
    reminder = _locked(session, step.row.subject_id)
    if reminder is None or reminder.state is not ReminderState.ACTIVE:
        return Outcome.NOT_NEEDED
    late = now - at > TOO_LATE
    # What fell into a time in which the box was off is told about once, not said in a row.
    coming = _next(reminder, after=max(at, now - TOO_LATE) if late else at)
    if coming is not None:
        _schedule(session, reminder, coming, now=now)
    reach(session, "reminder.next")
    occurrence = Occurrence(
        id=identify("occurrence", f"{reminder.id}@{outward(at)}"),
        reminder_id=reminder.id,
        elder_id=reminder.elder_id,
        due_at=at,
        state=OccurrenceState.LATE if late else OccurrenceState.SAID,
        rounds=0,
        snoozes=0,
        said_at=None,
        answered_at=None,
        answer="",
        turn_key=None,
    )
    session.add(occurrence)
    session.flush()
    if late:
        _tell_people(step, occurrence, reminder, "reminder.late")
        _over(session, reminder, now=now)
        return Outcome.TOLD
    _say(step, occurrence, reminder)
    reach(session, "reminder.said")
    return Outcome.KEPT


def say_again(step: Step) -> Outcome:
    """Say a reminder again when its snooze is over."""
    occurrence = step.session.get(Occurrence, step.row.subject_id, with_for_update=True)
    if occurrence is None or occurrence.state is not OccurrenceState.SNOOZED:
        return Outcome.NOT_NEEDED
    occurrence.state = OccurrenceState.SAID
    _say(step, occurrence, step.session.get_one(Reminder, occurrence.reminder_id))
    return Outcome.KEPT


def unanswered(step: Step) -> Outcome:
    """Say a reminder once more, louder; after that tell people that nobody answers."""
    occurrence = step.session.get(Occurrence, step.row.subject_id, with_for_update=True)
    if occurrence is None or occurrence.state is not OccurrenceState.SAID:
        return Outcome.NOT_NEEDED
    if occurrence.rounds != int(step.row.payload["rounds"]):
        return Outcome.NOT_NEEDED  # it was said again meanwhile, and has a later row
    reminder = step.session.get_one(Reminder, occurrence.reminder_id)
    reach(step.session, "reminder.unanswered")
    if occurrence.rounds - occurrence.snoozes < ROUNDS:
        _say(step, occurrence, reminder)
        return Outcome.KEPT
    _tell_people(step, occurrence, reminder, "reminder.no_answer")
    _end(step.session, occurrence, OccurrenceState.NO_ANSWER, now=step.now)
    _over(step.session, reminder, now=step.now)
    return Outcome.TOLD


def open_for(session: Session, elder_id: str, *, since: datetime) -> list[Occurrence]:
    """Return the reminders that an elder has not answered yet, said since an instant, the latest first."""
    query = select(Occurrence).where(
        Occurrence.elder_id == elder_id,
        Occurrence.state.in_(OPEN_STATES),
        Occurrence.said_at >= since,
    )
    return list(session.scalars(query.order_by(Occurrence.said_at.desc(), Occurrence.id)))


def answer(
    session: Session,
    occurrences: Collection[str],
    state: OccurrenceState,
    *,
    said: str,
    turn_key: str,
    now: datetime,
) -> OccurrenceState:
    """Write an elder's answer down and return how it stands; put off too often, it is not put off again.

    Args:
        session: a write session.
        occurrences: ids of what she answers.
        state: what she says: TAKEN, HEARD, REFUSED, or SNOOZED for 等会儿 and 还没.
        said: her words.
        turn_key: the turn in which she said it.
        now: the present.
    """
    stands = state
    for occurrence_id in sorted(occurrences):
        occurrence = session.get_one(Occurrence, occurrence_id, with_for_update=True)
        if occurrence.state not in OPEN_STATES:
            continue
        occurrence.answer, occurrence.answered_at, occurrence.turn_key = said[:500], now, turn_key
        if state is OccurrenceState.SNOOZED and occurrence.snoozes < SNOOZES:
            occurrence.state = state
            occurrence.snoozes += 1
            outbox.withdraw(session, Why.REMINDER, occurrence.id, now=now)
            due.withdraw(session, occurrence.id, kinds=[UNANSWERED], now=now)
            due.schedule(
                session, key=f"reminder_again:{occurrence.id}:{occurrence.snoozes}", kind=AGAIN,
                subject_id=occurrence.id, due_at=now + SNOOZE, now=now,
            )  # fmt: skip
        else:
            stands = OccurrenceState.REFUSED if state is OccurrenceState.SNOOZED else state
            _end(session, occurrence, stands, now=now)
            _over(session, session.get_one(Reminder, occurrence.reminder_id), now=now)
        if stands is OccurrenceState.REFUSED:
            due.schedule(
                session, key=f"reminder_refused:{occurrence.id}", kind=REFUSED, subject_id=occurrence.id,
                due_at=now, now=now,
            )  # fmt: skip
    reach(session, "reminder.answered")
    return stands


REFUSED = "reminder_refused"
"""Kind of due row: people are told that she does not."""


def tell_refused(step: Step) -> Outcome:
    """Tell people that an elder does not do what she wanted to be reminded of."""
    occurrence = step.session.get_one(Occurrence, step.row.subject_id)
    reminder = step.session.get_one(Reminder, occurrence.reminder_id)
    _tell_people(step, occurrence, reminder, "reminder.refused")
    return Outcome.TOLD


def find(
    session: Session, *, elder_id: str | None = None, reminder_id: str | None = None, limit: int = 100
) -> list[Occurrence]:
    """Return times of reminders, the latest first."""
    query = select(Occurrence)
    if elder_id is not None:
        query = query.where(Occurrence.elder_id == elder_id)
    if reminder_id is not None:
        query = query.where(Occurrence.reminder_id == reminder_id)
    return list(session.scalars(query.order_by(Occurrence.due_at.desc(), Occurrence.id).limit(limit)))


def _next(reminder: Reminder, *, after: datetime) -> datetime | None:
    if reminder.repeat is None:
        return None
    try:
        return following(reminder.repeat, reminder.start or reminder.created_at, after)
    except UnknownRuleError:
        return None  # written down before rules were read


def _schedule(session: Session, reminder: Reminder, at: datetime, *, now: datetime) -> bool:
    return due.schedule(
        session, key=f"reminder:{reminder.id}:{outward(at)}", kind=REMIND, subject_id=reminder.id, due_at=at,
        now=now, payload={"at": outward(at)},
    )  # fmt: skip


def _say(step: Step, occurrence: Occurrence, reminder: Reminder) -> None:
    session, now = step.session, step.now
    elder = elders.briefly(session, occurrence.elder_id)
    occurrence.rounds += 1
    occurrence.said_at = now
    session.flush()
    again = occurrence.rounds > 1
    text = step.wording.say(
        "reminder.again" if again else "reminder.say",
        variant=occurrence.due_at.timetuple().tm_yday,
        called=elder.called,
        text=reminder.text,
    )
    letter = Letter(
        key=f"reminder:{occurrence.id}:{occurrence.rounds}",
        to_role=Role.ELDER,
        to_id=elder.id,
        elder_id=elder.id,
        village_id=elder.village_id,
        text=text,
        why=Why.REMINDER,
        why_id=occurrence.id,
        loud=again,
        asks=ASKS,
        lasts=ANSWER_WITHIN,
    )
    outbox.say_at_home(session, letter, now=now)
    due.schedule(
        session, key=f"reminder_unanswered:{occurrence.id}:{occurrence.rounds}", kind=UNANSWERED,
        subject_id=occurrence.id, due_at=now + ANSWER_WITHIN, now=now, payload={"rounds": occurrence.rounds},
    )  # fmt: skip


def _tell_people(step: Step, occurrence: Occurrence, reminder: Reminder, key: str) -> None:
    elder = elders.briefly(step.session, occurrence.elder_id)
    at = step.wording.when(occurrence.due_at, occurrence.due_at, now=step.now)
    letter = Letter(
        key=f"reminder:{occurrence.id}:{key}",
        to_role=Role.COORDINATOR,
        elder_id=elder.id,
        village_id=elder.village_id,
        text=step.wording.say(key, name=elder.name, when=at, text=reminder.text, answer=occurrence.answer),
        why=Why.REMINDER,
        why_id=occurrence.id,
    )
    outbox.show(step.session, letter, now=step.now)


def _end(session: Session, occurrence: Occurrence, state: OccurrenceState, *, now: datetime) -> None:
    occurrence.state = state
    session.flush()
    outbox.withdraw(session, Why.REMINDER, occurrence.id, now=now)
    due.withdraw(session, occurrence.id, kinds=[AGAIN, UNANSWERED], now=now)


def _over(session: Session, reminder: Reminder, *, now: datetime) -> None:
    """Bring a reminder that does not come again to its end, once its last time is over."""
    if reminder.state is not ReminderState.ACTIVE:
        return
    waiting = session.scalar(
        select(Due.id).where(OPEN, Due.kind == REMIND, Due.subject_id == reminder.id).limit(1)
    )
    if waiting is None:
        reminder.state, reminder.updated_at = ReminderState.DONE, now
        session.flush()


def _locked(session: Session, reminder_id: str) -> Reminder | None:
    return session.get(Reminder, reminder_id, with_for_update=True)
