"""WeChat through the real processes: a lunch is ordered; a run with re-sends, a kill and slow answers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping

import pytest

from assistant.cli.api import Api, ApiProblem, ApiUnreachable
from assistant.cli.wechat_simulated import Plan, simulate
from tests.cli.kangban_process import ROOT, Town, environment_for, kangban, objects
from tests.system.conftest import WECHAT, wait_until

pytestmark = pytest.mark.system


def test_an_elder_orders_lunch_in_the_simulator(town: Town) -> None:
    lines = "我要订明天中午的饭，套餐一份，送到家里\n/重发\n对\n/重发\n/图片\n"
    done = kangban(town.home, "wechat", "simulate", "--elder", "E0045", "--json", lines=lines, **WECHAT)
    followed, bound, asked, asked_again, booked, booked_again, picture = objects(done)
    assert followed["kind"] == "event"
    assert "我认识您了" in bound["answer"]
    assert asked["answer"].endswith("？")
    assert "订好了" in booked["answer"]
    assert (asked_again["answer"], booked_again["answer"]) == (asked["answer"], booked["answer"])
    assert "图片" in picture["answer"]
    assert all(one["took_s"] < 5 for one in objects(done))
    [meal] = town.get("/requests?elder_id=E0045&kind=meal")["requests"]
    assert meal["state"] == "accepted"
    assert str(meal["start"]).startswith("2026-05-12T")
    assert meal["turn_key"] == f"wechat:{booked['message_id']}"


def test_a_relative_sees_the_lunch_in_the_simulator(town: Town) -> None:
    said = "我要订今天的晚饭，套餐一份，送到家里\n对\n"
    objects(kangban(town.home, "wechat", "simulate", "--elder", "E0046", "--json", lines=said, **WECHAT))
    arguments = ("wechat", "simulate", "--elder", "E0046", "--family", "--json")
    told = objects(kangban(town.home, *arguments, lines="妈妈吃了吗\n", **WECHAT))[-1]
    assert "晚饭" in told["answer"]


class KillableTown:
    """The town of the kill tests, as the simulator wants it."""

    def __init__(self, town: Town) -> None:
        self._town = town

    @property
    def api(self) -> Api:
        token = (self._town.home / "secrets" / "service").read_text().strip()
        return Api(url=f"http://127.0.0.1:{self._town.port}", token=token)

    def start(self, account: Mapping[str, str]) -> None:
        self._town.start(**account)
        wait_until(lambda: bool(self.api.get("/health").get("dialogue")), 60)

    def launch(self, account: Mapping[str, str]) -> None:
        with (self._town.home / "up.err").open("ab") as errors:
            self._town.process = subprocess.Popen(
                [sys.executable, "-m", "assistant.cli", "up", "--demo", "--port", str(self._town.port)],
                cwd=ROOT,
                env=environment_for(self._town.home, **self._town.environment, **account),
                stdout=errors,
                stderr=errors,
            )

    def answers(self) -> bool:
        try:
            return bool(self.api.get("/health", timeout_s=2.0))
        except (ApiProblem, ApiUnreachable):
            return False

    def kill(self) -> None:
        self._town.stop(signal.SIGKILL)

    def hold_dialogue(self) -> None:
        assert self._town.dialogue is not None
        os.kill(self._town.dialogue.pid, signal.SIGSTOP)

    def let_dialogue_go(self) -> None:
        assert self._town.dialogue is not None
        os.kill(self._town.dialogue.pid, signal.SIGCONT)

    def stop_app(self) -> None:
        self._town.stop()


def test_sixty_messages_with_a_kill_and_slow_answers_are_acted_on_once(
    town_beside_its_dialogue: Town,
) -> None:
    town = KillableTown(town_beside_its_dialogue)
    figures, _ = simulate(town, Plan(messages=60, kills=1, slow=1, skip=60))
    assert figures["wrong"] == []
    assert (figures["unanswered"], figures["over_5_s"]) == (0, 0)
    assert figures["kills"] == 1
    assert figures["held"] > 0
    assert figures["messages"] >= 50
    assert figures["meals"] >= 1
