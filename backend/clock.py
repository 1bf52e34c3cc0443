"""The clock: the only source of "now" in the backend, and the town's zone."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from typing import Protocol

TOWN_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The town's zone. China has kept UTC+8 without summer time since 1991, so no zone database is needed."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current instant, aware, in UTC."""


class SystemClock:
    """The machine's clock, or one that starts at a given instant and runs on (``KANGBAN_NOW``)."""

    def __init__(self, start: datetime | None = None) -> None:
        """Start the clock.

        Args:
            start: aware instant at which the clock starts now; None for the machine's time.

        Raises:
            ValueError: ``start`` has no offset.
        """
        if start is not None and start.tzinfo is None:
            raise ValueError("the clock's start needs an offset, such as +08:00")
        self._start = start
        self._begun = time.monotonic()

    @classmethod
    def starting_at(cls, text: str | None) -> SystemClock:
        """Return a clock for the value of ``KANGBAN_NOW``: ISO 8601 with offset, or nothing.

        Raises:
            ValueError: the text is not such a time.
        """
        return cls(datetime.fromisoformat(text.strip())) if text and text.strip() else cls()

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        if self._start is None:
            return datetime.now(timezone.utc)
        return (self._start + timedelta(seconds=time.monotonic() - self._begun)).astimezone(timezone.utc)


class FrozenClock:
    """A clock that stands still until it is moved; for tests, and for replaying."""

    def __init__(self, at: datetime) -> None:
        """Stop the clock at an aware instant."""
        self.at = at

    def now(self) -> datetime:
        """Return the instant at which the clock stands."""
        return self.at.astimezone(timezone.utc)

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self.at += by


def in_town(instant: datetime) -> datetime:
    """Return an instant in the town's zone."""
    return instant.astimezone(TOWN_ZONE)


def outward(instant: datetime) -> str:
    """Return an instant as the wire has it: ISO 8601, whole seconds, ``+08:00``."""
    return in_town(instant).isoformat(timespec="seconds")


def town_day(instant: datetime) -> date:
    """Return the town's calendar day of an instant."""
    return in_town(instant).date()
