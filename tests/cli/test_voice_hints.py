"""Which names the recogniser is told to expect."""

from __future__ import annotations

from typing import Any

from assistant.cli.api import ApiUnreachable
from assistant.cli.voice_hints import LiveHints

CATALOGUE = {
    "dishes": [{"name": f"菜{number}"} for number in range(30)],
    "doctors": [{"name": f"医生{number}"} for number in range(20)],
    "facilities": [{"name": "镇卫生院"}],
    "canteens": [{"name": "桥东食堂"}],
}


class Town:
    def __init__(self) -> None:
        self.answers = True

    def get(self, path: str, *, timeout_s: float | None = None) -> dict[str, Any]:
        if not self.answers:
            raise ApiUnreachable("the cable is out")
        return CATALOGUE


def test_a_short_list_has_some_of_each_and_most_of_the_menu() -> None:
    names = LiveHints(Town())()[:40]  # type: ignore[arg-type]
    assert sum(name.startswith("菜") for name in names) == 30
    assert {"医生0", "镇卫生院", "桥东食堂"} <= set(names)


def test_what_was_asked_for_comes_first() -> None:
    asked: list[str | None] = ["doctor"]
    hints = LiveHints(Town(), asked=lambda: asked[0])  # type: ignore[arg-type]
    assert hints()[:20] == tuple(f"医生{number}" for number in range(20))
    asked[0] = "dish"
    assert hints()[29] == "菜29"
    assert len(set(hints())) == len(hints()) == 52


def test_names_known_before_stay_when_the_system_does_not_answer() -> None:
    town, clock = Town(), [0.0]
    hints = LiveHints(town, now=lambda: clock[0])  # type: ignore[arg-type]
    before = hints()
    town.answers, clock[0] = False, 10_000.0
    assert hints() == before
