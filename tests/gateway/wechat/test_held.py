"""Slow answers: held within the platform's patience, written down, and told or sent afterwards, once."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import wechat_wiring
from assistant.gateway.channels.wechat.channel import Held
from assistant.replies.phrasebook import phrases
from backend.clock import FrozenClock
from backend.due.worker import Worker
from speech.fakes import FakeRecognizer
from tests.gateway.conftest import NOON, SLOW_S, StandIn
from tests.gateway.wechat.conftest import SOMEBODY, Wechat, running
from tests.speech.test_decode import encoded

SAY = phrases().say
HOLD_S = 1.5


async def told_at_last(up: Wechat, words: str = "好了吗？") -> tuple[str, dict[str, Any]]:
    """Ask, on however busy a machine, until the answer is there; return it and the message that got it."""
    for _ in range(60):
        message = up.platform.text(SOMEBODY, words)
        said = await up.heard(message)
        if said not in (SAY("wechat.hold"), SAY("wechat.still")):
            return said, message
        await asyncio.sleep(0.5)
    raise AssertionError("no answer came")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in is slow for three seconds: the word that it is coming is said sooner than in life."""
    monkeypatch.setattr(wechat_wiring, "Held", partial(Held, hold_s=HOLD_S))


async def bind(up: Wechat) -> None:
    """Bind without a message, which might be held, too."""
    taken = {"channel": "wechat", "account": SOMEBODY, "code": await up.code()}
    assert (await up.api.post("/api/v1/bind-codes/take", json=taken)).status_code == 200


@pytest.fixture
async def slow(home: Path, dialogue: StandIn):  # type: ignore[no-untyped-def]
    async with running(home, dialogue) as up:
        await bind(up)
        yield up


async def test_a_slow_answer_is_held_and_told_with_the_next_message(slow: Wechat, dialogue: StandIn) -> None:
    begun = time.monotonic()
    assert await slow.say("慢慢来，我要订好红烧肉") == SAY("wechat.hold")
    assert time.monotonic() - begun < 5.0  # the platform waits no longer
    before = len(dialogue.calls())
    told, asked = await told_at_last(slow)
    assert "您说的是「慢慢来，我要订好红烧肉」" in told
    assert await slow.heard(asked) == told  # the re-send tells the same
    later, _ = await told_at_last(slow, "今天有什么菜可以吃")
    assert "慢慢来" not in later  # it is told once
    assert len(dialogue.calls()) == before + 1


async def test_a_yes_that_comes_before_the_question_was_seen_is_not_taken(
    slow: Wechat, dialogue: StandIn
) -> None:
    await slow.say("慢慢来，我要订红烧肉")
    before = len(dialogue.calls())
    told, _ = await told_at_last(slow, "对")
    assert "您说的是「慢慢来，我要订红烧肉」，对吗？" in told
    assert len(dialogue.calls()) == before  # neither yes reached the dialogue


async def test_a_cry_is_heard_while_an_answer_is_held(slow: Wechat) -> None:
    await slow.say("慢慢来，我要订红烧肉")
    begun = time.monotonic()
    assert SAY("gateway.alarm.help") in await slow.say("救命")
    assert time.monotonic() - begun < 5.0  # the platform waits no longer


async def test_a_longer_sentence_gets_the_owed_answer_and_its_own(slow: Wechat) -> None:
    await slow.say("慢慢来，我要订红烧肉")
    await asyncio.sleep(SLOW_S + 1.0)
    slow.platform.wait_s = 60.0
    both = await slow.say("明天再要一份清蒸鱼")
    assert "慢慢来" in both
    assert "明天再要一份清蒸鱼" in both


async def test_a_held_answer_survives_the_process(home: Path, dialogue: StandIn) -> None:
    clock = FrozenClock(NOON)
    async with running(home, dialogue, clock=clock) as up:
        await bind(up)
        assert await up.say("慢慢来，我要订好红烧肉") == SAY("wechat.hold")
        # What a process that is killed leaves behind: the row in hand, and nobody who works on it.
        for task in [
            one for one in asyncio.all_tasks() if "_afterwards" in repr(one) or "answer" in repr(one)
        ]:
            task.cancel()
    from assistant.cli.wiring import let_go_of_unfinished_turns

    async with running(home, dialogue, clock=clock) as up:
        let_go_of_unfinished_turns(up.system.database)
        told, _ = await told_at_last(up)
        assert "您说的是「慢慢来，我要订好红烧肉」" in told


