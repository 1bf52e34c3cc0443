"""A message in, an answer within the platform's five seconds: the real one, or a word that it is coming.

A held answer is a row before the word is said: whatever dies, it is worked out again and told with the
next message, or sent afterwards where the platform's own API may be used.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from assistant.gateway.channels.wechat.conversation import LOST, Conversation, WechatParts, stranger
from assistant.gateway.channels.wechat.errors import NotThePlatform
from assistant.gateway.channels.wechat.messages import Received
from assistant.gateway.channels.wechat.ports import Debt, Nonces

log = logging.getLogger(__name__)

HOLD_S = 4.0
"""When a word is sent that the answer is coming, in seconds after the message came; the platform waits 5."""

LAST_LOOK_S = 0.6
"""How long writing down a held answer may take, in seconds."""

PAUSE_S = 5.0
"""Pause between two looks at what is still owed, in seconds."""


class NotNow(Exception):
    """Nothing can be said in time, nor written down: the platform is to send the message again."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the channel is built of, besides its conversation."""

    nonces: Nonces
    hold_s: float = HOLD_S
    monotonic: Callable[[], float] = time.monotonic


class WechatChannel:
    """Answers the platform."""

    def __init__(self, parts: WechatParts, held: Held) -> None:
        self._parts = parts
        self._held = held
        self._conversation = Conversation(parts)
        self._running: dict[str, asyncio.Task[str | None]] = {}
        self._later: set[asyncio.Task[None]] = set()

    async def use(self, key: str, received: Received) -> None:
        """Use a signature up.

        Raises:
            NotThePlatform: it was used before, for something else or long ago.
            NotNow: that cannot be looked up, and it is no emergency.
        """
        try:
            good = await asyncio.to_thread(self._held.nonces.use, key, message=received.digest)
        except Exception:
            log.exception("used signatures cannot be looked up")
            if self._parts.guard.check(received.text) is None:
                raise NotNow from None
            return  # the signature itself is right, and the alarm of a message is raised once
        if not good:
            raise NotThePlatform("this signature was used before")

    async def answer(self, received: Received, *, begun: float) -> str | None:
        """Answer a message in time.

        Args:
            received: the message.
            begun: when it came, on the clock of ``monotonic``.

        Returns:
            What to say; None for nothing.

        Raises:
            NotNow: see there.
        """
        # A re-send that overtakes the first answer waits for it instead of asking a second time.
        task = self._running.get(received.message_id)
        if task is None:
            task = asyncio.create_task(self._conversation.answer(received))
            self._running[received.message_id] = task
            task.add_done_callback(lambda _: self._running.pop(received.message_id, None))
        left = self._held.hold_s - (self._held.monotonic() - begun)
        await asyncio.wait({task}, timeout=max(0.0, left))
        if not task.done():
            return await self._hold(received, task)
        try:
            return task.result()
        except Exception:
            log.exception("a message could not be answered")
            raise NotNow from None

    async def _hold(self, received: Received, task: asyncio.Task[str | None]) -> str:
        try:
            debt = await asyncio.wait_for(asyncio.to_thread(self._owe, received), LAST_LOOK_S)
        except Exception:
            log.exception("a held answer could not be written down")
            raise NotNow from None
        if debt is None:
            raise NotNow
        later = asyncio.create_task(self._afterwards(debt, task))
        self._later.add(later)
        later.add_done_callback(self._later.discard)
        return self._parts.phrases.say("wechat.hold")

    def _owe(self, received: Received) -> Debt | None:
        """Write a held answer down; None where the message itself is not in the book yet."""
        known = self._parts.log.known(received.message_id)
        if known is None and not received.media_id:
            return None
        debt = Debt(
            message_id=received.message_id,
            account=received.account,
            elder_id=known.elder_id if known else stranger(received.account),
            text=known.text if known else None,
            media_id=received.media_id or None,
        )
        self._parts.debts.owe(debt)
        return debt

    async def _afterwards(self, debt: Debt, task: asyncio.Task[str | None]) -> None:
        try:
            await task
        except Exception:
            log.exception("a held answer failed; it is tried again")
            return
        await self._send(debt)

    async def _send(self, debt: Debt) -> None:
        try:
            said = await asyncio.to_thread(self._conversation.answered, debt)
            if said:
                await asyncio.to_thread(self._parts.debts.send, debt, said)
        except Exception:
            log.exception("a held answer could not be sent; it is told with the next message")

    async def keep_word(self) -> None:
        """Work out what is owed and was lost with a process, again and again until cancelled."""
        while True:
            try:
                for debt in await asyncio.to_thread(self._parts.debts.all):
                    await self._again(debt)
            except Exception:
                log.exception("what is owed could not be looked at")
            await asyncio.sleep(PAUSE_S)

    async def _again(self, debt: Debt) -> None:
        if debt.message_id in self._running:
            return
        if await asyncio.to_thread(self._conversation.answered, debt) is None:
            if debt.owed_since is None or self._parts.now() - debt.owed_since > LOST:
                return
            received = Received(
                account=debt.account,
                us="us",
                kind="voice" if debt.text is None else "text",
                message_id=debt.message_id,
                text=debt.text or "",
                media_id=debt.media_id or "",
            )
            await self._conversation.answer(received)
        await self._send(debt)
