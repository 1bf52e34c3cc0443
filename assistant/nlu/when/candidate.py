"""One reading of a spoken time: what the rest of Kangban receives from the time grammar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A time that a sentence may mean.

    Attributes:
        start: first instant, aware, +08:00; of a repeat, the same as ``first[0]``.
        end: last instant (exclusive for windows; equal to ``start`` for a point of the clock).
        confidence: 0 to 1; compares the candidates of one mention and, coarsely, those of different ones.
        text: the words read, ``source[span[0]:span[1]]``. Where a day and an hour stand apart
            (明天帮我叫个人，下午三点), the words of the day.
        span: code-point offsets of ``text`` in the sentence.
        repeat: RRULE of RFC 5545; lunar ones with RSCALE=CHINESE (RFC 7529). BYHOUR and BYMINUTE only where
            there are several times a day; the time of day is otherwise that of ``first``.
        first: first occurrence of a repeat that is not over yet.
        past: said about the past (昨天): for looking up, not for booking.
        rejected: said only to be turned down (不是后天).
        spans: all stretches of the sentence that carried this time, in order; ``span`` is one of them.
        parts: what kind of time was said: "day", "part_of_day", "clock", "repeat", "duration", "meal".
    """

    start: datetime | None
    end: datetime | None
    confidence: float
    text: str
    span: tuple[int, int]
    repeat: str | None = None
    first: tuple[datetime, datetime] | None = None
    past: bool = False
    rejected: bool = False
    spans: tuple[tuple[int, int], ...] = ()
    parts: frozenset[str] = frozenset()

    def as_slot(self) -> dict[str, Any]:
        """Return the value of the slot ``when``: start and end, or repeat and first, in ISO 8601."""
        if self.repeat is not None and self.first is not None:
            first = {"start": self.first[0].isoformat(), "end": self.first[1].isoformat()}
            return {"repeat": self.repeat, "first": first}
        if self.start is None or self.end is None:
            return {}
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}
