"""Answers to what we said first, taken before the dialogue: they need no model, and work while it is down."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assistant.gateway.ports import Incoming, Phrases
from assistant.nlu import promised
from backend.clock import Clock
from backend.database import Database
from backend.notifications.models import Occurrence, OccurrenceState, Reminder
from backend.notifications.service import reminding
from backend.turns import service as turns

WITHIN = timedelta(hours=2)
"""How long after a reminder an answer is still one to it."""

_STATES = {
    "taken": OccurrenceState.TAKEN,
    "heard": OccurrenceState.HEARD,
    "later": OccurrenceState.SNOOZED,
    "refused": OccurrenceState.REFUSED,
}


class BackendPromised:
    """The backend's open questions as the gateway's port ``Promised``."""

    def __init__(self, database: Database, clock: Clock, phrases: Phrases) -> None:
        self._database = database
        self._clock = clock
        self._phrases = phrases

    def answer(self, incoming: Incoming) -> list[str] | None:
        """See the port."""
        now = self._clock.now()
        with self._database.session() as session:
            before = reminding.answered_by(session, incoming.turn_key, incoming.elder_id)
            if before:  # the same turn, run again
                return self._reply(before[0].state, now)
            waiting = reminding.open_for(session, incoming.elder_id, since=now - WITHIN)
            if not waiting:
                return None
            fresh = not _spoke_since(session, incoming, waiting[0].said_at or now)
            heard = promised.reminder_answer(incoming.text, fresh=fresh)
            if heard is None:
                return None
            meant = [row.id for row in _meant(session, incoming.text, waiting)]
        stands = self._database.transact(
            lambda session: reminding.answer(
                session, meant, _STATES[heard], said=incoming.text, turn_key=incoming.turn_key, now=now
            )
        )
        return self._reply(stands, now)

    def _reply(self, state: OccurrenceState, now: datetime) -> list[str]:
        return [self._phrases.say(f"promise.{state}", variant=now.minute)]


def _meant(session: Session, text: str, waiting: list[Occurrence]) -> list[Occurrence]:
    """Return which of several reminders an answer is about: those it speaks of, else the latest."""
    if len(waiting) == 1:
        return waiting
    texts = {row.id: session.get_one(Reminder, row.reminder_id).text for row in waiting}
    spoken_of = [row for row in waiting if promised.speaks_of(text, texts[row.id])]
    return spoken_of or waiting[:1]


def _spoke_since(session: Session, incoming: Incoming, since: datetime) -> bool:
    """Tell whether the elder has said something else since we spoke."""
    recent = turns.log(session, elder_id=incoming.elder_id, limit=3)
    return any(turn.received_at > since and turn.turn_key != incoming.turn_key for turn in recent)
