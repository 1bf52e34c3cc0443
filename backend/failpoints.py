"""Fail points of the engine: places at which a drill may have the process die; no promise must be lost.

Inert unless the composition root arms one (``KANGBAN_FAILPOINT``). A write session carries the armed points,
so that a room can pass one without being told of them: ``reach(session, "alarm.raised")``.
"""

from __future__ import annotations

import os
import signal
from typing import Final

from sqlalchemy.orm import Session

NAMES: Final = (
    # the worker, for every kind of row
    "due.scheduled",
    "worker.before_claim",
    "worker.in_claim",
    "worker.after_claim",
    "worker.before_effects",
    "worker.after_effects",
    "worker.after_commit",
    "worker.before_retry",
    # alarms and their ladder
    "alarm.raised",
    "ladder.before_step",
    "ladder.told",
    "ladder.after_step",
    "ladder.acknowledged",
    # the outbox
    "outbox.put",
    "outbox.before_delivery",
    "outbox.after_delivery",
    "outbox.settled",
    "outbox.offered",
    "outbox.heard",
    # reminders
    "reminder.created",
    "reminder.said",
    "reminder.next",
    "reminder.answered",
    "reminder.unanswered",
    # nobody came
    "arrival.missed",
    "arrival.told",
    "arrival.sent_again",
    # check-ins
    "checkin.asked",
    "checkin.answered",
    "checkin.unanswered",
)

_KEY = "kangban_failpoints"


class FailPoints:
    """Knows at which one point, if any, this process is to die, and at which passing of it."""

    def __init__(self, name: str | None = None, *, passing: int = 1) -> None:
        """Arm the point ``name`` for its ``passing``-th time; None or "" arms nothing.

        Raises:
            ValueError: there is no such point (a typing mistake would let a drill pass for nothing).
        """
        if name and name not in NAMES:
            raise ValueError(f"unknown fail point {name!r}; known: {', '.join(NAMES)}")
        self._name = name or None
        self._left = passing

    def reach(self, name: str) -> None:
        """Die at once, without any clean-up, if ``name`` is armed and its time has come."""
        if name == self._name:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)  # as the plug being pulled: nothing is cleaned up

    def carried_by(self, session: Session) -> None:
        """Let a session carry these points."""
        session.info[_KEY] = self


def reach(session: Session, name: str) -> None:
    """Pass a point: the process dies here where the session's points say so."""
    points = session.info.get(_KEY)
    if isinstance(points, FailPoints):
        points.reach(name)
