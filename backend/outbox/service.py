"""What the outbox does: a message is written once, with its cause, and ends in a state that can be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assistant.vocabulary import Role
from backend.due import service as due
from backend.errors import NotFound
from backend.failpoints import reach
from backend.outbox.models import PENDING, STANDING, Address, Channel, Message, MessageState, Why

SEND = "send"
EXPIRE = "expire"
"""Kinds of due rows: deliver a message by e-mail or webhook; end a spoken one that nobody fetched."""

HOME = (Channel.SPEAKER, Channel.CHAT)
"""Channels by which an elder is spoken to; her home fetches what is to be said."""

OFFER = timedelta(seconds=60)
"""For how long a message belongs to the speaker that fetched it; after that it is offered again."""

LASTS = timedelta(minutes=30)
"""How long something is still worth saying, where its cause says nothing else."""


class UnknownMessage(NotFound):
    """No message has this id."""

    code = "unknown_message"
    message = "There is no such message."


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message to be written.

    Attributes:
        key: what makes it one message; channel and address are added to it.
        to_role: who gets it.
        to_id: which of them; "" for all on duty.
        elder_id: about whom, or to whom.
        village_id: whose village's console shows it; None for the whole town.
        text: what is said, for ear or eye.
        why: what it is about.
        why_id: which one.
        urgent: it comes first.
        loud: it is said louder, and attention is asked for.
        asks: which question the elder's next words may answer.
        lasts: for how long it is worth saying.
        standing: it stays on the console until it is resolved.
    """

    key: str
    to_role: Role
    to_id: str = ""
    elder_id: str | None = None
    village_id: str | None = None
    text: str
    why: Why
    why_id: str
    urgent: bool = False
    loud: bool = False
    asks: str | None = None
    lasts: timedelta = LASTS
    standing: bool = False


def put(
    session: Session, letter: Letter, channel: Channel, *, now: datetime, address: str = ""
) -> int | None:
    """Write a message, in the transaction of its cause; return its id, None where its key was there.

    What is for the console has arrived when it is committed; what is for a home waits to be fetched; what
    goes by a network is delivered by the worker.
    """
    key = f"{letter.key}:{channel}" + (f":{address}" if address else "")
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    at_once = channel is Channel.FEED
    expires_at = now + letter.lasts if channel in HOME else None
    made = session.execute(
        dialect.insert(Message)
        .values(
            key=key[:200], to_role=letter.to_role, to_id=letter.to_id, elder_id=letter.elder_id,
            village_id=letter.village_id, channel=channel, address=address, text=letter.text,
            why=letter.why, why_id=letter.why_id, urgent=letter.urgent, loud=letter.loud, asks=letter.asks,
            state=MessageState.SENT if at_once else MessageState.PENDING, attempts=0, last_error="",
            created_at=now, expires_at=expires_at, sent_at=now if at_once else None,
            standing=letter.standing,
        )
        .on_conflict_do_nothing(index_elements=[Message.key])
        .returning(Message.id)
    ).scalar_one_or_none()  # fmt: skip
    reach(session, "outbox.put")
    if made is None:
        return None
    if expires_at is not None:
        due.schedule(
            session, key=f"expire:{made}", kind=EXPIRE, subject_id=str(made), due_at=expires_at, now=now
        )
    elif not at_once:
        due.schedule(
            session,
            key=f"send:{made}",
            kind=SEND,
            subject_id=str(made),
            due_at=now,
            now=now,
            urgent=letter.urgent,
        )
    return int(made)


def say_at_home(session: Session, letter: Letter, *, now: datetime) -> None:
    """Say something to an elder: by her speaker and in her chat, whichever she has."""
    for channel in HOME:
        put(session, letter, channel, now=now)


def show(session: Session, letter: Letter, *, now: datetime) -> int | None:
    """Show something on the consoles."""
    return put(session, letter, Channel.FEED, now=now)


def reach_person(session: Session, letter: Letter, owner: str, *, now: datetime) -> list[Channel]:
    """Write to somebody by every way there is; return the channels, none where there is no way."""
    ways = addresses_of(session, [owner])
    for way in ways:
        put(session, letter, way.channel, now=now, address=way.value)
    return [way.channel for way in ways]


def addresses_of(session: Session, owners: Iterable[str]) -> list[Address]:
    """Return the addresses of some people, in the order in which they were entered."""
    query = select(Address).where(Address.owner.in_(list(owners))).order_by(Address.id)
    return list(session.scalars(query))


def set_addresses(session: Session, owner: str, ways: Sequence[tuple[Channel, str]]) -> list[Address]:
    """Write down by which addresses somebody can be reached, instead of those before."""
    session.execute(delete(Address).where(Address.owner == owner))
    for channel, value in dict.fromkeys(ways):
        session.add(Address(owner=owner, channel=channel, value=value))
    session.flush()
    return addresses_of(session, [owner])


