"""The log of turns as it goes over the wire."""

from __future__ import annotations

from typing import Any

from backend.turns.models import TurnState
from backend.wire import Instant, Wire


class TurnOut(Wire):
    """One turn: the words as received, what came of them, and what the emergency guard found."""

    id: int
    turn_key: str
    channel: str
    message_id: str
    elder_id: str
    text: str
    received_at: Instant
    state: TurnState
    attempts: int
    finished_at: Instant | None
    latency_ms: int | None
    result: dict[str, Any] | None
    finding: dict[str, Any] | None
    note: str | None


class TurnsOut(Wire):
    """A page of the log; ``next`` is the ``before`` of the page after, None on the last."""

    turns: list[TurnOut]
    next: int | None
