"""How often one device may call: far more than a person can, far less than what would stop the town."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_DEVICES = 10_000
"""Devices whose calls are counted; those that were not heard longest are forgotten first."""


class Rate:
    """So many calls at once, and so many a second after that, for each key.

    Args:
        burst: calls at once.
        per_s: calls a second in the long run.
        monotonic: seconds.
    """

    def __init__(self, *, burst: int, per_s: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._per_s, self._monotonic = burst, per_s, monotonic
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Count a call; return whether it may be made."""
        now = self._monotonic()
        left, at = self._left.pop(key, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._per_s)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        if len(self._left) > MOST_DEVICES:
            self._left.popitem(last=False)
        return allowed
