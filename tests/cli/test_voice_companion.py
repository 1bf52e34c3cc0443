"""What the speaker does with words, against the real app with a stand-in dialogue."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.cli.api import ApiProblem, ApiUnreachable
from assistant.cli.settings import settings_from
from assistant.cli.voice_companion import ElderCompanion, Turn
from assistant.cli.wiring import build_system
from backend.clock import FrozenClock
from speech.listener import Utterance
from speech.models import Manner, Transcript
from speech.pipeline import Reply
from tests.gateway.conftest import NOON, SECRET, StandIn, _stand_in, dialogue, town_file

__all__ = ["_stand_in", "dialogue", "town_file"]


class InProcessApi:
    """The command's client, without the network in between."""

    url = "http://here"

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self.cut = False

    def get(self, path: str, *, timeout_s: float | None = None) -> dict[str, Any]:
        return self._call("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._call("POST", path, json=body)

    def _call(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        try:
            return self._answer(self._client.request(method, f"/api/v1{path}", **body))
        except (RuntimeError, CancelledError) as error:  # the app has ended
            raise ApiUnreachable("the app has ended") from error

    def _answer(self, response: Any) -> dict[str, Any]:
        if self.cut:
            raise ApiUnreachable("the cable is out")
        if response.status_code >= 400:
            raise ApiProblem(response.status_code, response.json())
        found: dict[str, Any] = response.json()
        return found


@dataclass
class Home:
    api: InProcessApi
    companion: ElderCompanion
    turns: list[Turn] = field(default_factory=list)
    count: int = 0

    def says(self, *parts: str, confidence: float = 0.9, wake: str = "") -> Reply:
        """Say something; every part but the last is a partial result first."""
        self.count += 1
        name = f"u{self.count}"
        for part in parts:
            self.companion.partial(name, wake + part)
        transcript = Transcript(
            text=wake + parts[-1], engine="fake", audio_s=1.0, compute_s=0.0, confidence=confidence
        )
        utterance = Utterance(
            id=name, transcript=transcript, began_s=0.0, ended_s=1.0, silence_s=1.2, ended_at=0.0
        )
        return self.companion.answer(utterance, parts[-1])

    def alarms(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get("/alarms")["alarms"]
        return found


@pytest.fixture
def home(tmp_path: Path, town_file: Path, dialogue: StandIn) -> Iterator[Home]:
    shutil.copy(town_file, tmp_path / "kangban.db")
    system = build_system(
        settings_from({"KANGBAN_HOME": str(tmp_path)}),
        clock=FrozenClock(NOON),
        secret=SECRET,
        dialogue_address=lambda: dialogue.url,
    )
    with TestClient(system.app, headers={"Authorization": f"Bearer {SECRET}"}) as client:
        api = InProcessApi(client)
        made = Home(api=api, companion=ElderCompanion(api=api, elder_id="E1"))  # type: ignore[arg-type]
        made.companion.record = lambda _utterance, turn: made.turns.append(turn)
        made.companion.get_to_know()
        yield made


def test_an_emergency_in_a_partial_result_raises_the_alarm_before_the_sentence_is_over(home: Home) -> None:
    home.companion.partial("u", "哎哟我摔倒了")
    assert home.alarms() == []  # one result may be taken back
    home.companion.partial("u", "哎哟我摔倒了在")
    assert [alarm["category"] for alarm in home.alarms()] == ["fall"]


def test_it_is_raised_once_and_the_whole_sentence_stands_with_it(home: Home) -> None:
    reply = home.says("我摔倒了", "我摔倒了在", "我摔倒了在卫生间腿动不了")
    (alarm,) = home.alarms()
    assert [event["note"] for event in alarm["history"]] == ["", "我摔倒了在卫生间腿动不了"]
    (turn,) = home.turns
    assert turn["alarm"]["id"] == alarm["id"]
    assert "警报" in "".join(reply.texts)
    assert reply.asks


def test_another_emergency_later_in_the_sentence_is_an_alarm_of_its_own(home: Home) -> None:
    home.says("我摔倒了", "我摔倒了", "我摔倒了，家里着火了")
    assert sorted(alarm["category"] for alarm in home.alarms()) == ["fall", "fire_gas"]


def test_a_result_that_is_taken_back_raises_nothing(home: Home) -> None:
    home.says("我摔倒了", "我帅", "我帅不帅")
    assert home.alarms() == []


def test_a_recogniser_that_hears_whole_pieces_is_believed_at_once(home: Home) -> None:
    home.companion.steady = True
    home.companion.partial("u", "我摔倒了")
    assert len(home.alarms()) == 1


def test_cries_without_the_wake_phrase_are_followed_only_where_she_agreed(home: Home) -> None:
    assert not home.companion.cries("救命啊，快来人")
    home.api.post("/elders/E1/voice", {"listen_for_cries": True})
    home.companion.get_to_know()
    assert home.companion.cries("救命啊，快来人")
    assert not home.companion.cries("接下来是天气预报")
    assert not home.companion.cries("有人打电话叫我转钱说是公安局的")
    home.api.post("/elders/E1/voice", {"rate": 0.9})
    home.companion.get_to_know()
    assert home.companion.cries("救命啊，快来人"), "another wish leaves it as it was"
    home.api.post("/elders/E1/voice", {"listen_for_cries": False})
    home.companion.get_to_know()
    assert not home.companion.cries("救命啊，快来人")


def test_what_breaks_off_is_helped_on_and_kept(home: Home) -> None:
    assert "说" in home.says("嗯，那个").texts[0]
    home.says("我要红烧肉")
    assert [turn["text"] for turn in home.turns] == ["嗯，那个", "嗯，那个我要红烧肉"]
    assert home.says("嗯").asks
    home.says("那个")
    assert home.turns[-1]["text"] == "嗯那个"  # said twice: the dialogue asks in its own way


def test_an_open_question_needs_no_wake_phrase(home: Home) -> None:
    assert home.says("我要订饭").asks  # the stand-in ends with a question


def test_wishes_about_the_voice_are_followed_and_remembered(home: Home) -> None:
    before = home.companion.manner
    first = home.says("今天吃什么")
    slower = home.says("说慢点")
    assert slower.manner.rate < before.rate
    assert slower.texts[1:] == first.texts  # and what was said is said again
    louder = home.says("大声一点")
    assert (louder.manner.volume, louder.manner.rate) == (before.volume + 0.3, slower.manner.rate)
    again = ElderCompanion(api=home.companion.api, elder_id="E1")
    again.get_to_know()
    assert again.manner == louder.manner
    for _ in range(20):
        last = home.says("说慢点")
    assert last.manner.rate == 0.6
    assert "最慢" in last.texts[0]


def test_how_she_pauses_is_remembered(home: Home) -> None:
    home.companion.remember_pauses([0.5, 1.234])
    again = ElderCompanion(api=home.companion.api, elder_id="E1")
    again.get_to_know()
    assert again.pauses == [0.5, 1.23]


def test_words_that_were_hardly_heard_are_asked_for_again(home: Home) -> None:
    home.companion.steady = True
    assert home.says("订餐上门照护", confidence=0.3).texts == ["对不住，我刚才没听清楚，请您再说一遍。"]
    assert "intent" in home.turns[-1]
    assert home.api.get("/turns?elder_id=E1")["turns"] == []


def test_an_emergency_that_was_hardly_heard_is_an_emergency(home: Home) -> None:
    home.companion.steady = True
    home.says("救命啊", confidence=0.1)
    assert len(home.alarms()) == 1


def test_a_system_that_does_not_answer_is_said_plainly(home: Home) -> None:
    home.api.cut = True
    reply = home.says("我要订饭")
    assert "120" in reply.texts[0]
    assert home.turns[-1]["error"] == "unreachable"
    home.api.cut = False
    assert home.says("我要订饭").asks


def test_the_usual_voice_is_a_little_slower_than_the_voices_own(home: Home) -> None:
    assert home.companion.manner == Manner(rate=0.9)
