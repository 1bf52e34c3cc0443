"""The chat page's door and rights on the real app, without a browser: who is let in, and to what."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.cli.settings import settings_from
from assistant.cli.warm_engines import WarmEngines
from assistant.cli.wiring import build_system
from assistant.gateway.channels.chat_page import quick
from assistant.gateway.channels.chat_page.limits import Rate
from assistant.replies.phrasebook import phrases
from backend.clock import FrozenClock
from tests.cli.test_voice_socket import FakeEngines
from tests.gateway.conftest import NOON, SECRET, StandIn, _stand_in, dialogue, town_file

__all__ = ["_stand_in", "dialogue", "town_file"]


@dataclass
class Browser:
    """A bound browser with the mark of its page."""

    client: TestClient
    csrf: str

    def post(self, path: str, body: object, **headers: str) -> int:
        marked = {"X-CSRF-Token": self.csrf, **headers}
        return self.client.post(path, json=body, headers=marked).status_code


@dataclass
class Town:
    api: TestClient
    down: bool = False

    def code(self, elder_id: str = "E1", **more: object) -> str:
        body = {"elder_id": elder_id, "consent": "她说好的", **more}
        return str(self.api.post("/api/v1/bind-codes", json=body).json()["code"])

    def browser(self, elder_id: str = "E1") -> Browser:
        client = TestClient(self.api.app)
        entered = client.post("/chat/enter", data={"code": self.code(elder_id)}, follow_redirects=False)
        assert (entered.status_code, entered.headers["location"]) == (303, "/chat")
        found = re.search(r'data-csrf="(\w+)"', client.get("/chat").text)
        assert found
        return Browser(client, found[1])


@pytest.fixture
def town(tmp_path: Path, town_file: Path, dialogue: StandIn) -> Iterator[Town]:
    shutil.copy(town_file, tmp_path / "kangban.db")
    system = build_system(
        settings_from({"KANGBAN_HOME": str(tmp_path)}),
        clock=FrozenClock(NOON),
        secret=SECRET,
        dialogue_address=lambda: None if made.down else dialogue.url,
    )
    with TestClient(system.app, headers={"Authorization": f"Bearer {SECRET}"}) as api:
        made = Town(api)
        yield made


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(town: Town) -> None:
    client = TestClient(town.api.app)
    entered = client.post("/chat/enter", data={"code": town.code()}, follow_redirects=False)
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    page = client.get("/chat")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert client.cookies["kangban_device"] not in page.text


def test_a_link_is_not_used_up_by_who_only_looks_at_it(town: Town) -> None:
    code = town.code()
    for _ in range(3):
        assert code in TestClient(town.api.app).get(f"/chat/enter?code={code}").text
    entered = TestClient(town.api.app).post("/chat/enter", data={"code": code}, follow_redirects=False)
    assert entered.status_code == 303


def test_guessing_codes_ends(town: Town) -> None:
    statuses = [
        TestClient(town.api.app).post("/chat/enter", data={"code": f"{number:08d}"}).status_code
        for number in range(21)
    ]
    assert set(statuses[:20]) == {422}
    assert statuses[20] == 429


def test_who_is_not_bound_gets_nothing(town: Town) -> None:
    client = TestClient(town.api.app, cookies={"kangban_device": "nobody"})
    for path in ("/chat/history", "/chat/live", "/chat/aloud?key=said:1"):
        assert client.get(path).status_code == 401
    assert client.post("/chat/turns", json={"message_id": "12345678", "text": "我要订饭"}).status_code == 401
    assert client.get("/family", follow_redirects=False).headers["location"] == "/chat/enter"


def test_another_site_cannot_speak_for_her(town: Town) -> None:
    browser = town.browser()
    body = {"message_id": "abcdefgh", "text": "我要订饭"}
    assert browser.client.post("/chat/turns", json=body).status_code == 403
    assert browser.post("/chat/turns", body, **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert browser.post("/chat/help", {"message_id": "abcdefgh"}, **{"X-CSRF-Token": "0" * 64}) == 403
    assert town.api.get("/api/v1/turns?elder_id=E1").json()["turns"] == []
    assert browser.post("/chat/turns", body) == 200


@pytest.mark.parametrize("body", [{}, {"message_id": "a b", "text": "x"}, {"message_id": "abcdefgh"}, []])
def test_what_no_page_of_ours_sends_is_refused(town: Town, body: object) -> None:
    assert town.browser().post("/chat/turns", body) == 422


def test_nobody_hears_what_was_said_to_another(town: Town) -> None:
    town.browser("E1").post("/chat/turns", {"message_id": "abcdefgh", "text": "我要订饭"})
    other = town.browser("E2")
    assert other.client.get("/chat/aloud?key=turn:chat:abcdefgh").status_code == 404
    assert other.client.get("/chat/history").json()["entries"] == []
    assert other.post("/chat/live/1/heard", {}) == 404


def test_help_is_called_while_the_dialogue_is_down(town: Town) -> None:
    browser = town.browser()
    town.down = True
    assert browser.post("/chat/help", {"message_id": "abcdefgh"}) == 200
    assert browser.post("/chat/help", {"message_id": "abcdefgh"}) == 200
    [alarm] = town.api.get("/api/v1/alarms?elder_id=E1").json()["alarms"]
    assert (alarm["category"], alarm["channel"]) == ("help", "chat")


def test_too_many_messages_are_held_back_but_never_the_call_for_help(town: Town) -> None:
    browser = town.browser()
    statuses = (
        browser.post("/chat/turns", {"message_id": f"message-{number}", "text": ""}) for number in range(80)
    )
    assert next(statuses) == 200
    assert 429 in statuses
    assert browser.post("/chat/help", {"message_id": "help-1234"}) == 200


@pytest.mark.parametrize("origin", ["", "https://elsewhere.example", "null"])
def test_a_held_button_of_another_site_is_not_heard(town: Town, origin: str) -> None:
    browser = town.browser()
    headers = {"Origin": origin} if origin else {}
    with (
        browser.client.websocket_connect("/api/v1/voice?held=true", headers=headers) as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_json()
    assert closed.value.code == 4401


def test_every_question_has_the_buttons_that_answer_it() -> None:
    book = phrases()
    assert quick.of_turn({"asks": {"slot": "confirm", "choices": []}}, book) == ["对", "不对"]
    assert quick.of_turn({"asks": {"slot": "choice", "choices": ["红烧肉", "狮子头"]}}, book) == [
        "红烧肉",
        "狮子头",
    ]
    assert quick.of_turn({"asks": {"slot": "symptom", "choices": []}}, book) == []
    assert quick.of_turn({"asks": None}, book) == []
    assert quick.of_turn({"alarm": {"id": "a"}, "asks": {"slot": "confirm"}}, book) == []
    assert quick.of_question("reminder", book) == ["好了", "等会儿"]
    assert quick.of_question(None, book) == []


def test_a_rate_gives_back_with_time() -> None:
    now = [0.0]
    rate = Rate(burst=2, per_s=1.0, monotonic=lambda: now[0])
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    assert rate.allows("b")
    now[0] = 1.0
    assert [rate.allows("a") for _ in range(2)] == [True, False]


def test_warm_engines_are_lent_again_and_end_in_the_end() -> None:
    made: list[FakeEngines] = []

    def make() -> FakeEngines:
        made.append(FakeEngines([]))
        return made[-1]

    warm = WarmEngines(make)
    first = warm.lend()
    first.close()
    first.close()
    second, third = warm.lend(), warm.lend()
    assert len(made) == 2
    assert warm.borrow() is None
    second.close()
    third.close()
    assert [engines.closed for engines in made] == [False, True]
    warm.close()
    assert made[0].closed