def offer(session: Session, *, elder_id: str, channel: Channel, now: datetime) -> list[Message]:
    """Return what is to be said to an elder, and keep it for whoever fetched it for a while."""
    ready = (
        select(Message.id)
        .where(_to_be_said(elder_id, channel, now))
        .with_for_update(skip_locked=True)
        .cte("ready")
    )
    offered = session.scalars(
        update(Message)
        .where(Message.id.in_(select(ready.c.id)))
        .values(offered_until=now + OFFER, attempts=Message.attempts + 1)
        .returning(Message)
        .execution_options(synchronize_session=False)
    ).all()
    reach(session, "outbox.offered")
    return sorted(offered, key=lambda message: (not message.urgent, message.id))


def waiting(session: Session, *, elder_id: str, channel: Channel, now: datetime) -> bool:
    """Tell whether there is something to be said to an elder; cheap, and nothing is changed."""
    query = select(Message.id).where(_to_be_said(elder_id, channel, now))
    return session.scalars(query.limit(1)).first() is not None


def _to_be_said(elder_id: str, channel: Channel, now: datetime) -> ColumnElement[bool]:
    """Return what is true of a message that waits to be said to an elder and that nobody is saying now."""
    return and_(
        PENDING,
        Message.elder_id == elder_id,
        Message.channel == channel,
        Message.expires_at > now,
        or_(
            Message.offered_until.is_(None),
            Message.offered_until <= now,
            Message.offered_until > now + OFFER,  # given before the clock was put back
        ),
    )


def heard(session: Session, message_id: int, *, elder_id: str, now: datetime) -> Message:
    """Write that a message was said to the elder; again, it changes nothing.

    Raises:
        UnknownMessage: she has no such message.
    """
    session.execute(
        update(Message)
        .where(Message.id == message_id, Message.elder_id == elder_id, Message.state == MessageState.PENDING)
        .values(state=MessageState.SENT, sent_at=now, offered_until=None)
        .execution_options(synchronize_session=False)
    )
    due.withdraw(session, str(message_id), kinds=[EXPIRE], now=now)
    reach(session, "outbox.heard")
    message = session.get(Message, message_id)
    if message is None or message.elder_id != elder_id or message.channel not in HOME:
        raise UnknownMessage
    return message


def said_in_chat(
    session: Session, *, elder_id: str, since: datetime | None, until: datetime | None, limit: int
) -> list[Message]:
    """Return what was said to an elder in her chat between two instants, newest first."""
    query = select(Message).where(
        Message.elder_id == elder_id, Message.channel == Channel.CHAT, Message.state == MessageState.SENT
    )
    if since is not None:
        query = query.where(Message.sent_at >= since)
    if until is not None:
        query = query.where(Message.sent_at < until)
    return list(session.scalars(query.order_by(Message.id.desc()).limit(limit)))


def was_fetched(session: Session, why: Why, why_id: str) -> bool:
    """Tell whether a home has fetched what was to be said about something: the elder may have heard it."""
    query = select(Message.id).where(
        Message.why == why, Message.why_id == why_id, Message.channel.in_(HOME), Message.attempts > 0
    )
    return session.scalars(query.limit(1)).first() is not None


def withdraw(session: Session, why: Why, why_id: str, *, now: datetime) -> None:
    """Let what is still to be said about something be: it was answered, or is no longer so."""
    gone = session.scalars(
        update(Message)
        .where(
            Message.why == why,
            Message.why_id == why_id,
            Message.channel.in_(HOME),
            Message.state == MessageState.PENDING,
        )
        .values(state=MessageState.EXPIRED, last_error="no longer needed", offered_until=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    for message_id in gone:
        due.withdraw(session, str(message_id), kinds=[EXPIRE], now=now)


def resolve(session: Session, why: Why, why_id: str, *, now: datetime) -> None:
    """Take what stands on the consoles about something down."""
    session.execute(
        update(Message)
        .where(Message.why == why, Message.why_id == why_id, Message.standing, Message.resolved_at.is_(None))
        .values(resolved_at=now)
        .execution_options(synchronize_session=False)
    )


def feed(
    session: Session,
    *,
    after: int = 0,
    village_id: str | None = None,
    standing: bool = False,
    newest: bool = False,
    limit: int = 100,
) -> list[Message]:
    """Return what the consoles show: of a village and of the whole town, in order, or the newest first.

    Args:
        session: any session.
        after: only messages with a greater id.
        village_id: of this village, and what belongs to none; None for all.
        standing: only what stands there until it is resolved.
        newest: newest first.
        limit: how many at most.
    """
    query = select(Message).where(Message.channel == Channel.FEED, Message.id > after)
    if standing:
        query = query.where(STANDING)
    if village_id is not None:
        query = query.where(or_(Message.village_id == village_id, Message.village_id.is_(None)))
    order = Message.id.desc() if newest or standing else Message.id
    return list(session.scalars(query.order_by(order).limit(limit)))


def find(
    session: Session,
    *,
    elder_id: str | None = None,
    why: Why | None = None,
    why_id: str | None = None,
    state: MessageState | None = None,
    limit: int = 100,
) -> list[Message]:
    """Return messages of every channel, newest first."""
    query = select(Message)
    for column, value in (
        (Message.elder_id, elder_id),
        (Message.why, why),
        (Message.why_id, why_id),
        (Message.state, state),
    ):
        if value is not None:
            query = query.where(column == value)
    return list(session.scalars(query.order_by(Message.id.desc()).limit(limit)))
