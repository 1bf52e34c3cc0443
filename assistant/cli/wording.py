"""How the engine says things: the phrase book and the phrasing of the replies, as the backend's wording."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assistant.actions import spoken
from assistant.replies import phrasing
from assistant.replies.phrasebook import phrases
from backend.clock import in_town


class SpokenWording:
    """The replies as the backend's :class:`backend.wording.Wording`."""

    def say(self, key: str, *, variant: int = 0, **values: Any) -> str:
        """See the port."""
        return phrases().say(key, variant=variant, **values)

    def when(self, start: datetime, end: datetime, *, now: datetime) -> str:
        """See the port."""
        return phrasing.say_when(in_town(start), in_town(end), now=in_town(now))

    def request(self, request: dict[str, Any], *, now: datetime) -> str:
        """See the port."""
        return spoken.request(request, now=in_town(now))
