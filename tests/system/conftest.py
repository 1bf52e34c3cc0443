"""The whole system for real, once for all tests: `kangban up --demo` with its own dialogue process."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator

import pytest

from tests.cli.kangban_process import Town

READY_S = 600.0
"""The first start may train the model, on a machine with other work."""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("system"))
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
    assert not answered["committed"], answered
    assert "？" in str(answered["replies"][-1]), answered  # type: ignore[index]
    return answered
