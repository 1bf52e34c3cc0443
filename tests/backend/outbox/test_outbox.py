"""The outbox: a message is written once, offered until it was heard, and ends in a state one can see."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import httpx2 as httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from assistant.vocabulary import Role
from backend.app import create_app
from backend.bell import Bell
from backend.clock import FrozenClock
from backend.database import Database
from backend.outbox import service
from backend.outbox.models import Channel, MessageState, Why
from backend.outbox.service import Letter
from backend.settings import Settings
from tests.backend.clockwork import Clockwork
from tests.backend.conftest import TOKEN


def letter(key: str = "a", **more: object) -> Letter:
    values = {
        "key": key, "to_role": Role.ELDER, "to_id": "E1", "elder_id": "E1", "text": "该吃药了",
        "why": Why.REMINDER, "why_id": "R1",
    } | more  # fmt: skip
    return Letter(**values)  # type: ignore[arg-type]


def say(engine: Clockwork, one: Letter) -> None:
    engine.database.transact(lambda session: service.say_at_home(session, one, now=engine.clock.now()))


def fetch(api: TestClient, channel: str = "speaker", elder: str = "E1", **query: object) -> list[int]:
    answer = api.get(f"/elders/{elder}/announcements", params={"channel": channel, **query})
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["announcements"]]


def states(engine: Clockwork) -> set[str]:
    return {f"{message.channel} {message.state}" for message in engine.messages()}


def test_a_message_is_written_once_a_channel(engine: Clockwork) -> None:
    for _ in range(3):
        say(engine, letter())
    assert states(engine) == {"speaker pending", "chat pending"}
    assert len(engine.messages()) == 2


def test_what_a_home_has_said_is_not_offered_again(engine: Clockwork, api: TestClient) -> None:
    say(engine, letter())
    (number,) = fetch(api)
    assert fetch(api) == [], "it belongs to the speaker that fetched it"
    assert api.post(f"/elders/E1/announcements/{number}/heard").status_code == 200
    assert api.post(f"/elders/E1/announcements/{number}/heard").status_code == 200
    engine.pass_time(timedelta(minutes=40))
    assert fetch(api) == []
    assert states(engine) == {"speaker sent", "chat expired"}
    assert engine.open() == []


def test_what_was_fetched_and_not_said_is_offered_again(engine: Clockwork, api: TestClient) -> None:
    say(engine, letter())
    first = fetch(api)
    engine.clock.advance(service.OFFER)
    assert fetch(api) == first
    engine.clock.advance(-timedelta(hours=3))
    assert fetch(api) == first, "the clock was put back meanwhile"


def test_nobody_hears_what_is_for_somebody_else(engine: Clockwork, api: TestClient) -> None:
    say(engine, letter())
    assert fetch(api, elder="E2") == []
    (number,) = fetch(api)
    assert api.post(f"/elders/E2/announcements/{number}/heard").status_code == 404
    assert api.post("/elders/E1/announcements/99999/heard").status_code == 404
    assert states(engine) == {"speaker pending", "chat pending"}


def test_the_urgent_comes_first_and_what_is_out_of_date_not_at_all(
    engine: Clockwork, api: TestClient
) -> None:
    say(engine, letter("a", text="慢", lasts=timedelta(minutes=5)))
    say(engine, letter("b", text="急", urgent=True, lasts=timedelta(minutes=90)))
    say(engine, letter("c", text="后", lasts=timedelta(minutes=90)))
    answer = api.get("/elders/E1/announcements", params={"channel": "chat"}).json()["announcements"]
    assert [row["text"] for row in answer] == ["急", "慢", "后"]
    engine.pass_time(timedelta(minutes=6))
    answer = api.get("/elders/E1/announcements", params={"channel": "chat"}).json()["announcements"]
    assert [row["text"] for row in answer] == ["急", "后"]


def test_what_was_answered_is_not_said_any_more(engine: Clockwork, api: TestClient) -> None:
    say(engine, letter())
    engine.database.transact(
        lambda session: service.withdraw(session, Why.REMINDER, "R1", now=engine.clock.now())
    )
    assert fetch(api) == []
    assert (states(engine), engine.open()) == ({"speaker expired", "chat expired"}, [])


@pytest.mark.parametrize(
    "query", [{"channel": "email", "wait": 61}, {"channel": "pigeon"}, {}, {"channel": "chat", "wait": -1}]
)
def test_bad_questions_are_refused(api: TestClient, query: dict[str, object]) -> None:
    assert api.get("/elders/E1/announcements", params=query).status_code == 422


def test_feed_pages_standing_and_villages(engine: Clockwork, api: TestClient) -> None:
    def work(session: Session) -> None:
        for number, village in enumerate(("V1", "V2", None)):
            one = letter(f"f{number}", village_id=village, standing=number == 1, why_id=f"R{number}")
            service.show(session, one, now=engine.clock.now())

    engine.database.transact(work)

    def ids(**query: object) -> list[int]:
        return [row["id"] for row in api.get("/feed", params=query).json()["messages"]]

    first, second, third = ids()
    assert ids(after=first) == [second, third]
    assert ids(newest=True, limit=1) == [third]
    assert ids(village_id="V1") == [first, third]
    assert ids(standing=True) == [second]
    engine.database.transact(
        lambda session: service.resolve(session, Why.REMINDER, "R1", now=engine.clock.now())
    )
    assert ids(standing=True) == []
    log = api.get("/messages", params={"why": "reminder", "why_id": "R2"}).json()["messages"]
    assert [(row["state"], row["channel"]) for row in log] == [("sent", "feed")]


def test_addresses_are_kept_in_order_and_checked(api: TestClient) -> None:
    good = [{"channel": "email", "value": "a@b.org"}, {"channel": "webhook", "value": "https://b.org/x"}]
    assert api.get("/addresses/contact:E1:1").json()["addresses"] == []
    assert api.put("/addresses/contact:E1:1", json={"addresses": good}).json()["addresses"] == good
    assert api.put("/addresses/contact:E1:1", json={"addresses": good[1:]}).json()["addresses"] == good[1:]
    for bad in (
        {"channel": "email", "value": "nobody"},
        {"channel": "email", "value": "a@b.org\r\nBcc: c@d.org"},
        {"channel": "webhook", "value": "file:///etc/passwd"},
        {"channel": "speaker", "value": "abc"},
    ):
        assert api.put("/addresses/contact:E1:1", json={"addresses": [bad]}).status_code == 422, bad
    assert api.get("/addresses/somebody").status_code == 422


async def test_who_waits_is_woken_by_the_bell(town: Database, clock: FrozenClock, settings: Settings) -> None:
    bell = Bell()
    app = create_app(settings, clock, database=town, bell=bell)
    transport = httpx.ASGITransport(app=app)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://t/api/v1", headers=headers) as client:
        waiting = asyncio.create_task(
            client.get("/elders/E1/announcements", params={"channel": "speaker", "wait": 30})
        )
        await asyncio.sleep(0.3)
        assert not waiting.done()
        one = letter()
        await asyncio.to_thread(
            town.transact, lambda session: service.say_at_home(session, one, now=clock.now())
        )
        begun = time.monotonic()
        await asyncio.to_thread(bell.ring)
        answer = await asyncio.wait_for(waiting, 2)
        assert time.monotonic() - begun < 1.5, "woken, not found by looking again"
    assert [row["text"] for row in answer.json()["announcements"]] == ["该吃药了"]


def test_the_feed_streams_what_comes_and_goes_on_where_it_stopped(engine: Clockwork, app: FastAPI) -> None:
    def show(key: str) -> None:
        one = letter(key, text=key)
        engine.database.transact(lambda session: service.show(session, one, now=engine.clock.now()) and None)
        app.state.parts.bell.ring()

    show("before")
    with serving(app) as url:

        def listen(count: int, **headers: str) -> list[tuple[int, str]]:
            found: list[tuple[int, str]] = []
            asked = {"Authorization": f"Bearer {TOKEN}", "Accept": "text/event-stream", **headers}
            with httpx.stream("GET", f"{url}/api/v1/feed", headers=asked, timeout=10) as stream:
                assert stream.headers["content-type"].startswith("text/event-stream")
                number = 0
                for line in stream.iter_lines():
                    if line.startswith("retry:") and not headers:
                        threading.Timer(0.3, show, ["first"]).start()
                        threading.Timer(0.6, show, ["second"]).start()
                    if line.startswith("id: "):
                        number = int(line[4:])
                    if line.startswith("data: "):
                        found.append((number, json.loads(line[6:])["text"]))
                    if len(found) == count:
                        return found
            raise AssertionError("the stream ended")

        first, second = listen(2)
        assert [first[1], second[1]] == ["first", "second"]
        again = listen(1, **{"Last-Event-ID": str(first[0])})
        assert again == [second]


class serving:
    """Serve an app on a real port."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        _until(lambda: self.server.started)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(timeout=10)


