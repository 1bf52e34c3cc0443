"""The satellite's socket on the real app: who may speak, what it is told, and what it may break."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from assistant.cli import voice_announcements
from assistant.cli.settings import settings_from
from assistant.cli.voice_socket import MOST_BYTES, VoiceParts, voice_router
from assistant.cli.warm_engines import WarmEngines
from assistant.cli.wiring import build_system
from backend.clock import FrozenClock
from backend.satellites import service as satellites
from speech.errors import EngineMissing
from speech.fakes import FakeRecognizer, FakeSpeaker, silence
from speech.models import Manner, Sound
from speech.ports import Recognizer, Speaker
from tests.cli.test_voice_companion import InProcessApi
from tests.gateway.conftest import NOON, SECRET, StandIn, _stand_in, dialogue, town_file
from tests.speech.sounds import espeak

__all__ = ["_stand_in", "dialogue", "town_file"]


class QuickSpeaker(FakeSpeaker):
    """Says eight tones of anything: the socket plays in real time."""

    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Sound]:  # noqa: B008
        return super().speak(text[:8], manner)


@dataclass
class FakeEngines:
    script: list[str]
    speaker: Speaker = field(default_factory=QuickSpeaker)
    closed: bool = False

    def __post_init__(self) -> None:
        self.recognizer: Recognizer = FakeRecognizer(self.script)

    def accompany(self, pipeline: object, manner: object, *, ahead: bool) -> None: ...

    def close(self) -> None:
        self.closed = True


@dataclass
class Town:
    client: TestClient
    api: InProcessApi
    token: str
    engines: list[FakeEngines]
    script: list[str]
    broken: bool = False

    def connect(self, token: str | None = None, query: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.client.websocket_connect(f"/here/voice{query}", headers=headers)


@pytest.fixture
def town(
    tmp_path: Path, town_file: Path, dialogue: StandIn, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    monkeypatch.setattr(voice_announcements, "WAIT_S", 0.2)
    shutil.copy(town_file, tmp_path / "kangban.db")
    system = build_system(
        settings_from({"KANGBAN_HOME": str(tmp_path)}),
        clock=FrozenClock(NOON),
        secret=SECRET,
        dialogue_address=lambda: dialogue.url,
    )

    def known(token: str) -> str | None:
        with system.database.session() as session:
            found = satellites.known(session, token)
        return found.elder_id if found is not None else None

    def engines() -> FakeEngines:
        if made.broken:
            raise EngineMissing("no voice here")
        made.engines.append(FakeEngines(made.script))
        return made.engines[-1]

    def api() -> InProcessApi:
        with pytest.raises(RuntimeError):  # it may ask this very process, which the event loop has to answer
            asyncio.get_running_loop()
        return made.api

    parts = VoiceParts(
        known=known,
        api=api,  # type: ignore[arg-type]
        engines=engines,
        most=1,
        bound=lambda cookie: "E1" if cookie == "hers" else None,
        lent=WarmEngines(engines).lend,
        cookie="device",
    )
    system.app.include_router(voice_router(parts), prefix="/here")
    with TestClient(system.app, headers={"Authorization": f"Bearer {SECRET}"}) as client:
        answered = client.post("/api/v1/satellites", json={"elder_id": "E1", "name": "客厅"}).json()
        made = Town(client=client, api=InProcessApi(client), token=answered["token"], engines=[], script=[])
        yield made


def speech(pinyin: str = "wo3 yao4 ding4 fan4 wo3 yao4 ding4 fan4") -> bytes:
    return silence(0.3) + espeak(pinyin) + silence(1.6)


def talk(socket: WebSocketTestSession, pcm: bytes) -> tuple[list[dict[str, Any]], bytes]:
    """Send some sound and its end; return what was told and what was heard until the socket was closed."""
    for at in range(0, len(pcm), 8000):
        socket.send_bytes(pcm[at : at + 8000])
    socket.send_text('{"type":"end"}')
    told, heard = [], b""
    while True:
        message = socket.receive()
        if message["type"] == "websocket.close":
            return told, heard
        if message.get("text") is not None:
            told.append(json.loads(message["text"]))
        else:
            heard += message["bytes"]


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_satellite_is_heard_told_and_answered(town: Town) -> None:
    town.script[:] = ["康伴康伴我要订饭"]
    with town.connect() as socket:
        told, heard = talk(socket, speech())
    kinds = [message["type"] for message in told]
    assert [kind for kind in kinds if kind in ("wake", "speech_ended", "turn", "audio_start")] == [
        "wake",
        "speech_ended",
        "audio_start",
        "turn",
    ]
    turn = next(message for message in told if message["type"] == "turn")
    assert (turn["text"], turn["heard"]) == ("我要订饭", "康伴康伴我要订饭")
    rate = next(message["rate"] for message in told if message["type"] == "audio_start")
    assert len(heard) / 2 / rate > 1.0
    assert told[kinds.index("audio_end")]["whole"]
    until(lambda: town.engines[0].closed)
    assert [row["text"] for row in town.api.get("/turns?elder_id=E1")["turns"]] == ["我要订饭"]


def test_a_held_button_needs_no_wake_phrase(town: Town) -> None:
    town.script[:] = ["我摔倒了爬不起来"]
    with town.connect(query="?wake=false") as socket:
        talk(socket, speech())
    assert [alarm["category"] for alarm in town.api.get("/alarms")["alarms"]] == ["fall"]


def test_one_hold_of_the_page_is_one_utterance_however_long_she_pauses(town: Town) -> None:
    town.script[:] = ["我要订饭", "我要订饭"]
    headers = {"Origin": "http://testserver", "Cookie": "device=hers"}
    for _ in range(2):
        with town.client.websocket_connect("/here/voice?held=true", headers=headers) as socket:
            told, heard = talk(socket, speech() + silence(3.0) + speech())
        kinds = [message["type"] for message in told]
        assert kinds.count("transcript") == 1
        assert kinds.index("answer") < kinds.index("audio_start")
        assert told[kinds.index("answer")]["text"] == "我要订饭"
        assert len(heard) > 0
    assert len(town.engines) == 1  # the second hold found them warm
    stranger = {**headers, "Origin": "http://elsewhere.example"}
    with (
        town.client.websocket_connect("/here/voice?held=true", headers=stranger) as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_json()
    assert closed.value.code == 4401


def test_without_the_wake_phrase_nothing_is_sent_on(town: Town) -> None:
    town.script[:] = ["接下来是天气预报"]
    with town.connect() as socket:
        told, heard = talk(socket, speech())
    assert heard == b""
    assert "turn" not in [message["type"] for message in told]


@pytest.mark.parametrize("token", ["nonsense", SECRET])
def test_who_has_no_token_of_a_speaker_is_turned_away(town: Town, token: str) -> None:
    with town.connect(token=token) as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_json()
    assert closed.value.code == 4401


def test_a_browser_says_its_token_in_its_first_message(town: Town) -> None:
    town.client.headers.pop("Authorization")
    with town.client.websocket_connect("/here/voice") as socket:
        socket.send_text(json.dumps({"type": "hello", "token": town.token}))
        told, _ = talk(socket, silence(0.2))
    assert isinstance(told, list)
    with town.client.websocket_connect("/here/voice") as socket:
        socket.send_text("not json")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert closed.value.code == 4401


def test_a_second_speaker_beyond_the_limit_is_told_so(town: Town) -> None:
    with town.connect() as first:
        first.send_text('{"type":"press"}')
        assert first.receive_json()["type"] in ("asleep", "wake", "listening")
        with town.connect() as second, pytest.raises(WebSocketDisconnect) as closed:
            second.receive_json()
        assert closed.value.code == 4429
        talk(first, silence(0.1))


def test_a_machine_without_engines_says_so(town: Town) -> None:
    town.broken = True
    with town.connect() as socket, pytest.raises(WebSocketDisconnect) as closed:
        socket.receive_json()
    assert closed.value.code == 4500
    assert "no voice" in closed.value.reason


def test_nonsense_and_too_much_at_once_break_nothing(town: Town) -> None:
    with town.connect() as socket:
        socket.send_text("{{{")
        socket.send_text("[1,2]")
        socket.send_bytes(b"\x01")
        talk(socket, silence(0.1))
    until(lambda: all(engines.closed for engines in town.engines))
    with town.connect() as socket:
        socket.send_bytes(bytes(MOST_BYTES + 2))
        while True:
            message = socket.receive()
            if message["type"] == "websocket.close":
                break
        assert message["code"] == 1009