async def test_what_never_came_is_said_to_be_lost(slow: Wechat, dialogue: StandIn) -> None:
    await slow.say("慢慢来，坏了")
    slow.later(minutes=16)
    told, _ = await told_at_last(slow)
    assert SAY("wechat.lost") in told


class PlatformApi:
    """The platform's own API, played on this machine."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.tokens = 0
        self.refuse_once = True
        self.sound = b""
        played = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/cgi-bin/media/get"):
                    return self._answer(played.sound, "audio/amr")
                assert "secret=the-secret" in self.path
                played.tokens += 1
                return self._object({"access_token": f"T{played.tokens}", "expires_in": 7200})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if played.refuse_once:
                    played.refuse_once = False
                    return self._object({"errcode": 40001, "errmsg": "token"})
                played.sent.append(body)
                return self._object({"errcode": 0, "errmsg": "ok"})

            def _object(self, found: dict[str, Any]) -> None:
                self._answer(json.dumps(found).encode(), "application/json")

            def _answer(self, body: bytes, kind: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def platform_api():  # type: ignore[no-untyped-def]
    api = PlatformApi()
    yield api
    api.server.shutdown()
    api.server.server_close()


def work_off(workers: Any) -> None:
    for worker in workers:
        assert isinstance(worker, Worker)
        worker.run_once()


async def test_where_a_secret_is_set_a_held_answer_is_sent_afterwards_by_the_outbox(
    home: Path, dialogue: StandIn, platform_api: PlatformApi
) -> None:
    more = {"KANGBAN_WECHAT_SECRET": "the-secret", "KANGBAN_WECHAT_API": platform_api.url}
    async with running(home, dialogue, **more) as up:
        await bind(up)
        assert await up.say("慢慢来，我要订好红烧肉") == SAY("wechat.hold")
        for _ in range(60):
            await asyncio.sleep(0.5)
            await asyncio.to_thread(work_off, up.system.workers)
            if platform_api.sent:
                break
        [sent] = platform_api.sent
        assert (sent["touser"], sent["msgtype"]) == (SOMEBODY, "text")
        assert "您说的是「慢慢来，我要订好红烧肉」" in sent["text"]["content"]
        [message] = (await up.get("/messages?why=reply"))["messages"]
        assert (message["channel"], message["state"]) == ("wechat", "sent")
        assert platform_api.tokens == 2  # the first was refused as old, and renewed
        assert "慢慢来" not in await up.say("今天有什么菜")


async def test_a_voice_message_that_the_platform_did_not_write_down_is_fetched_and_heard(
    home: Path, dialogue: StandIn, platform_api: PlatformApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform_api.sound = encoded("amr", "libopencore_amrnb", 8000)
    assert platform_api.sound.startswith(b"#!AMR")
    recognizer = FakeRecognizer(["我要订红烧肉"])
    monkeypatch.setattr(wechat_wiring, "Held", partial(Held, hold_s=60.0))
    monkeypatch.setattr("speech.engines.choice.open_recognizer", lambda _store, _name: recognizer)
    more = {"KANGBAN_WECHAT_SECRET": "the-secret", "KANGBAN_WECHAT_API": platform_api.url}
    async with running(home, dialogue, **more) as up:
        await bind(up)
        up.platform.wait_s = 60.0
        said = await up.heard(up.platform.voice(SOMEBODY, None))
        assert "您说的是「我要订红烧肉」" in said


async def test_a_sound_that_is_none_is_answered_kindly(
    home: Path, dialogue: StandIn, platform_api: PlatformApi
) -> None:
    platform_api.sound = b"\x00" * 5000
    more = {"KANGBAN_WECHAT_SECRET": "the-secret", "KANGBAN_WECHAT_API": platform_api.url}
    async with running(home, dialogue, **more) as up:
        assert await up.heard(up.platform.voice(SOMEBODY, None)) == SAY("wechat.no_voice")


async def test_what_a_stranger_or_a_relative_is_owed_is_told_to_them_too(
    home: Path, dialogue: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(home, dialogue) as up:
        code = await up.code(kind="family")
        real = up.system.database.transact

        def slowly(work: Any, **more: Any) -> Any:
            if "take_code" in work.__qualname__:
                time.sleep(2 * HOLD_S)
            return real(work, **more)

        monkeypatch.setattr(up.system.database, "transact", slowly)
        assert await up.say(code) == SAY("wechat.hold")
        told, _ = await told_at_last(up)
        assert told == SAY("wechat.bound_family", called="王奶奶")
