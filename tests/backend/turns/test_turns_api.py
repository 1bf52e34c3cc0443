"""The log of turns over HTTP."""

from __future__ import annotations

from datetime import timedelta

from fastapi.testclient import TestClient

from backend.clock import FrozenClock
from backend.database import Database
from backend.turns.service import Inbox


def test_the_log_shows_word_for_word_what_was_said_and_answered(
    api: TestClient, town: Database, clock: FrozenClock
) -> None:
    inbox = Inbox(town)
    turn = inbox.receive(channel="voice", message_id="1", elder_id="E1", text="明朝  中午,", at=clock.now())
    assert inbox.claim(turn.id, owner="p", now=clock.now(), lease_s=30)
    clock.advance(timedelta(milliseconds=250))
    inbox.finish(turn.id, owner="p", result={"replies": ["好的"]}, now=clock.now())
    answer = api.get("/turns", params={"elder_id": "E1"})
    assert answer.status_code == 200
    (row,) = answer.json()["turns"]
    assert (row["text"], row["state"], row["latency_ms"]) == ("明朝  中午,", "done", 250)
    assert row["result"] == {"replies": ["好的"]}
    assert row["received_at"] == "2026-11-23T08:00:00+08:00"


def test_the_log_is_read_page_by_page_newest_first(
    api: TestClient, town: Database, clock: FrozenClock
) -> None:
    inbox = Inbox(town)
    for number in range(5):
        inbox.receive(channel="web", message_id=str(number), elder_id="E1", text="x", at=clock.now())
    pages, before = [], None
    while True:
        page = api.get("/turns", params={"limit": 2} | ({"before": before} if before else {})).json()
        pages.append([row["message_id"] for row in page["turns"]])
        before = page["next"]
        if before is None:
            break
    assert pages == [["4", "3"], ["2", "1"], ["0"]]


def test_a_limit_out_of_range_is_refused(api: TestClient) -> None:
    assert api.get("/turns", params={"limit": 0}).status_code == 422
    assert api.get("/turns", params={"limit": 10**9}).status_code == 422
