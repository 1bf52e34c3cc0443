"""The whole system for real, once for all tests: `kangban up --demo` with its own dialogue process."""

from __future__ import annotations

import itertools
import socket
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from assistant.cli.api import dialogue_is_ready
from tests.cli.kangban_process import ROOT, Town, environment_for

READY_S = 600.0
"""The first start may train the model, on a machine with other work."""

WECHAT = {
    "KANGBAN_WECHAT_TOKEN": "tokenofthetests",
    "KANGBAN_WECHAT_APP_ID": "wx0123456789abcdef",
    "KANGBAN_WECHAT_AES_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}
"""An official account that exists nowhere; its platform is played."""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("system"), WECHAT)
    try:
        yield running.start(timeout_s=READY_S)
    finally:
        running.stop()


def wait_until(holds: Callable[[], bool], limit_s: float) -> None:
    """Wait until something holds, or fail after ``limit_s`` seconds."""
    until = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < until, f"did not come true within {limit_s} s"
        time.sleep(0.2)


class Talk:
    """One elder's conversation, each line with an id of its own."""

    def __init__(self, town: Town, elder_id: str) -> None:
        self.town = town
        self.elder_id = elder_id

    def say(self, text: str, *, message_id: str | None = None) -> dict[str, object]:
        return self.town.say(text, message_id=message_id or f"talk-{next(_numbers)}", elder_id=self.elder_id)

    def meals(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.town.get(f"/requests?elder_id={self.elder_id}&kind=meal")[
            "requests"
        ]
        return found


@pytest.fixture
def talk(town: Town) -> Talk:
    """An elder of the demo town whom no other test talks as."""
    return Talk(town, f"E{100 + next(_numbers):04d}")


def order_up_to_the_yes(talk: Talk) -> dict[str, object]:
    """Order tomorrow's set lunch, up to the read-back that waits for a yes."""
    answered = talk.say("我要订明天中午的饭，套餐一份，送到家里")
    if "当心" in str(answered["replies"]):  # her diet: she wants it all the same
        answered = talk.say("就要套餐")
    assert not answered["committed"], answered
    assert "？" in str(answered["replies"][-1]), answered  # type: ignore[index]
    return answered


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def town_beside_its_dialogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An app that can be killed and started again while one dialogue process lives on beside it."""
    home = tmp_path_factory.mktemp("kills")
    dialogue_url = f"http://127.0.0.1:{_free_port()}"
    town = Town(home, {"KANGBAN_DIALOGUE_URL": dialogue_url}, port=_free_port())
    town.start(ready=False, timeout_s=READY_S)
    environment = environment_for(
        home,
        KANGBAN_SECRET_FILE=str(home / "secrets" / "service"),
        KANGBAN_BACKEND_URL=f"http://127.0.0.1:{town.port}",
    )
    with (home / "dialogue.out").open("ab") as out:
        dialogue = subprocess.Popen(
            [
                str(ROOT / ".venv-dialogue" / "bin" / "python"),
                "-m",
                "assistant.dialogue.serve",
                "--port",
                dialogue_url.rpartition(":")[2],
            ],
            cwd=ROOT,
            env={name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        secret = (home / "secrets" / "service").read_text().strip()
        wait_until(lambda: dialogue_is_ready(dialogue_url, secret), READY_S)
        town.dialogue = dialogue
        yield town
    finally:
        town.stop()
        dialogue.terminate()
        dialogue.wait(30)
