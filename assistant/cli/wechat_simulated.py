"""A simulated run of WeChat: bursts, re-sends, kills and slow answers, and the count of what came of it."""

from __future__ import annotations

import asyncio
import base64
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from statistics import median
from typing import Any, Protocol

from assistant.cli.api import Api, ApiUnreachable, quoted
from assistant.cli.lines import tell
from assistant.cli.played_wechat import WAIT_S, Delivered, PlayedPlatform
from assistant.cli.wechat_people import Pace, People
from assistant.gateway.channels.wechat.account import WechatAccount, aes_key_from
from assistant.replies.phrasebook import phrases

AT_ONCE = 40
"""How many people write at the same time."""

SLOW_S = 6.0
"""How long the dialogue stands still to make answers slow, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be simulated: half of it encrypted, half plain."""

    messages: int
    a_second: int = 20
    kills: int = 3
    slow: int = 1
    seed: int = 1
    skip: int = 0
    """How many elders are left alone, from the beginning of the book."""


def made_up_account(*, encrypted: bool) -> dict[str, str]:
    """Return the environment of an official account that exists nowhere."""
    key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=") if encrypted else ""
    return {
        "KANGBAN_WECHAT_TOKEN": secrets.token_hex(12),
        "KANGBAN_WECHAT_APP_ID": f"wx{secrets.token_hex(8)}",
        "KANGBAN_WECHAT_AES_KEY": key,
    }


def account_from(environment: dict[str, str]) -> WechatAccount:
    """Return the account of an environment."""
    key = environment["KANGBAN_WECHAT_AES_KEY"]
    return WechatAccount(
        token=environment["KANGBAN_WECHAT_TOKEN"],
        app_id=environment["KANGBAN_WECHAT_APP_ID"],
        aes_key=aes_key_from(key) if key else None,
    )


class SystemsClock:
    """Seconds since 1970 by the clock of a running system, which may be set to another day."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._ahead = 0.0
        self.look()

    def look(self) -> None:
        """Read the system's clock again: it was started anew."""
        now = datetime.fromisoformat(str(self._api.get("/health")["now"])).timestamp()
        self._ahead = now - time.time()

    def __call__(self) -> float:
        """Return the seconds."""
        return time.time() + self._ahead


class KillableTown(Protocol):
    """A town whose app can be killed beside a dialogue that lives on."""

    @property
    def api(self) -> Api:
        """The app's interface."""

    def start(self, account: Mapping[str, str]) -> None:
        """Start the app with an official account; return when it and the dialogue answer."""

    def launch(self, account: Mapping[str, str]) -> None:
        """Start the app with an official account, and do not wait for it."""

    def answers(self) -> bool:
        """Tell whether the app that was started last answers."""

    def kill(self) -> None:
        """Kill the app with all that it has in hand."""

    def hold_dialogue(self) -> None:
        """Let the dialogue stand still."""

    def let_dialogue_go(self) -> None:
        """Let the dialogue go on."""

    def stop_app(self) -> None:
        """End the app kindly."""


