"""The inbox: receives each message once, hands an elder's turns out one at a time, keeps the replies.

Rules: the unique row of (channel, message id) decides what is a repetition; the unique index on turns in hand
decides who runs; a lease that ran out may be taken over, and who lost it can no longer write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from backend.database import Database, words
from backend.errors import Refused
from backend.turns import dialogues
from backend.turns.models import CHANNEL_LENGTH, MESSAGE_ID_LENGTH, Turn, TurnState

NOTE_LENGTH = 2000
"""Longest note of a failure that is kept, in characters."""

# Written into the SQL as constants: a bound value would keep SQLite from using the partial indexes.
_RECEIVED = literal(TurnState.RECEIVED, words(TurnState), literal_execute=True)
_PROCESSING = literal(TurnState.PROCESSING, words(TurnState), literal_execute=True)


class LeaseLost(Refused):
    """Another process has taken the turn over; what this one worked out is not stored."""

    code = "lease_lost"
    message = "The turn is no longer in this process's hands."


@dataclass(frozen=True, kw_only=True)
class TurnRow:
    """A turn as the gateway sees it.

    Attributes:
        id: number of the turn, in the order of arrival.
        turn_key: idempotency key, ``channel:message_id``.
        elder_id: whose message it is.
        text: the words as received.
        state: received, processing, done or failed.
        received_at: when it came.
        result: the stored reply once the turn is done.
        fresh: this call made the row; False for a message that came before.
        same_body: the message that came before had the same elder and text; True for a fresh one.
    """

    id: int
    turn_key: str
    elder_id: str
    text: str
    state: str
    received_at: datetime
    result: dict[str, Any] | None
    fresh: bool
    same_body: bool


class Inbox:
    """The inbox of one database; safe in several threads and several processes."""

    def __init__(self, database: Database) -> None:
        """Work on ``database``."""
        self._database = database

    def receive(self, *, channel: str, message_id: str, elder_id: str, text: str, at: datetime) -> TurnRow:
        """Take a message in, or find the row of the same message that came before.

        Args:
            channel: name of the channel, at most :data:`CHANNEL_LENGTH` characters, without a colon.
            message_id: the channel's id of the message, at most :data:`MESSAGE_ID_LENGTH` characters.
            elder_id: whose message it is, known or not; at most 64 characters.
            text: the words as received.
            at: when it came, aware.

        Raises:
            ValueError: the channel or the message id is not one.
        """
        if ":" in channel or not 0 < len(channel) <= CHANNEL_LENGTH:
            raise ValueError(f"not a channel's name: {channel!r}")
        if not 0 < len(message_id) <= MESSAGE_ID_LENGTH:
            raise ValueError("a message id has 1 to 159 characters")
        values = {
            "channel": channel, "message_id": message_id, "elder_id": elder_id, "text": text,
            "received_at": at, "state": TurnState.RECEIVED, "attempts": 0,
        }  # fmt: skip

        def work(session: Session) -> TurnRow:
            dialect = sqlite if self._database.is_sqlite else postgresql
            made = session.execute(
                dialect.insert(Turn)
                .values(**values)
                .on_conflict_do_nothing(index_elements=[Turn.channel, Turn.message_id])
                .returning(Turn.id)
            ).scalar_one_or_none()
            turn = session.scalars(_by_message(channel, message_id)).one()
            same = turn.elder_id == elder_id and turn.text == text
            return _row(turn, fresh=made is not None, same_body=same)

        # Reading first spares repetitions the write lock.
        with self._database.session() as session:
            known = session.scalars(_by_message(channel, message_id)).one_or_none()
        if known is not None:
            return _row(known, same_body=known.elder_id == elder_id and known.text == text)
        return self._database.transact(work)

    def claim(self, turn_id: int, *, owner: str, now: datetime, lease_s: float) -> bool:
        """Take a turn in hand, unless another of the same elder comes first or is in somebody's hands.

        A turn whose lease ran out no longer counts as in hand; neither does one wait for a message that was
        received more than a lease ago and never taken up, for its process may be dead. ``True`` means: run
        it, then :meth:`finish` or :meth:`fail` it within the lease.

        Args:
            turn_id: the turn.
            owner: who takes it; unique to the process and its start.
            now: the instant, aware.
            lease_s: how long it is taken for, in seconds.
        """
        with self._database.session() as session:  # who waits asks often: without the write lock
            if not _can_be_had(session, turn_id, now=now, lease_s=lease_s):
                return False
        try:
            return self._database.transact(
                lambda session: _claim(session, turn_id, owner=owner, now=now, lease_s=lease_s)
            )
        except IntegrityError as error:
            if "in_hand" in str(error.orig) or "turns.elder_id" in str(error.orig):
                return False  # another process took one of this elder's turns at the same moment
            raise

    def finish(
        self,
        turn_id: int,
        *,
        owner: str,
        result: dict[str, Any],
        now: datetime,
        finding: dict[str, Any] | None = None,
        latency_ms: int | None = None,
    ) -> None:
        """Store the reply and let the elder's next turn go.

        Args:
            turn_id: the turn.
            owner: who has it in hand.
            result: the reply, JSON-ready; the same message gets it again for ever.
            now: the instant, aware.
            finding: what the emergency guard found, where that is not yet stored.
            latency_ms: milliseconds that the turn took; by default from its arrival to ``now``.

        Raises:
            LeaseLost: somebody else has taken the turn over.
        """

        def work(session: Session) -> None:
            turn = self._in_hand(session, turn_id, owner)
            turn.state, turn.owner, turn.lease_until = TurnState.DONE, None, None
            turn.result, turn.finished_at, turn.note = result, now, None
            turn.latency_ms = latency_ms if latency_ms is not None else _milliseconds(turn.received_at, now)
            if finding is not None:
                turn.finding = finding
            dialogues.take_down(session, turn)

        self._database.transact(work)

    def fail(self, turn_id: int, *, owner: str, note: str, now: datetime) -> None:
        """Let go of a turn that could not be answered; the same message can be run again.

        Raises:
            LeaseLost: somebody else has taken the turn over.
        """

        def work(session: Session) -> None:
            turn = self._in_hand(session, turn_id, owner)
            turn.state, turn.owner, turn.lease_until = TurnState.FAILED, None, None
            turn.note, turn.finished_at = note[:NOTE_LENGTH], now

        self._database.transact(work)

    def note_finding(self, turn_id: int, finding: dict[str, Any]) -> None:
        """Store what the emergency guard found in a turn, whoever has it in hand."""
        self._database.transact(
            lambda session: session.execute(update(Turn).where(Turn.id == turn_id).values(finding=finding))
        )

    def get(self, turn_id: int) -> TurnRow | None:
        """Return a turn as it stands, or None: what somebody who waits for another's reply looks at."""
        with self._database.session() as session:
            turn = session.get(Turn, turn_id)
            return _row(turn) if turn else None

    def find(self, turn_key: str) -> TurnRow | None:
        """Return the turn of a key, or None."""
        channel, _, message_id = turn_key.partition(":")
        with self._database.session() as session:
            turn = session.scalars(_by_message(channel, message_id)).one_or_none()
            return _row(turn) if turn else None

    def latest(self, elder_id: str) -> TurnRow | None:
        """Return the elder's last turn that was answered, or None."""
        query = select(Turn).where(Turn.elder_id == elder_id, Turn.state == TurnState.DONE)
        with self._database.session() as session:
            turn = session.scalars(query.order_by(Turn.id.desc()).limit(1)).one_or_none()
            return _row(turn) if turn else None

    def recent(self, elder_id: str, limit: int = 20) -> list[TurnRow]:
        """Return an elder's latest turns, oldest of them first."""
        with self._database.session() as session:
            query = select(Turn).where(Turn.elder_id == elder_id).order_by(Turn.id.desc()).limit(limit)
            return [_row(turn) for turn in reversed(session.scalars(query).all())]

    def _in_hand(self, session: Session, turn_id: int, owner: str) -> Turn:
        query = select(Turn).where(Turn.id == turn_id, Turn.owner == owner, Turn.state == _PROCESSING)
        turn = session.scalars(query.with_for_update()).one_or_none()
        if turn is None:
            raise LeaseLost
        return turn


