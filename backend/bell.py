"""The bell: whoever waits in this process for something new is woken when it has been committed.

Other processes on the same database are not heard; who waits looks by himself from time to time, too.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress


class Bell:
    """Rung from any thread; waited for in any event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def ring(self) -> None:
        """Wake all who wait now."""
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        for loop, event in waiting:
            with suppress(RuntimeError):  # its loop was closed meanwhile
                loop.call_soon_threadsafe(event.set)

    async def wait(self, seconds: float) -> None:
        """Wait until the bell rings, at most ``seconds``."""
        mine = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.add(mine)
        try:
            with suppress(TimeoutError, asyncio.TimeoutError):
                await asyncio.wait_for(mine[1].wait(), seconds)
        finally:
            with self._lock:
                self._waiting.discard(mine)
