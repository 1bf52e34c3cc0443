"""What people at the console arrange for an elder is told to her, by day, and once."""

from __future__ import annotations

from datetime import timedelta

from fastapi.testclient import TestClient

from backend.outbox.models import Channel, Why
from tests.backend.asking import at, by, care
from tests.backend.clockwork import Clockwork
from tests.backend.requests.test_arrivals import ask, until

CLERK = by("coordinator", "S03")


def said(engine: Clockwork) -> list[str]:
    rows = engine.messages(why=Why.REQUEST)
    return [row.text for row in rows if row.channel is Channel.SPEAKER]


def test_what_was_booked_moved_and_cancelled_for_her_is_told_to_her(
    engine: Clockwork, api: TestClient
) -> None:
    bath = ask(api, care("v:1", "bathing", "09:00") | {"by": CLERK})
    engine.run()
    moved = {"turn_key": "v:2", "by": CLERK, "start": at("14:00"), "end": at("15:00")}
    assert api.post(f"/requests/{bath['id']}/change", json=moved).status_code == 200
    engine.run()
    gone = {"turn_key": "v:3", "by": CLERK, "reason": "住院了"}
    assert api.post(f"/requests/{bath['id']}/cancel", json=gone).status_code == 200
    engine.run()
    assert [text.split("，")[1][:8] for text in said(engine)] == [
        "村居协调员替您订", "村居协调员替您改", "村居协调员替您取"
    ]  # fmt: skip
    assert all("助浴" in text for text in said(engine))


def test_assigning_somebody_at_once_does_not_take_the_news_back(engine: Clockwork, api: TestClient) -> None:
    bath = ask(api, care("v:1", "bathing", "09:00") | {"by": CLERK})
    engine.run()
    body = {"turn_key": "v:2", "event": "assign", "by": CLERK}
    assert api.post(f"/requests/{bath['id']}/events", json=body).status_code == 200
    assert [row.text for row in engine.fetch()] == said(engine)
    assert len(said(engine)) == 1


def test_what_she_arranges_herself_is_not_told_to_her(engine: Clockwork, api: TestClient) -> None:
    ask(api, care("v:1", "bathing", "09:00"))
    engine.run()
    assert said(engine) == []


def test_what_is_arranged_at_night_is_told_in_the_morning(engine: Clockwork, api: TestClient) -> None:
    engine.pass_time(timedelta(hours=14))  # 22:00
    ask(api, care("v:1", "bathing", "15:00") | {"by": CLERK})
    engine.run()
    assert said(engine) == []
    until(engine, "07:31")
    assert len(said(engine)) == 1