def _by_message(channel: str, message_id: str) -> Select[tuple[Turn]]:
    return select(Turn).where(Turn.channel == channel, Turn.message_id == message_id)


def _can_be_had(session: Session, turn_id: int, *, now: datetime, lease_s: float) -> bool:
    turn = session.get(Turn, turn_id)
    if turn is None or turn.state == TurnState.DONE:
        return False
    in_hand = select(Turn.id).where(
        Turn.elder_id == turn.elder_id, Turn.state == _PROCESSING, Turn.lease_until >= now
    )
    waits = _earlier_waiting(Turn, turn.elder_id, turn_id, since=now - timedelta(seconds=lease_s))
    return not session.execute(
        select(or_(in_hand.exists(), select(Turn.id).where(waits).exists()))
    ).scalar_one()


def _claim(session: Session, turn_id: int, *, owner: str, now: datetime, lease_s: float) -> bool:
    elder_id = session.execute(select(Turn.elder_id).where(Turn.id == turn_id)).scalar_one_or_none()
    if elder_id is None:
        return False
    lease = timedelta(seconds=lease_s)
    # Whoever held one of this elder's turns past its lease has lost it; the turn can be run again.
    session.execute(
        update(Turn)
        .where(Turn.elder_id == elder_id, Turn.state == _PROCESSING, Turn.lease_until < now)
        .values(state=TurnState.FAILED, owner=None, lease_until=None, note="the lease ran out")
        .execution_options(synchronize_session=False)
    )
    taken = session.execute(
        update(Turn)
        .where(
            Turn.id == turn_id,
            Turn.state.in_((TurnState.RECEIVED, TurnState.FAILED)),
            not_(_another_first(elder_id, turn_id, since=now - lease)),
        )
        .values(
            state=TurnState.PROCESSING,
            owner=owner,
            claimed_at=now,
            lease_until=now + lease,
            attempts=Turn.attempts + 1,
            note=None,
        )
        .returning(Turn.id)
        .execution_options(synchronize_session=False)
    )
    return taken.scalar_one_or_none() is not None


