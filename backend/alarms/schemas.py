"""Alarms as they go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

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


class AlarmAcknowledged(Wire):
    """Which person takes an alarm on, and what she is doing about it; both must be said."""

    by: By
    note: Text

    @field_validator("note")
    @classmethod
    def _says_something(cls, note: str) -> str:
        if not note.strip():
            raise ValueError("a note says what is being done")
        return note

    @field_validator("by")
    @classmethod
    def _is_a_person(cls, by: By) -> By:
        if by.role is None or by.role is Role.ELDER:
            raise ValueError("a person other than the elder takes an alarm on")
        return by


class Rung(Wire):
    """One rung: the elder's contact of that order, and how many seconds to wait for him."""

    contact: Annotated[int, Field(ge=1, le=20)]
    wait_s: Annotated[int, Field(ge=0, le=3600)]


class LadderIn(Wire):
    """Whom to tell, in order; the coordinators on duty always come last."""

    rungs: Annotated[list[Rung], Field(max_length=10)]
    repeat_s: Annotated[int, Field(ge=15, le=3600)] = 60


class RungOut(Wire):
    """One rung, with who that is and by what he can be reached; none of it: he is left out at once."""

    contact: int
    wait_s: int
    name: str
    relation: str
    channels: list[str]


class LadderOut(Wire):
    """Whom to tell of an elder's alarms."""

    elder_id: str
    usual: bool
    rungs: list[RungOut]
    repeat_s: int


class AlarmWords(Wire):
    """What else the elder said."""

    words: Annotated[Text, Field(min_length=1)]


class AlarmEventOut(Wire):
    """One thing that happened to an alarm."""

    state: AlarmState
    at: Instant
    role: Role | None
    by_id: str
    note: str
    step: str | None


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
