"""Check-ins as they go over the wire."""

from __future__ import annotations

from assistant.vocabulary import CheckInChannel, CheckInOutcome, Role
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