def _another_first(elder_id: str, turn_id: int, *, since: datetime) -> ColumnElement[bool]:
    """Whether a turn of the elder is in hand, or an earlier one waits that arrived after ``since``."""
    other = aliased(Turn)
    in_hand = and_(other.elder_id == elder_id, other.state == _PROCESSING)
    waits = _earlier_waiting(other, elder_id, turn_id, since=since)
    return or_(select(other.id).where(in_hand).exists(), select(other.id).where(waits).exists())


def _earlier_waiting(
    turn: type[Turn], elder_id: str, turn_id: int, *, since: datetime
) -> ColumnElement[bool]:
    return and_(
        turn.elder_id == elder_id,
        turn.state == _RECEIVED,
        turn.id < turn_id,
        turn.received_at >= since,
    )


def _milliseconds(start: datetime, end: datetime) -> int:
    return max(0, round((end - start).total_seconds() * 1000))


def _row(turn: Turn, *, fresh: bool = False, same_body: bool = True) -> TurnRow:
    return TurnRow(
        id=turn.id,
        turn_key=turn.turn_key,
        elder_id=turn.elder_id,
        text=turn.text,
        state=str(turn.state),
        received_at=turn.received_at,
        result=turn.result,
        fresh=fresh,
        same_body=same_body,
    )
