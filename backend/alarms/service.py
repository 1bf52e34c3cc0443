"""What the alarms room does: it refuses no alarm, keeps each once, and lets people take it on and end it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from assistant.vocabulary import AlarmState, Emergency
from backend.alarms import ladder
from backend.alarms.models import Alarm, AlarmEvent
from backend.audit import service as audit
from backend.database import identify
from backend.elders.models import Elder
from backend.errors import NotAllowed, NotFound
from backend.failpoints import reach
from backend.wire import By

log = logging.getLogger(__name__)

OPEN_STATES = frozenset({AlarmState.RAISED, AlarmState.ACKNOWLEDGED})
"""States in which somebody still has to do something."""

MOVES: Mapping[AlarmState, frozenset[AlarmState]] = {
    AlarmState.ACKNOWLEDGED: frozenset({AlarmState.RAISED}),
    AlarmState.CLOSED: OPEN_STATES,
    AlarmState.CANCELLED: OPEN_STATES,
}
"""new state → the states from which it can be reached."""

JOINED_WITHIN = timedelta(minutes=5)
"""How long after an alarm that nobody has taken on the elder's next cry is part of it."""

_ACTIONS = {
    AlarmState.ACKNOWLEDGED: "alarms.acknowledge",
    AlarmState.CLOSED: "alarms.close",
    AlarmState.CANCELLED: "alarms.cancel",
}


class UnknownAlarm(NotFound):
    """No alarm has this id."""

    code = "unknown_alarm"
    message = "There is no such alarm."


def raise_alarm(
    session: Session,
    *,
    elder_id: str,
    category: Emergency,
    words: str,
    channel: str,
    turn_key: str,
    at: datetime,
) -> Alarm:
    """Commit-ready: write an alarm, once for a turn key, or return the one that the key already made.

    Nothing about the elder or the words makes it fail: who is unknown is written down as unknown, and what no
    database can hold is left out of the text.

    Args:
        session: a write session.
        elder_id: whose turn it was, known to the book or not.
        category: what was heard.
        words: the elder's words.
        channel: by which channel they came.
        turn_key: idempotency key of the turn.
        at: when they were heard, aware.
    """
    elder_id, channel = _fitting(elder_id, 64), _fitting(channel, 40)
    turn_key = _fitting_key(turn_key)
    known = session.execute(select(Elder.id).where(Elder.id == elder_id)).scalar_one_or_none()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = session.execute(
        dialect.insert(Alarm)
        .values(
            id=identify("alarm", turn_key), turn_key=turn_key, elder_id=elder_id, known_elder_id=known,
            category=category, words=_fitting(words, 2000), channel=channel, state=AlarmState.RAISED,
            raised_at=at, updated_at=at,
        )
        .on_conflict_do_nothing(index_elements=[Alarm.turn_key])
        .returning(Alarm.id)
    ).scalar_one_or_none()  # fmt: skip
    if made is not None:
        _write_down(session, made, AlarmState.RAISED, By(), note="", at=at)
        _begin_ladder(session, made, at=at)
        _record_anyhow(session, made, elder_id=elder_id, category=category, at=at)
        reach(session, "alarm.raised")
    return session.scalars(select(Alarm).where(Alarm.turn_key == turn_key)).one()


def raise_or_join(
    session: Session,
    *,
    elder_id: str,
    category: Emergency,
    words: str,
    channel: str,
    turn_key: str,
    at: datetime,
    outranked_by: frozenset[Emergency],
) -> tuple[Alarm, bool]:
    """Raise an alarm as ``raise_alarm`` does, or add the words to one that the elder raised minutes ago.

    Who lies on the floor cries more than once: while nobody has taken the first cry on, the ladder is on its
    way and the next one is added to it. Worse news (a category that is not in ``outranked_by``) is an alarm
    of its own, and whoever was told already is told of it at once.

    Args:
        session: a write session.
        elder_id: whose turn it was, known to the book or not.
        category: what was heard.
        words: the elder's words.
        channel: by which channel they came.
        turn_key: idempotency key of the turn.
        at: when they were heard, aware.
        outranked_by: categories of an earlier alarm that this one joins: the same, and more urgent ones.

    Returns:
        The alarm, and whether it is an earlier one.
    """
    open_ = frozenset({AlarmState.RAISED})
    earlier = find(session, elder_id=_fitting(elder_id, 64), states=open_, since=at - JOINED_WITHIN)
    for alarm in earlier:
        if alarm.turn_key == _fitting_key(turn_key):
            return alarm, False
    for alarm in earlier:
        # Of somebody whom the book does not know, nobody can say whether it is the same person.
        if alarm.known_elder_id is not None and alarm.category in outranked_by:
            return add_words(session, alarm.id, words=words, at=at), True
    made = raise_alarm(
        session, elder_id=elder_id, category=category, words=words, channel=channel, turn_key=turn_key, at=at
    )
    return made, False


def acknowledge(session: Session, alarm_id: str, *, by: By, note: str, at: datetime) -> Alarm:
    """Take an alarm on: somebody is looking after it. Again, it changes nothing.

    Raises:
        UnknownAlarm: no alarm has this id.
        NotAllowed: it is over.
    """
    return _move(session, alarm_id, AlarmState.ACKNOWLEDGED, by=by, note=note, at=at)


