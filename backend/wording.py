"""How the engine says things to people: the backend knows what is to be said, the replies know the words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol


class Wording(Protocol):
    """Puts into words; plugged in by the composition root."""

    def say(self, key: str, *, variant: int = 0, **values: Any) -> str:
        """Return the phrase of ``key``, the wording ``variant`` where there are several."""

    def when(self, start: datetime, end: datetime, *, now: datetime) -> str:
        """Return a time as one says it."""

    def request(self, request: dict[str, Any], *, now: datetime) -> str:
        """Return what was asked for, in a few words with its time; ``request`` is as on the wire."""
