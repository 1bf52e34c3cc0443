"""What the channel answers by itself: through the inbox as every turn, so that a re-send changes nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from assistant.gateway.ports import Inbox, Incoming, TurnResult
from assistant.gateway.results import answer

LEASE_S = 10.0
"""How long such a turn is held, in seconds; it is a few lines in a database."""

PATIENCE_S, PAUSE_S = 3.0, 0.05
"""How long a re-send waits for the first to be answered, and between two looks, in seconds."""


class OwnTurns:
    """Runs the channel's own answers, each once."""

    def __init__(self, inbox: Inbox, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._inbox = inbox
        self._monotonic = monotonic

    async def take(self, incoming: Incoming, say: Callable[[], str]) -> TurnResult | None:
        """Answer a message with what ``say`` does and returns, run in a thread.

        Returns:
            The answer, the same for the same message; None where an earlier message is not through in time.

        Raises:
            Exception: whatever ``say`` raises; the message can be sent again.
        """
        return await asyncio.to_thread(self._take, incoming, say)

    def _take(self, incoming: Incoming, say: Callable[[], str]) -> TurnResult | None:
        row = self._inbox.receive(incoming)
        until = self._monotonic() + PATIENCE_S
        while row.result is None and not self._inbox.claim(row.id, lease_s=LEASE_S):
            if self._monotonic() > until:
                return None
            time.sleep(PAUSE_S)
            row = self._inbox.get(row.id) or row
        if row.result is not None:
            return row.result
        try:
            result = answer(incoming.text, [say()])
            self._inbox.finish(row.id, result)
        except BaseException:
            with suppress(Exception):
                self._inbox.fail(row.id, code="interrupted")
            raise
        return result