def close(session: Session, alarm_id: str, *, by: By, note: str, at: datetime) -> Alarm:
    """End an alarm: ``note`` says what came of it.

    Raises:
        UnknownAlarm: no alarm has this id.
        NotAllowed: the elder had cancelled it.
    """
    return _move(session, alarm_id, AlarmState.CLOSED, by=by, note=note, at=at)


def cancel(session: Session, alarm_id: str, *, by: By, note: str, at: datetime) -> Alarm:
    """Mark an alarm as cancelled by the elder's own words; it stays visible.

    Raises:
        UnknownAlarm: no alarm has this id.
        NotAllowed: somebody had closed it.
    """
    return _move(session, alarm_id, AlarmState.CANCELLED, by=by, note=note, at=at)


def add_words(session: Session, alarm_id: str, *, words: str, at: datetime) -> Alarm:
    """Write down what the elder said after the words that raised the alarm; the same words only once.

    An alarm is raised on the first words that tell of an emergency: where she lies, what hurts comes later.

    Raises:
        UnknownAlarm: no alarm has this id.
    """
    alarm = get(session, alarm_id)
    note = _fitting(words, 2000)
    if note != alarm.words and all(event.note != note for event in alarm.history):
        _write_down(session, alarm_id, alarm.state, By(), note=note, at=at)
        session.refresh(alarm)
    return alarm


def get(session: Session, alarm_id: str) -> Alarm:
    """Return an alarm.

    Raises:
        UnknownAlarm: no alarm has this id.
    """
    alarm = session.get(Alarm, alarm_id)
    if alarm is None:
        raise UnknownAlarm
    return alarm


def find(
    session: Session,
    *,
    elder_id: str | None = None,
    states: frozenset[AlarmState] | None = None,
    since: datetime | None = None,
    limit: int = 100,
) -> list[Alarm]:
    """Return alarms, newest first: of an elder, in some states, raised at or after an instant."""
    query = select(Alarm)
    if elder_id is not None:
        query = query.where(Alarm.elder_id == elder_id)
    if states is not None:
        query = query.where(Alarm.state.in_(states))
    if since is not None:
        query = query.where(Alarm.raised_at >= since)
    return list(session.scalars(query.order_by(Alarm.raised_at.desc(), Alarm.id).limit(limit)))


def _move(session: Session, alarm_id: str, state: AlarmState, *, by: By, note: str, at: datetime) -> Alarm:
    # One conditional update: of two people who press at once, one takes the alarm on.
    moved = session.execute(
        update(Alarm)
        .where(Alarm.id == alarm_id, Alarm.state.in_(MOVES[state]))
        .values(state=state, updated_at=at)
        .returning(Alarm.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if moved is not None:
        _write_down(session, alarm_id, state, by, note=note, at=at)
        ladder.moved(session, alarm_id, state, at=at)
        audit.record(
            session,
            actor=by.actor,
            action=_ACTIONS[state],
            target=f"alarm:{alarm_id}",
            detail={"note": note},
            at=at,
        )
    session.expire_all()
    alarm = get(session, alarm_id)
    if moved is None and alarm.state is not state:
        raise NotAllowed(f"An alarm that is {alarm.state} cannot become {state}.")
    return alarm


def _begin_ladder(session: Session, alarm_id: str, *, at: datetime) -> None:
    # Whatever is wrong with the engine's table must not keep an alarm from being raised; the worker looks for
    # alarms without a ladder.
    try:
        with session.begin_nested():
            ladder.begin(session, alarm_id, at=at)
    except SQLAlchemyError as error:
        if getattr(getattr(error, "orig", None), "sqlstate", None) == "40P01":
            raise
        log.critical("the ladder of alarm %s could not be begun", alarm_id, exc_info=True)


def _write_down(
    session: Session, alarm_id: str, state: AlarmState, by: By, *, note: str, at: datetime
) -> None:
    session.add(AlarmEvent(alarm_id=alarm_id, state=state, at=at, role=by.role, by_id=by.id, note=note))
    session.flush()


def _record_anyhow(
    session: Session, alarm_id: str, *, elder_id: str, category: Emergency, at: datetime
) -> None:
    # A damaged audit is found by its verification; it must not keep an alarm from being raised.
    try:
        with session.begin_nested():
            audit.record(
                session,
                actor=f"elder:{elder_id}",
                action="alarms.raise",
                target=f"alarm:{alarm_id}",
                detail={"category": str(category)},
                at=at,
            )
    except SQLAlchemyError as error:
        if getattr(getattr(error, "orig", None), "sqlstate", None) == "40P01":
            raise  # a deadlock ends the whole transaction; it is run again
        log.critical("the audit took no entry for alarm %s", alarm_id, exc_info=True)


def _fitting(text: str, length: int) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")[:length]


def _fitting_key(turn_key: str) -> str:
    key = _fitting(turn_key, len(turn_key))
    return key if len(key) <= 200 else hashlib.sha256(key.encode("utf-8")).hexdigest()
