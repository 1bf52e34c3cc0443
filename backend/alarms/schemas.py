"""Alarms as they go over the wire."""

from __future__ import annotations

from assistant.vocabulary import AlarmState, Emergency, Role
from backend.wire import By, Id, Instant, Name, Text, TurnKey, Wire


class AlarmIn(Wire):
    """An alarm from outside the conversation: a button, a device."""

    turn_key: TurnKey
    elder_id: Id
    category: Emergency
    words: Text = ""
    channel: Name


class AlarmMove(Wire):
    """Who takes an alarm on or ends it, and what there is to say about it."""

    by: By
    note: Text = ""


class AlarmEventOut(Wire):
    """One thing that happened to an alarm."""

    state: AlarmState
    at: Instant
    role: Role | None
    by_id: str
    note: str


class AlarmOut(Wire):
    """An alarm; ``known_elder_id`` is None where the book knows nobody of that id."""

    id: str
    turn_key: str
    elder_id: str
    known_elder_id: str | None
    category: Emergency
    words: str
    channel: str
    state: AlarmState
    raised_at: Instant
    updated_at: Instant
    history: list[AlarmEventOut]


class AlarmsOut(Wire):
    """Alarms, newest first."""

    alarms: list[AlarmOut]
