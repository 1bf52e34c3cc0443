"""What is answered to whom: elders talk, relatives ask, strangers learn how to bind; all reach the guard.

The order is the rule: what came before is answered as before; then the guard; then whose account it is.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assistant.gateway import text as texts
from assistant.gateway.channels.wechat import family, words
from assistant.gateway.channels.wechat.messages import CHANNEL, Received
from assistant.gateway.channels.wechat.own_turns import OwnTurns
from assistant.gateway.channels.wechat.ports import Accounts, Bound, Debt, Debts, Ears, Known, Log, News
from assistant.gateway.errors import DialogueDown
from assistant.gateway.ports import Guard, Incoming, Phrases, TurnResult
from assistant.gateway.turns import Turns

log = logging.getLogger(__name__)

LOST = timedelta(minutes=15)
"""After so long an answer that was promised and never came is said to be lost."""

TRIES, TRY_PAUSE_S = 8, 0.3
"""How often a turn is tried again that found no dialogue process, and the pause between, in seconds."""

_UNBIND = frozenset({"解除绑定", "解绑", "取消绑定"})
_OTHERS = re.compile(r"换(?:个)?人\s*(.*)")
_MENU_KEY = re.compile(r"[A-Z_]{1,30}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class WechatParts:
    """What the conversation is built of."""

    turns: Turns
    own: OwnTurns
    guard: Guard
    phrases: Phrases
    accounts: Accounts
    debts: Debts
    log: Log
    news: News
    now: Callable[[], datetime]
    ears: Ears | None = None


class Conversation:
    """Answers messages; ``None`` is an answer, too: the platform is told that nothing is to be said."""

    def __init__(self, parts: WechatParts) -> None:
        self._parts = parts

    async def answer(self, received: Received) -> str | None:
        """Answer a message, once; the same message gets the same answer."""
        known = await asyncio.to_thread(self._known, received.message_id)
        if known is not None and known.result is not None:
            return await self._told(received, known.result)
        text = received.text
        if received.kind == "event":
            if received.event == "SUBSCRIBE":
                return await self._own(received, self._say("shown.followed"), self._welcome)
            if received.event != "CLICK":
                return None
            text = self._menu(received.event_key)
        elif received.kind == "voice" and not texts.says_something(text):
            heard = await self._hear(received)
            if heard is None:
                return await self._own(received, self._say("shown.voice"), lambda _: self._say("no_voice"))
            text = heard
        elif received.kind not in ("text", "voice"):
            about = "picture" if received.kind == "image" else "other_kind"
            return await self._own(received, self._say("shown.other"), lambda _: self._say(about))
        return await self.text(received, text)

    async def text(self, received: Received, text: str) -> str | None:
        """Answer words that were written, clicked or heard."""
        parts = self._parts
        text = texts.clean(text)
        bound = await asyncio.to_thread(self._bound, received.account)
        if parts.guard.check(text) is not None:
            who = bound[0].elder_id if bound else stranger(received.account)
            return words.written(await self._turn(received, who, text))
        owed = await asyncio.to_thread(self._owed, received)
        if owed and words.is_short(text) and not parts.guard.is_all_clear(text):
            # A bare yes cannot be meant for a question that nobody has seen yet.
            return await self._own(
                received, text, lambda _: self._settle(received, owed) or self._say("still")
            )
        if owed:
            await asyncio.to_thread(self._settle, received, owed)
        code = words.code_in(text)
        if code is not None:
            return await self._own(
                received, self._say("shown.code"), lambda _: self._take_code(received.account, code)
            )
        if not bound:
            return await self._own(received, text, lambda _: self._say("unbound"))
        if text.strip("。！!") in _UNBIND:
            return await self._own(received, text, self._unbind)
        switch = _OTHERS.fullmatch(text)
        if len(bound) > 1 and switch is not None:
            number = words.number_in(switch.group(1))
            return await self._own(received, text, lambda _: self._switch(bound, number))
        if bound[0].family:
            number = words.number_in(text) if len(bound) > 1 else None
            return await self._own(received, text, lambda _: self._family(received.account, number))
        return await self._elder(received, bound[0], text)

    async def _elder(self, received: Received, elder: Bound, text: str) -> str | None:
        """Let an elder talk; a bare number is the line of that number."""
        number = words.number_in(text)
        if number is not None:
            text = await asyncio.to_thread(self._chosen, elder.elder_id, number, text)
        return await self._told(received, await self._turn(received, elder.elder_id, text))

    async def _turn(self, received: Received, elder_id: str, text: str) -> TurnResult:
        known = await asyncio.to_thread(self._known, received.message_id)
        if known is not None:
            if known.result is not None:
                return known.result
            elder_id, text = known.elder_id, known.text  # as it was taken in the first time
        incoming = Incoming(elder_id=elder_id, channel=CHANNEL, message_id=received.message_id, text=text)
        result = await self._parts.turns.take(incoming)
        for _ in range(TRIES):
            if result.get("error") != DialogueDown.code:
                break
            # A dialogue that is just being started or changed over: the platform's patience is longer.
            await asyncio.sleep(TRY_PAUSE_S)
            result = await self._parts.turns.take(incoming)
        return result

    async def _told(self, received: Received, result: TurnResult) -> str:
        """Return an answer together with those that were told with it."""
        before = await asyncio.to_thread(self._parts.debts.told_with, received.message_id)
        answers = [await asyncio.to_thread(self.answered, debt) for debt in before]
        said = words.written(result)
        kept = [one for one in answers if one and one not in said]
        return words.within_limit("\n\n".join([*kept, said]))

    async def _own(self, received: Received, shown: str, say: Callable[[str], str]) -> str:
        """Answer by ourselves, through the inbox."""
        account = received.account
        incoming = Incoming(
            elder_id=stranger(account), channel=CHANNEL, message_id=received.message_id, text=shown
        )
        result = await self._parts.own.take(incoming, lambda: say(account))
        if result is None:
            return self._parts.phrases.say("gateway.busy")
        return await self._told(received, result)

    async def _hear(self, received: Received) -> str | None:
        if self._parts.ears is None or not received.media_id:
            return None
        return await self._parts.ears.hear(received.media_id)

    def answered(self, debt: Debt) -> str | None:
        """Return the answer that was owed; None while there is none. Blocks on the database."""
        known = self._known(debt.message_id)
        if known is not None and known.result is not None:
            return words.written(known.result)
        if debt.owed_since is not None and self._parts.now() - debt.owed_since > LOST:
            return self._say("lost")
        return None

    def _owed(self, received: Received) -> Sequence[Debt]:
        """Return what is owed to who sent a message; nothing where that cannot be looked up."""
        try:
            found = self._parts.debts.of(received.account)
        except Exception:
            log.exception("what is owed cannot be looked up")
            return ()
        return [debt for debt in found if debt.message_id != received.message_id]

    def _settle(self, received: Received, owed: Sequence[Debt]) -> str:
        """Tell, with a message, what is owed and ready; return it."""
        ready = [(debt, said) for debt in owed if (said := self.answered(debt))]
        told = self._parts.debts.tell([debt for debt, _ in ready], message_id=received.message_id)
        return "\n\n".join(said for debt, said in ready if debt in told)

    def _chosen(self, elder_id: str, number: int, text: str) -> str:
        """Return what a number stands for: the line of that number in what was last asked here."""
        latest = self._parts.log.latest(elder_id)
        if latest is None or latest[0] != CHANNEL:
            return text
        labels = words.choices_of(latest[1])
        return labels[number - 1] if number <= len(labels) else text

    def _known(self, message_id: str) -> Known | None:
        try:
            return self._parts.log.known(message_id)
        except Exception:
            log.exception("a message cannot be looked up")  # the guard must hear it all the same
            return None

    def _bound(self, account: str) -> Sequence[Bound]:
        try:
            return self._parts.accounts.of(account)
        except Exception:
            log.exception("who stands behind an account cannot be looked up")
            return ()

    def _welcome(self, account: str) -> str:
        bound = self._bound(account)
        if not bound:
            return self._say("welcome")
        return self._say("welcome_family" if bound[0].family else "welcome_back", called=bound[0].called)

    def _take_code(self, account: str, code: str) -> str:
        taken = self._parts.accounts.take_code(account, code)
        if isinstance(taken, str):
            return self._say(taken)
        return self._say("bound_family" if taken.family else "bound", called=taken.called)

    def _unbind(self, account: str) -> str:
        bound = self._bound(account)
        if not bound:
            return self._say("unbound")
        self._parts.accounts.end(bound[0].binding_id, account=account)
        return self._say("ended", called=bound[0].called)

    def _switch(self, bound: Sequence[Bound], number: int | None) -> str:
        listed = family.in_order(bound)
        if number is None or number > len(listed):
            return family.others(bound, phrases=self._parts.phrases)
        self._parts.accounts.choose(listed[number - 1].binding_id)
        return self._say("switched", called=listed[number - 1].called)

    def _family(self, account: str, number: int | None) -> str:
        bound = self._bound(account)
        listed = family.in_order(bound)
        if number is not None and number <= len(listed):
            self._parts.accounts.choose(listed[number - 1].binding_id)
            bound = self._bound(account)
        if not bound:
            return self._say("unbound")
        return family.told(bound, news=self._parts.news, phrases=self._parts.phrases)

    def _menu(self, key: str) -> str:
        """Return the words that a click stands for; of a key that we do not know, the question for help."""
        name = key.lower() if _MENU_KEY.fullmatch(key) else "help"
        try:
            return self._say(f"menu.{name}")
        except KeyError:
            return self._say("menu.help")

    def _say(self, key: str, **values: Any) -> str:
        return self._parts.phrases.say(f"wechat.{key}", **values)


def stranger(account: str) -> str:
    """Return under which id the book keeps what an account says that stands for nobody."""
    return f"{CHANNEL}:{account}"[:64]
