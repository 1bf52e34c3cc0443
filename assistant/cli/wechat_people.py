"""The people of the WeChat simulator: what they write, and the platform that sends some of it twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from assistant.cli.played_wechat import Delivered, PlayedPlatform
from assistant.replies.phrasebook import phrases

DAYS, MEALS = ("明天", "后天", "大后天"), ("午饭", "晚饭")
CRY = "哎哟我摔倒了起不来"

TWICE_AT_ONCE, AGAIN_LATER = 0.1, 0.2
"""Share of messages that the platform sends twice at the same moment, and again when others came between."""

PATIENCE, ASKS_AGAIN_S = 20, 2.0
"""How often somebody asks whether her answer is there, and the pause between, in seconds."""


@dataclass
class Pace:
    """Lets so many messages go each second, all at its beginning: bursts."""

    a_second: int
    _left: int = 0
    _second: int = -1

    async def wait(self) -> None:
        """Wait for one's turn."""
        while True:
            now = time.monotonic()
            if int(now) != self._second:
                self._second, self._left = int(now), self.a_second
            if self._left > 0:
                self._left -= 1
                return
            await asyncio.sleep(1.0 - now % 1.0 + 0.001)


@dataclass
class Sent:
    """One message: what became of its first sending, and of its repetitions."""

    fields: dict[str, Any]
    kind: str
    first: Delivered
    repetitions: list[Delivered] = field(default_factory=list)


@dataclass
class People:
    """Writes messages and keeps what came back.

    Attributes:
        platform: sends them.
        pace: how fast.
        random: source of whims.
        code: makes a bind code for an elder.
    """

    platform: PlayedPlatform
    pace: Pace
    random: Random
    code: Callable[[str], str]
    sent: list[Sent] = field(default_factory=list)
    ordered: int = 0
    expected_alarms: dict[str, int] = field(default_factory=dict)
    bound: dict[str, str] = field(default_factory=dict)

    async def elder(self, elder_id: str, account: str, *, cries: bool) -> None:
        """Live through an elder's half hour: she binds herself, orders a meal, and some fall."""
        play = self.platform
        await self._say(play.event(account, "subscribe"), "event")
        code = await asyncio.to_thread(self.code, elder_id)
        if await self._until_said(lambda: play.text(account, code), "code") is None:
            return
        self.bound[account] = elder_id
        await self._say(play.image(account), "picture")
        day, meal = self.random.choice(DAYS), self.random.choice(MEALS)
        wish = f"我要订{day}的{meal}，套餐一份，送到家里"
        voice = self.random.random() < 0.3
        asked = await self._until_said(
            lambda: play.voice(account, wish) if voice else play.text(account, wish), "order"
        )
        for _ in range(3):
            if asked is None or not asked.rstrip().endswith("？"):
                break
            asked = await self._until_said(lambda: play.text(account, "对"), "yes")
            self.ordered += 1
        await self._until_said(lambda: play.event(account, "CLICK", "MY_REQUESTS"), "click")
        if cries:
            self.expected_alarms[elder_id] = 1
            await self._until_said(lambda: play.text(account, CRY), "cry")
        await self._later(account)

    async def stranger(self, account: str, *, cries: bool) -> None:
        """Write as somebody whom nobody knows."""
        play = self.platform
        await self._say(play.text(account, "你好，我要订饭"), "stranger")
        await self._say(play.text(account, f"{self.random.randrange(10**8):08d}"), "wrong code")
        await self._say(play.voice(account, None), "voice")
        if cries:
            self.expected_alarms[f"wechat:{account}"[:64]] = 1
            await self._until_said(lambda: play.text(account, CRY), "cry")
        await self._later(account)

    async def _until_said(self, message: Callable[[], dict[str, Any]], kind: str) -> str | None:
        """Say something, as a new message each time, until it was taken; return the answer, None without."""
        for _ in range(PATIENCE):
            said = await self._say(message(), kind)
            if said is not None and not self._busy(said):
                return said
            await asyncio.sleep(ASKS_AGAIN_S)
        return None

    async def _say(self, fields: dict[str, Any], kind: str) -> str | None:
        """Send a message; where its answer is held, ask until it is there."""
        said = await self._send(fields, kind)
        if said != phrases().say("wechat.hold"):
            return said
        for _ in range(PATIENCE):
            await asyncio.sleep(ASKS_AGAIN_S)
            said = await self._send(self.platform.text(str(fields["FromUserName"]), "好了吗"), "asks again")
            if said not in (None, phrases().say("wechat.still"), phrases().say("wechat.hold")):
                return said
        return None

    async def _send(self, fields: dict[str, Any], kind: str) -> str | None:
        await self.pace.wait()
        if self.random.random() < TWICE_AT_ONCE:
            first, second = await asyncio.gather(self.platform.send(fields), self.platform.send(fields))
            sent = Sent(fields=fields, kind=kind, first=first, repetitions=[second])
        else:
            sent = Sent(fields=fields, kind=kind, first=await self.platform.send(fields))
        self.sent.append(sent)
        return sent.first.text

    async def _later(self, account: str) -> None:
        """Have the platform send some of somebody's messages again, in another order."""
        own = [
            one for one in self.sent if one.first.account == account and self.random.random() < AGAIN_LATER
        ]
        self.random.shuffle(own)
        for one in own:
            await self.pace.wait()
            one.repetitions.append(await self.platform.send(one.fields))

    def _busy(self, said: str) -> bool:
        return said.startswith(phrases().say("gateway.busy").split("，")[0])