def _until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_message_that_cannot_be_delivered_now_is_delivered_later_and_once(engine: Clockwork) -> None:
    put_mail(engine)
    engine.mail.down = True
    engine.run()
    (message,) = engine.messages()
    assert (message.state, message.attempts) == (MessageState.PENDING, 1)
    assert "the line is down" in message.last_error
    engine.mail.down = False
    engine.pass_time(timedelta(minutes=5))
    (message,) = engine.messages()
    assert (message.state, len(engine.mail.delivered)) == (MessageState.SENT, 1)


def test_a_message_that_is_never_delivered_ends_and_is_told(engine: Clockwork) -> None:
    put_mail(engine)
    engine.mail.down = True
    engine.pass_time(timedelta(hours=2))
    states = [(message.channel, message.state) for message in engine.messages()]
    assert states == [(Channel.EMAIL, MessageState.FAILED), (Channel.FEED, MessageState.SENT)]
    assert engine.open() == []


def test_a_channel_that_is_not_set_up_fails_at_once(engine: Clockwork) -> None:
    from backend.engine import build_workers  # the same engine, without notifiers

    put_mail(engine)
    engine.workers = build_workers(
        engine.database, engine.clock, wording=_Plain(), settings=engine.settings, notifiers={}
    )
    engine.run()
    assert [message.state for message in engine.messages()] == [MessageState.FAILED, MessageState.SENT]


class _Plain:
    def say(self, key: str, *, variant: int = 0, **values: object) -> str:
        return f"{key} {values}"

    def when(self, *times: object, now: object) -> str:
        return ""

    def request(self, request: object, *, now: object) -> str:
        return ""


def put_mail(engine: Clockwork) -> None:
    one = letter(to_role=Role.FAMILY, to_id="contact:E1:1")
    engine.database.transact(
        lambda session: service.put(
            session, one, Channel.EMAIL, now=engine.clock.now(), address="daughter@example.org"
        )
    )
