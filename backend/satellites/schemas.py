"""Speakers in the homes, as they go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.wire import Id, Instant, Name, Wire


class SatelliteIn(Wire):
    """A speaker to be registered."""

    elder_id: Id
    name: Annotated[Name, Field(min_length=1)]


class SatelliteOut(Wire):
    """A registered speaker."""

    id: str
    elder_id: str
    name: str
    created_at: Instant
    revoked: bool
    seen_at: Instant | None


class SatelliteMade(SatelliteOut):
    """A speaker that was just registered; the token is shown this once."""

    token: str


class SatellitesOut(Wire):
    """Registered speakers, the newest first."""

    satellites: list[SatelliteOut]
