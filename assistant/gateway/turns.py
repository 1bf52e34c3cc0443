"""One turn from message to reply: deduplicated, guarded, serialised per elder, and safe to run again.

The order is the rule: the inbox row first, then the emergency guard, and only then the dialogue. Nothing that
fails further down can keep an alarm from being committed, and whatever was answered once is answered again
word for word.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from assistant.gateway import text as texts
from assistant.gateway.emergencies import EmergencyDesk
from assistant.gateway.errors import DialogueError, GatewayError, MessageReused, UnknownElder
from assistant.gateway.failpoints import FailPoints
from assistant.gateway.ports import (
    Dialogue,
    ElderBook,
    ElderCard,
    EmergencyFinding,
    Guard,
    Inbox,
    InboxRow,
    Incoming,
    Phrases,
    TurnResult,
)
from assistant.gateway.results import answer, from_dialogue

log = logging.getLogger(__name__)

LEASE_S = 30.0
"""How long a turn holds its elder's line, in seconds: the dialogue's time-out and the writing around it."""

PATIENCE_S = 25.0
"""How long a message waits for the elder's turn before it, in seconds."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.02, 0.25
"""Back-off between two tries for a line that another process holds, in seconds."""


@dataclass(frozen=True, kw_only=True)
class TurnParts:
    """What the gateway is built of."""

    elders: ElderBook
    inbox: Inbox
    guard: Guard
    desk: EmergencyDesk
    dialogue: Dialogue
    phrases: Phrases
    now: Callable[[], datetime]
    failpoints: FailPoints = field(default_factory=FailPoints)
    monotonic: Callable[[], float] = time.monotonic
    patience_s: float = PATIENCE_S


