"""Due rows as they go over the wire."""

from __future__ import annotations

from typing import Any

from backend.due.models import DueState, Outcome
from backend.wire import Instant, Wire


class DueOut(Wire):
    """Something that is, or was, to be done at a time."""

    id: int
    kind: str
    subject_id: str
    due_at: Instant
    made_at: Instant
    urgent: bool
    state: DueState
    attempts: int
    payload: dict[str, Any]
    outcome: Outcome | None
    last_error: str
    ended_at: Instant | None


class DueListOut(Wire):
    """Due rows, the latest made first."""

    due: list[DueOut]


class EngineOut(Wire):
    """Whether promises are being kept: false in ``running`` means that nobody is reminded or alerted."""

    running: bool
    last_beat: Instant | None
    late: int
    latest_by_s: int
    failed: int