def simulate(town: KillableTown, plan: Plan) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Run both halves against a town; return the figures and the raw samples."""
    whole: list[dict[str, Any]] = []
    samples: list[dict[str, Any]] = []
    for half, encrypted in enumerate((True, False)):
        environment = made_up_account(encrypted=encrypted)
        town.stop_app()
        town.start(environment)
        run = _Half(town, plan, half, environment)
        figures, of_half = asyncio.run(run.live())
        whole.append(figures)
        samples += [{"mode": "encrypted" if encrypted else "plain", **one} for one in of_half]
    return _together(whole, samples), samples


def _together(halves: list[dict[str, Any]], samples: list[dict[str, Any]]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        name: sum(half[name] for half in halves) for name in halves[0] if name not in ("wrong",)
    }
    took = sorted(sample["took_s"] for sample in samples if sample["answered"])
    figures |= {
        "median_s": round(median(took), 3),
        "p95_s": round(took[int(len(took) * 0.95)], 3),
        "slowest_s": round(took[-1], 3),
        "wrong": [line for half in halves for line in half["wrong"]],
    }
    return figures


class _Half:
    """Half a run, in one mode."""

    def __init__(self, town: KillableTown, plan: Plan, half: int, environment: dict[str, str]) -> None:
        self._town = town
        self._plan = plan
        self._half = half
        self._environment = environment
        self._api = town.api
        self._clock = SystemsClock(self._api)
        self._random = Random(plan.seed * 100 + half)  # noqa: S311 - whims, no secrets
        self._platform = PlayedPlatform(
            account=account_from(environment), url=self._api.url, now=self._clock, random=self._random
        )
        self._people = People(
            platform=self._platform, pace=Pace(plan.a_second), random=self._random, code=self._code
        )
        self._down: list[tuple[float, float]] = []

    async def live(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        wanted = self._plan.messages // 2
        everybody = [
            str(one["id"]) for one in self._api.get(f"/elders?limit=200&offset={self._plan.skip}")["elders"]
        ]
        elders = iter(everybody[self._half :: 2])
        begun = time.monotonic()
        trouble = asyncio.create_task(self._trouble(wanted))
        writing: set[asyncio.Task[None]] = set()
        number = 0
        while len(self._people.sent) + 3 * len(writing) < wanted:
            number += 1
            account = f"oSim{self._plan.seed}{self._half}_{number:05d}_openid"
            elder_id = next(elders, None) if number % 5 else None
            cries = self._random.random() < 0.25
            life = (
                self._people.elder(elder_id, account, cries=cries)
                if elder_id is not None
                else self._people.stranger(account, cries=cries)
            )
            writing.add(asyncio.create_task(life))
            if len(writing) >= AT_ONCE:
                _, writing = await asyncio.wait(writing, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*writing)
        await trouble
        seconds = time.monotonic() - begun
        await self._platform.close()
        return self._figures(seconds), self._samples()

    async def _trouble(self, wanted: int) -> None:
        """Kill the app and hold the dialogue, here and there in the run."""
        kills = (self._plan.kills + 1 - self._half) // 2
        slow = (self._plan.slow + self._half) // 2
        events = ["kill"] * kills + ["slow"] * slow
        for number, what in enumerate(events, start=1):
            while len(self._people.sent) < wanted * number / (len(events) + 1):
                await asyncio.sleep(0.05)
            if what == "slow":
                tell("对话停一会儿 (the dialogue stands still) …")
                self._town.hold_dialogue()
                await asyncio.sleep(SLOW_S)
                self._town.let_dialogue_go()
                continue
            tell("杀掉应用再启动 (the app is killed and started again) …")
            begun = time.monotonic()
            self._town.kill()
            await self._start_again()
            self._down.append((begun, time.monotonic()))

    async def _start_again(self) -> None:
        self._town.launch(self._environment)
        while not await asyncio.to_thread(self._town.answers):
            await asyncio.sleep(0.05)
        await asyncio.to_thread(self._clock.look)

    def _while_down(self, sent: Delivered) -> bool:
        """Tell whether every call of a message fell into a time in which no app ran."""
        return all(any(down - WAIT_S < begun < up for down, up in self._down) for begun in sent.begun)

    def _code(self, elder_id: str) -> str:
        body = {"elder_id": elder_id, "consent": phrases().say("wechat.simulated_consent")}
        for _ in range(60):
            try:
                return str(self._api.post("/bind-codes", body)["code"])
            except ApiUnreachable:
                time.sleep(0.5)  # the app is being started again
        raise ApiUnreachable("no code could be had")

    def _samples(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": one.kind,
                "message_id": delivered.message_id,
                "repetition": number,
                "calls": delivered.calls,
                "statuses": list(delivered.statuses),
                "answered": delivered.text is not None,
                "took_s": round(delivered.took_s, 4),
            }
            for one in self._people.sent
            for number, delivered in enumerate([one.first, *one.repetitions])
        ]

    def _figures(self, seconds: float) -> dict[str, Any]:
        people = self._people
        everything = [one for sent in people.sent for one in (sent.first, *sent.repetitions)]
        held = phrases().say("wechat.hold")
        given_up = {one.message_id for one in everything if one.text is None and self._while_down(one)}
        wrong = _wrong(self._api, people, given_up)
        return {
            "messages": len(people.sent),
            "repetitions": sum(len(one.repetitions) for one in people.sent),
            "calls": sum(one.calls for one in everything),
            "kills": len(self._down),
            "down_s": round(sum(end - begun for begun, end in self._down), 1),
            "seconds": round(seconds, 1),
            "answered": sum(one.text is not None for one in everything),
            "given_up_while_down": sum(one.text is None and self._while_down(one) for one in everything),
            "unanswered": sum(one.text is None and not self._while_down(one) for one in everything),
            "over_5_s": sum(one.took_s > WAIT_S for one in everything if one.text is not None),
            "held": sum(one.text == held for one in everything),
            "ordered": people.ordered,
            "meals": sum(len(_meals(self._api, elder_id)) for elder_id in people.bound.values()),
            "alarms": sum(people.expected_alarms.values()),
            "bound": len(people.bound),
            "wrong": wrong,
        }


def _wrong(api: Api, people: People, given_up: set[str]) -> list[str]:
    """Return what was not acted on exactly once, or answered otherwise the second time; a line each."""
    wrong: list[str] = []
    held, still = phrases().say("wechat.hold"), phrases().say("wechat.still")
    for sent in people.sent:
        answers = {one.text for one in (sent.first, *sent.repetitions)} - {None, held, still}
        busy = phrases().say("gateway.busy")[:6]
        answers = {one for one in answers if one is not None and not one.startswith(busy)}
        if len(answers) > 1:
            wrong.append(f"{sent.kind} {sent.first.message_id}: answered in {len(answers)} ways")
        if sent.first.text is None and sent.first.message_id not in given_up:
            wrong.append(f"{sent.kind} {sent.first.message_id}: not answered {sent.first.statuses}")
    whose: dict[str, set[str]] = {}
    for sent in people.sent:
        account = sent.first.account
        ids = whose.setdefault(f"wechat:{account}"[:64], set())
        if sent.fields["MsgType"] != "event":
            ids.add(sent.first.message_id)
    rows: Counter[str] = Counter()
    meals: dict[str, list[str]] = {}
    for elder_id in [*whose, *people.bound.values()]:
        for turn in _turns(api, elder_id):
            if turn["channel"] != "wechat":
                continue
            rows[turn["message_id"]] += turn["state"] == "done"
            committed = (turn["result"] or {}).get("committed") or []
            meals.setdefault(elder_id, []).extend(one["id"] for one in committed if one["kind"] == "meal")
    busy_ids = {
        one.first.message_id
        for one in people.sent
        if (one.first.text or "").startswith(phrases().say("gateway.busy")[:6])
    }
    for ids in whose.values():
        for message_id in ids - busy_ids:
            if rows[message_id] > 1 or (rows[message_id] < 1 and message_id not in given_up):
                wrong.append(f"{message_id}: {rows[message_id]} turns")
    for elder_id in people.bound.values():
        booked = _meals(api, elder_id)
        told = meals.get(elder_id, [])
        # 订好了 was said of just what is in the book, and nobody who asked for one meal has two.
        if sorted(told) != sorted(booked) or len(booked) > 1:
            wrong.append(f"{elder_id}: {len(booked)} meals in the book, {len(told)} said to be booked")
    cries: dict[str, set[str]] = {}
    for sent in people.sent:
        if sent.kind == "cry":
            cries.setdefault(sent.first.account, set()).add(f"wechat:{sent.first.message_id}")
    for who in people.expected_alarms:
        account = next(
            (one for one, elder_id in people.bound.items() if elder_id == who), who.partition(":")[2]
        )
        raised = [
            one for one in api.get(f"/alarms?elder_id={quoted(who)}")["alarms"] if one["channel"] == "wechat"
        ]
        keys = [one["turn_key"] for one in raised]
        # An elder's cries join one alarm; of strangers nobody can say whether it is the same one.
        most = len(cries[account]) if who.startswith("wechat:") else 1
        if not 1 <= len(keys) <= most or len(set(keys)) != len(keys) or not set(keys) <= cries[account]:
            wrong.append(f"{who}: {len(keys)} alarms of {len(cries[account])} cries")
    for account, elder_id in people.bound.items():
        live = api.get(f"/bindings?channel=wechat&account={quoted(account)}&live=true")["bindings"]
        if [one["elder_id"] for one in live] != [elder_id]:
            wrong.append(f"{account}: bound {len(live)} times")
    return wrong


def _meals(api: Api, elder_id: str) -> list[str]:
    found = api.get(f"/requests?elder_id={quoted(elder_id)}&kind=meal&limit=200")["requests"]
    return [str(one["id"]) for one in found if one["turn_key"].startswith("wechat:")]


def _turns(api: Api, elder_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    before = ""
    while True:
        page = api.get(f"/turns?elder_id={quoted(elder_id)}&limit=500{before}")
        found += page["turns"]
        if page["next"] is None:
            return found
        before = f"&before={page['next']}"