class Turns:
    """Takes messages and answers them."""

    def __init__(self, parts: TurnParts) -> None:
        self._parts = parts
        # The inbox decides whose turn it is; within this process, who waits is told when a turn has ended.
        self._ended: WeakValueDictionary[str, asyncio.Condition] = WeakValueDictionary()
        self._later: set[asyncio.Task[None]] = set()

    async def take(self, incoming: Incoming) -> TurnResult:
        """Answer one message.

        Args:
            incoming: the message; its text may be anything.

        Returns:
            The object of ``kangban chat --json``. Where the dialogue did not answer it has an ``"error"``
            and a kind reply, and the same message may be sent again.

        Raises:
            UnknownElder: nobody of that id is in the book, and no emergency was heard.
            MessageReused: that message id came before with other words, or from another elder.
        """
        begun = self._parts.monotonic()
        incoming = replace(incoming, text=texts.clean(incoming.text))
        finding = self._parts.guard.check(incoming.text)
        if finding is not None:
            return await self._emergency(incoming, finding, begun)
        try:
            return await self._ordinary(incoming, begun)
        except GatewayError:
            raise
        except Exception:
            # An elder is never left with a stack trace; the log has it, and the message can be sent again.
            log.exception("turn %s failed", incoming.turn_key)
            return self._leave(self._busy(incoming, None, "unavailable"), begun)

    async def _emergency(self, incoming: Incoming, finding: EmergencyFinding, begun: float) -> TurnResult:
        parts = self._parts
        row = await self._receive_whatever_happens(incoming)
        if row is not None and not row.same_message:
            # Another message under an old id: the old row is left alone, the alarm gets a key of its own.
            digest = hashlib.sha256(f"{incoming.elder_id}\n{incoming.text}".encode()).hexdigest()[:16]
            incoming = replace(incoming, message_id=f"{incoming.message_id[:100]}#{digest}")
            row = await self._receive_whatever_happens(incoming)
        if row is not None and row.result is not None:
            return row.result
        parts.failpoints.reach("after_receive")
        alarm = await asyncio.to_thread(parts.desk.raise_alarm, incoming, finding, now=parts.now())
        parts.failpoints.reach("after_alarm")
        before = await self._before(incoming.elder_id)
        result = answer(
            incoming.text,
            parts.desk.words_for(finding, alarm, before=before),
            intent="report_emergency",
            confidence=finding.confidence,
            alarm=alarm,
        )
        if before is not None and "form" in before:
            result["form"] = before["form"]  # so that a second alarm knows of it, too
        self._leave(result, begun)
        if row is not None:
            await self._keep_emergency_answer(row, incoming.elder_id, finding, result)
        return result

    async def _receive_whatever_happens(self, incoming: Incoming) -> InboxRow | None:
        try:
            return await asyncio.to_thread(self._parts.inbox.receive, incoming)
        except Exception:
            log.exception("emergency turn %s could not be entered in the inbox", incoming.turn_key)
            return None

    async def _keep_emergency_answer(
        self, row: InboxRow, elder_id: str, finding: EmergencyFinding, result: TurnResult
    ) -> None:
        """Store the answer; where the elder's turn before it still runs, do so behind the answer's back."""
        inbox = self._parts.inbox
        try:
            await asyncio.to_thread(inbox.note_finding, row.id, finding)
            if await asyncio.to_thread(inbox.claim, row.id, lease_s=LEASE_S):
                await asyncio.to_thread(inbox.finish, row.id, result)
                await self._tell_ended(elder_id)
                self._parts.failpoints.reach("after_finish")
                return
        except Exception:
            log.exception("the answer of an emergency turn could not be stored")
            return
        later = asyncio.create_task(self._finish_when_free(row, elder_id, result))
        self._later.add(later)
        later.add_done_callback(self._later.discard)

    async def _finish_when_free(self, row: InboxRow, elder_id: str, result: TurnResult) -> None:
        try:
            if await self._claim(row, elder_id) is True:
                await asyncio.to_thread(self._parts.inbox.finish, row.id, result)
                await self._tell_ended(elder_id)
        except Exception:
            log.exception("the answer of an emergency turn could not be stored")

    async def _ordinary(self, incoming: Incoming, begun: float) -> TurnResult:
        parts = self._parts
        elder = await asyncio.to_thread(parts.elders.find, incoming.elder_id)
        if elder is None:
            raise UnknownElder("nobody with that elder_id is registered")
        row = await asyncio.to_thread(parts.inbox.receive, incoming)
        if not row.same_message:
            raise MessageReused("that message_id was already used for another message")
        if row.result is not None:
            return row.result
        parts.failpoints.reach("after_receive")
        claimed = await self._claim(row, incoming.elder_id)
        if isinstance(claimed, dict):
            return claimed
        if not claimed:
            return self._leave(self._busy(incoming, elder, "previous_turn_running"), begun)
        try:
            return await self._run(incoming, row, elder, begun)
        finally:
            await self._tell_ended(incoming.elder_id)

    async def _run(self, incoming: Incoming, row: InboxRow, elder: ElderCard, begun: float) -> TurnResult:
        parts = self._parts
        try:
            result = await self._by_ourselves(incoming)
            if result is None:
                parts.failpoints.reach("before_dialogue")
                answered = await parts.dialogue.turn(
                    incoming, text=texts.as_plain_words(incoming.text), now=parts.now()
                )
                parts.failpoints.reach("after_dialogue_before_finish")
                silence = parts.phrases.say("gateway.no_words")
                result = from_dialogue(incoming.text, answered, when_silent=silence)
            self._leave(result, begun)
            await asyncio.to_thread(parts.inbox.finish, row.id, result)
        except DialogueError as error:
            log.warning("turn %s: %s", incoming.turn_key, error.message)
            await asyncio.to_thread(parts.inbox.fail, row.id, code=error.code)
            return self._leave(self._busy(incoming, elder, error.code), begun)
        except BaseException:
            # Cancelled or broken: let go of the line, so that the next turn need not wait for the lease.
            with suppress(Exception):
                await asyncio.shield(asyncio.to_thread(parts.inbox.fail, row.id, code="interrupted"))
            raise
        parts.failpoints.reach("after_finish")
        return result

    async def _by_ourselves(self, incoming: Incoming) -> TurnResult | None:
        """Return the answer where the dialogue is not needed, else None."""
        parts = self._parts
        text = incoming.text
        if not texts.says_something(text):
            return answer(text, [parts.phrases.say("gateway.blank")])
        if texts.is_too_long(text):
            return answer(text, [parts.phrases.say("gateway.too_long")])
        before = await self._before(incoming.elder_id)
        words: tuple[list[str], dict[str, Any]] | None
        if parts.guard.is_all_clear(text):
            words = await asyncio.to_thread(parts.desk.all_clear, incoming, now=parts.now(), before=before)
        else:
            words = parts.desk.bare_yes(text, before=before)
        return None if words is None else answer(text, words[0], **words[1])

    async def _before(self, elder_id: str) -> TurnResult | None:
        try:
            return await asyncio.to_thread(self._parts.inbox.latest, elder_id)
        except Exception:
            log.exception("the last turn could not be read")
            return None

    async def _claim(self, row: InboxRow, elder_id: str) -> bool | TurnResult:
        """Return True when the turn is ours, its answer where somebody gave it meanwhile, else False."""
        inbox = self._parts.inbox
        deadline = self._parts.monotonic() + self._parts.patience_s
        pause = FIRST_PAUSE_S
        ended = self._ended.get(elder_id)
        if ended is None:
            ended = self._ended[elder_id] = asyncio.Condition()
        while True:
            # Held from the look to the wait, so that an end in between is not missed.
            async with ended:
                if await asyncio.to_thread(inbox.claim, row.id, lease_s=LEASE_S):
                    return True
                stands = await asyncio.to_thread(inbox.get, row.id)
                if stands is not None and stands.result is not None:
                    return stands.result
                if self._parts.monotonic() + pause > deadline:
                    return False
                with suppress(TimeoutError, asyncio.TimeoutError):
                    await asyncio.wait_for(ended.wait(), pause)
            pause = min(pause * 1.6, LONGEST_PAUSE_S)

    async def _tell_ended(self, elder_id: str) -> None:
        ended = self._ended.get(elder_id)
        if ended is not None:
            async with ended:
                ended.notify_all()

    def _busy(self, incoming: Incoming, elder: ElderCard | None, code: str) -> TurnResult:
        contact = elder.contact if elder is not None else None
        say = self._parts.phrases.say
        words = say("gateway.busy_with_contact", contact=contact) if contact else say("gateway.busy")
        return answer(incoming.text, [words], error=code)

    def _leave(self, result: TurnResult, begun: float) -> TurnResult:
        result["latency_ms"] = round((self._parts.monotonic() - begun) * 1000, 1)
        return result
