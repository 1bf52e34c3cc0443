"""One turn from message to reply: deduplicated, guarded, serialised per elder, and safe to run again.

The order is the rule: the inbox row first, then the emergency guard, and only then the dialogue. Nothing that
fails further down can keep an alarm from being committed, and whatever was answered once is answered again
word for word.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from weakref import WeakValueDictionary

from assistant.gateway import text as texts
from assistant.gateway.alarm_turns import AlarmTurns
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
    Promised,
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
    promised: Promised | None = None
    bind_wishes: Promised | None = None
    failpoints: FailPoints = field(default_factory=FailPoints)
    monotonic: Callable[[], float] = time.monotonic
    patience_s: float = PATIENCE_S


class Turns:
    """Takes messages and answers them."""

    def __init__(self, parts: TurnParts) -> None:
        self._parts = parts
        # The inbox decides whose turn it is; within this process, who waits is told when a turn has ended.
        self._ended: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        self._alarms = AlarmTurns(
            inbox=parts.inbox, desk=parts.desk, now=parts.now, failpoints=parts.failpoints, lease_s=LEASE_S
        )
        self._later: set[asyncio.Task[TurnResult] | asyncio.Task[None]] = set()

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
        # A turn runs to its end though its caller goes away: broken off between taking a turn in hand and
        # running it, it would keep the elder waiting until the lease is over. Its answer is stored for a
        # re-sending.
        turn = asyncio.create_task(self._kindly(incoming, begun))
        self._later.add(turn)
        turn.add_done_callback(self._later.discard)
        return await asyncio.shield(turn)

    async def _kindly(self, incoming: Incoming, begun: float) -> TurnResult:
        try:
            return await self._ordinary(incoming, begun)
        except GatewayError:
            raise
        except Exception:
            # An elder is never left with a stack trace; the log has it, and the message can be sent again.
            log.exception("turn %s failed", incoming.turn_key)
            return self._leave(self._busy(incoming, None, "unavailable"), begun)

    async def _emergency(self, incoming: Incoming, finding: EmergencyFinding, begun: float) -> TurnResult:
        def leave(result: TurnResult) -> TurnResult:
            return self._leave(result, begun)

        answered, unfinished = await asyncio.to_thread(self._alarms.take, incoming, finding, leave=leave)
        if unfinished is None:
            self._tell_ended(incoming.elder_id)
        else:
            later = asyncio.create_task(self._finish_when_free(unfinished, incoming.elder_id, answered))
            self._later.add(later)
            later.add_done_callback(self._later.discard)
        return answered

    async def _finish_when_free(self, row: InboxRow, elder_id: str, result: TurnResult) -> None:
        try:
            if await self._claim(row, elder_id) is True:
                await asyncio.to_thread(self._parts.inbox.finish, row.id, result)
                self._tell_ended(elder_id)
        except Exception:
            log.exception("the answer of an emergency turn could not be stored")

    async def _ordinary(self, incoming: Incoming, begun: float) -> TurnResult:
        elder, row, claimed = await asyncio.to_thread(self._open, incoming)
        if row.result is not None:
            return row.result
        waited = claimed or await self._claim(row, incoming.elder_id)
        if isinstance(waited, dict):
            return waited
        if not waited:
            return self._leave(self._busy(incoming, elder, "previous_turn_running"), begun)
        try:
            return await self._run(incoming, row, elder, begun)
        finally:
            self._tell_ended(incoming.elder_id)

    def _open(self, incoming: Incoming) -> tuple[ElderCard, InboxRow, bool]:
        """Take the message in, and in hand if its turn has come; all in one visit to a thread."""
        parts = self._parts
        elder = parts.elders.find(incoming.elder_id)
        if elder is None:
            raise UnknownElder("nobody with that elder_id is registered")
        row = parts.inbox.receive(incoming)
        if not row.same_message:
            raise MessageReused("that message_id was already used for another message")
        if row.result is not None:
            return elder, row, False
        parts.failpoints.reach("after_receive")
        return elder, row, parts.inbox.claim(row.id, lease_s=LEASE_S)

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
        if parts.guard.is_all_clear(text):
            said = await asyncio.to_thread(self._all_clear, incoming)
            if said is not None:
                return said
        if parts.desk.is_bare_yes(text):
            said = await asyncio.to_thread(self._bare_yes, incoming)
            if said is not None:
                return said
        if parts.desk.is_heard(text):
            said = await asyncio.to_thread(self._heard, incoming)
            if said is not None:
                return said
        if parts.promised is not None:
            replies = await asyncio.to_thread(parts.promised.answer, incoming)
            if replies is not None:
                return answer(text, replies)
        if parts.bind_wishes is not None:
            replies = await asyncio.to_thread(parts.bind_wishes.answer, incoming)
            if replies is not None:
                return answer(text, replies)
        return None

    def _all_clear(self, incoming: Incoming) -> TurnResult | None:
        parts = self._parts
        before = parts.inbox.latest(incoming.elder_id)
        said = parts.desk.all_clear(incoming, now=parts.now(), before=before)
        return None if said is None else answer(incoming.text, said[0], **said[1])

    def _bare_yes(self, incoming: Incoming) -> TurnResult | None:
        said = self._parts.desk.bare_yes(before=self._parts.inbox.latest(incoming.elder_id))
        return None if said is None else answer(incoming.text, said[0], **said[1])

    def _heard(self, incoming: Incoming) -> TurnResult | None:
        said = self._parts.desk.heard(before=self._parts.inbox.latest(incoming.elder_id))
        return None if said is None else answer(incoming.text, said[0], **said[1])

    async def _claim(self, row: InboxRow, elder_id: str) -> bool | TurnResult:
        """Return True when the turn is ours, its answer where somebody gave it meanwhile, else False."""
        inbox = self._parts.inbox
        deadline = self._parts.monotonic() + self._parts.patience_s
        pause = FIRST_PAUSE_S
        while True:
            # Taken before the look, so that an end in between is not missed. No lock: a turn broken off while
            # it waits for one can leave it shut, and the elder unanswered.
            ended = self._ended.get(elder_id)
            if ended is None:
                ended = self._ended[elder_id] = asyncio.Event()
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

    def _tell_ended(self, elder_id: str) -> None:
        ended = self._ended.pop(elder_id, None)
        if ended is not None:
            ended.set()

    def _busy(self, incoming: Incoming, elder: ElderCard | None, code: str) -> TurnResult:
        contact = elder.contact if elder is not None else None
        say = self._parts.phrases.say
        words = say("gateway.busy_with_contact", contact=contact) if contact else say("gateway.busy")
        return answer(incoming.text, [words], error=code)

    def _leave(self, result: TurnResult, begun: float) -> TurnResult:
        result["latency_ms"] = round((self._parts.monotonic() - begun) * 1000, 1)
        return result
