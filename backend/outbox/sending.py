"""The worker's part of the outbox: messages that go by a network are delivered, tried again, and ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from assistant.vocabulary import Role
from backend.due.models import Outcome
from backend.due.service import MOST_ATTEMPTS, Claimed
from backend.due.steps import Step
from backend.outbox import service
from backend.outbox.models import Channel, Message, MessageState, Why
from backend.outbox.notifier import NeverDeliveredError, Notifier, Parcel
from backend.outbox.service import Letter


@dataclass(frozen=True, kw_only=True)
class _Job:
    notifier: Notifier | None
    parcel: Parcel


class SendErrand:
    """Delivers one message."""

    def __init__(self, notifiers: Mapping[Channel, Notifier]) -> None:
        self._notifiers = notifiers

    def prepare(self, session: Session, row: Claimed, now: datetime) -> _Job | None:
        """Return the message, None where it has come to its end already."""
        message = session.get(Message, int(row.subject_id))
        if message is None or message.state is not MessageState.PENDING:
            return None
        return _Job(
            notifier=self._notifiers.get(message.channel),
            parcel=Parcel(
                key=message.key,
                address=message.address,
                text=message.text,
                why=message.why,
                why_id=message.why_id,
                elder_id=message.elder_id,
                urgent=message.urgent,
                at=now,
            ),
        )

    def go(self, job: _Job) -> None:
        """Deliver."""
        if job.notifier is None:
            raise NeverDeliveredError("nothing is set up for this channel")
        job.notifier.deliver(job.parcel)

    def settle(self, step: Step, error: str | None) -> Outcome | None:
        """Write what came of it; when it is hopeless, tell the coordinators, who can telephone."""
        message_id = int(step.row.subject_id)
        if error is None:
            _set(step, message_id, state=MessageState.SENT, sent_at=step.now, last_error="")
            return Outcome.KEPT
        hopeless = error.startswith(NeverDeliveredError.__name__) or step.row.attempts >= MOST_ATTEMPTS
        if not hopeless:
            _set(step, message_id, last_error=error[:2000])
            return None
        _set(step, message_id, state=MessageState.FAILED, last_error=error[:2000])
        message = step.session.get_one(Message, message_id)
        service.show(
            step.session,
            Letter(
                key=f"undelivered:{message_id}",
                to_role=Role.COORDINATOR,
                elder_id=message.elder_id,
                village_id=message.village_id,
                text=step.wording.say(
                    "engine.undelivered", channel=message.channel.label, to=message.to_id, text=message.text
                ),
                why=message.why,
                why_id=message.why_id,
                urgent=message.urgent,
            ),
            now=step.now,
        )
        return Outcome.ESCALATED


def expire(step: Step) -> Outcome:
    """End a message for a home that nobody fetched in time; who waits for an answer has a row of his own."""
    gone = step.session.execute(
        update(Message)
        .where(Message.id == int(step.row.subject_id), Message.state == MessageState.PENDING)
        .values(state=MessageState.EXPIRED, last_error="nobody fetched it", offered_until=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return Outcome.NOT_NEEDED if gone is None else Outcome.TOLD


def gave_up(step: Step, error: str) -> None:
    """Tell the coordinators that something due could not be done."""
    service.show(
        step.session,
        Letter(
            key=f"gave_up:{step.row.key}"[:150],
            to_role=Role.COORDINATOR,
            text=step.wording.say("engine.gave_up", kind=step.row.kind, error=error[:200]),
            why=Why.ENGINE,
            why_id=step.row.subject_id,
            standing=True,
        ),
        now=step.now,
    )


def _set(step: Step, message_id: int, **values: object) -> None:
    step.session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state == MessageState.PENDING)
        .values(attempts=step.row.attempts, **values)
        .execution_options(synchronize_session=False)
    )
    step.session.expire_all()
