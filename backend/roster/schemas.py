"""Shifts, as they come and go over the wire."""

from __future__ import annotations

from backend.wire import Id, Instant, Wire


class ShiftIn(Wire):
    """A time on duty that is to be written down."""

    staff_id: Id
    starts_at: Instant
    ends_at: Instant


class ShiftOut(Wire):
    """A time on duty."""

    id: str
    staff_id: str
    name: str
    village_id: str | None
    starts_at: Instant
    ends_at: Instant
    made_by: str


class RosterOut(Wire):
    """Shifts, the earliest first; and who is told at the instant ``at`` of what cannot wait."""

    shifts: list[ShiftOut]
    at: Instant
    on_duty: list[str]
