"""Elders and their readings, as they come and go over the wire."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from assistant.vocabulary import Diet, ReadingKind
from backend.elders.words import Gender, Hearing, Living
from backend.wire import Id, Instant, Name, Text, TurnKey, Wire


class VillageOut(Wire):
    """A village."""

    id: str
    name: str


class ContactOut(Wire):
    """Somebody to call for an elder; ``order`` 1 first."""

    name: str
    relation: str
    phone: str
    order: int


class ElderOut(Wire):
    """An elder, with what a companion or carer has to know."""

    id: str
    name: str
    called: str
    gender: Gender
    birth_year: int | None
    village: VillageOut
    address: str
    phone: str
    living: Living
    conditions: list[str]
    diet: list[Diet]
    hearing: Hearing
    preferences: dict[str, Any]
    contacts: list[ContactOut]
    tags: list[str]


class EldersOut(Wire):
    """A page of elders, and how many there are in all."""

    elders: list[ElderOut]
    total: int


class ReadingIn(Wire):
    """One measured value; blood pressure has systolic in ``value`` and diastolic in ``value2``."""

    kind: ReadingKind
    value: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
    value2: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)] | None = None
    unit: Annotated[Name, Field(max_length=20)] = ""


class ReadingsIn(Wire):
    """What an elder measured, told in one turn."""

    turn_key: TurnKey
    readings: Annotated[list[ReadingIn], Field(min_length=1, max_length=20)]
    said: Text = ""
    measured_at: Instant | None = None


class ReadingOut(Wire):
    """A stored reading."""

    id: str
    elder_id: Id
    kind: ReadingKind
    value: float
    value2: float | None
    unit: str
    measured_at: Instant


class ReadingsOut(Wire):
    """Readings, newest first."""

    readings: list[ReadingOut]


class VoiceIn(Wire):
    """How an elder wishes to be spoken to, and what was learned about her pauses; what is absent stays."""

    rate: Annotated[float, Field(ge=0.5, le=2.0)] | None = None
    volume: Annotated[float, Field(ge=0.0, le=2.0)] | None = None
    voice: Annotated[Name, Field(max_length=40)] | None = None
    pauses: Annotated[list[Annotated[float, Field(ge=0.0, le=10.0)]], Field(max_length=200)] | None = Field(
        default=None, description="pauses within sentences, in seconds, oldest first"
    )
    listen_for_cries: bool | None = Field(
        default=None, description="she agreed that cries for help raise an alarm without the wake phrase"
    )
