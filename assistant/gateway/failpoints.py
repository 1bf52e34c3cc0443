"""Fail points: places at which a test may have the process die, to prove that a turn survives it.

Inert unless a name is given; the composition root gives the value of ``KANGBAN_FAILPOINT``. Names:
``after_receive``, ``after_alarm``, ``before_dialogue``, ``after_dialogue_before_finish``, ``after_finish``.
"""

from __future__ import annotations

import os
from typing import Final

NAMES: Final = (
    "after_receive",
    "after_alarm",
    "before_dialogue",
    "after_dialogue_before_finish",
    "after_finish",
)

KILLED: Final = 137
"""Exit status of a process that was killed with SIGKILL (128 + 9), which this imitates."""


class FailPoints:
    """Knows at which one point, if any, this process is to die."""

    def __init__(self, name: str | None = None) -> None:
        """Arm the point ``name``; None or "" arms nothing.

        Raises:
            ValueError: there is no such point (a typing mistake would let a test pass for nothing).
        """
        if name and name not in NAMES:
            raise ValueError(f"unknown fail point {name!r}; known: {', '.join(NAMES)}")
        self._name = name or None

    def reach(self, name: str) -> None:
        """Die at once, without any clean-up, if ``name`` is armed."""
        if name == self._name:
            os._exit(KILLED)
