"""Handovers and reminders as they go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints, model_validator
from typing_extensions import Self

from backend.notifications.models import HandoverState, OccurrenceState, ReminderState
from backend.wire import By, Id, Instant, Text, TurnKey, Wire, storable

Rule = Annotated[
    str,
    StringConstraints(max_length=400, pattern=r"^(RRULE:)?[A-Za-z0-9=;,:+-]*FREQ=[A-Za-z0-9=;,:+-]+$"),
    AfterValidator(storable),
]
"""An RRULE of RFC 5545, with RSCALE of RFC 7529 where it follows the lunar calendar."""

Said = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(storable)]
"""Words that must be there."""


class HandoverIn(Wire):
    """An elder wants a person."""

    turn_key: TurnKey
    elder_id: Id
    reason: Text = ""
    said: Text = ""


class HandoverDone(Wire):
    """Who called back, and what came of it."""

    by: By
    note: Text = ""


class HandoverOut(Wire):
    """A handover."""

    id: str
    elder_id: str
    reason: str
    said: str
    state: HandoverState
    turn_key: str
    asked_at: Instant
    done_at: Instant | None
    done_by: str | None
    note: str


class HandoversOut(Wire):
    """Handovers, oldest first: who waits longest comes first."""

    handovers: list[HandoverOut]


class ReminderIn(Wire):
    """What an elder wants to be told; ``start`` is the time, or the first time of ``repeat``."""

    turn_key: TurnKey
    elder_id: Id
    text: Said
    start: Instant | None = None
    repeat: Rule | None = None
    said: Text = ""

    @model_validator(mode="after")
    def _has_a_time(self) -> Self:
        if self.start is None and self.repeat is None:
            raise ValueError("a reminder needs a start or a repeat")
        return self


class ReminderMove(Wire):
    """Who ends a reminder."""

    by: By = By()


class ReminderOut(Wire):
    """A reminder."""

    id: str
    elder_id: str
    text: str
    start: Instant | None
    repeat: str | None
    said: str
    state: ReminderState
    turn_key: str
    created_at: Instant
    updated_at: Instant


class OccurrenceOut(Wire):
    """One time of a reminder, and what came of it."""

    id: str
    reminder_id: str
    elder_id: str
    due_at: Instant
    state: OccurrenceState
    rounds: int
    snoozes: int
    said_at: Instant | None
    answered_at: Instant | None
    answer: str


class OccurrencesOut(Wire):
    """Times of reminders, the latest first."""

    occurrences: list[OccurrenceOut]


class RemindersOut(Wire):
    """Reminders, the soonest first; those that only repeat come last."""

    reminders: list[ReminderOut]
