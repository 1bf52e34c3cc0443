"""Check-ins as they go over the wire."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from assistant.vocabulary import CheckInChannel, CheckInOutcome, Role
from backend.checkins.models import RoundState
from backend.wire import By, Id, Instant, Name, Text, TurnKey, Wire


class CheckInIn(Wire):
    """A check-in that was made."""

    turn_key: TurnKey
    elder_id: Id
    channel: CheckInChannel
    outcome: CheckInOutcome
    mood: Name = ""
    notes: Text = ""
    said: Text = ""
    by: By = By()


class FollowUpIn(Wire):
    """What was done about a check-in; done again, the last words count."""

    by: By
    note: Text


class CheckInOut(Wire):
    """A check-in, and what was followed up."""

    id: str
    elder_id: str
    channel: CheckInChannel
    outcome: CheckInOutcome
    mood: str
    notes: str
    said: str
    role: Role | None
    by_id: str
    turn_key: str
    at: Instant
    follow_up: str
    followed_up_by: str | None
    followed_up_at: Instant | None


class CheckInsOut(Wire):
    """Check-ins, newest first."""

    checkins: list[CheckInOut]


TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A town time of day."""


class RhythmIn(Wire):
    """When an elder is asked how she is; no times: she is not asked."""

    times: Annotated[list[TimeOfDay], Field(max_length=4)]


class RhythmOut(Wire):
    """When an elder is asked how she is, and when next."""

    elder_id: str
    times: list[str]
    next_at: Instant | None


class RoundOut(Wire):
    """One asking, and what came of it."""

    id: str
    elder_id: str
    planned_at: Instant
    state: RoundState
    rounds: int
    asked_at: Instant | None
    answered_at: Instant | None
    said: str
    mood: str
    follow_up: dict[str, Any] | None
    checkin_id: str | None


class RoundsOut(Wire):
    """Askings, the latest first."""

    rounds: list[RoundOut]


class RememberedOut(Wire):
    """Something an elder told of her life, and the turn in which she did."""

    id: str
    said: str
    turn_key: str
    told_at: Instant
    asked_at: Instant | None


class RememberedListOut(Wire):
    """What is remembered of an elder, the latest first."""

    remembered: list[RememberedOut]
