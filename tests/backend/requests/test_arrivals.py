"""Nobody came: it is noticed, the elder is told honestly, people are told, and somebody else is sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.outbox.models import Channel, Message, MessageState, Why
from tests.backend.asking import appointment, at, by, care, meal, visit
from tests.backend.clockwork import Clockwork

MINUTES = timedelta(minutes=1)


def ask(api: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = api.post("/requests", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def until(engine: Clockwork, clock: str, day: str = "2026-11-24") -> None:
    engine.pass_time(datetime.fromisoformat(at(clock, day)) - engine.clock.now())


def said(engine: Clockwork) -> list[str]:
    """What is said at home about whether somebody came; how she found it is another question."""
    rows = engine.messages(why=Why.REQUEST)
    return [row.text for row in rows if row.channel is Channel.SPEAKER and row.asks != "rating"]


def shown(engine: Clockwork, *, standing: bool = False) -> list[Message]:
    rows = [row for row in engine.messages(why=Why.REQUEST) if row.channel is Channel.FEED]
    return [row for row in rows if not standing or (row.standing and row.resolved_at is None)]


def story(api: TestClient, request: dict[str, Any]) -> list[tuple[str, str]]:
    history = api.get(f"/requests/{request['id']}").json()["history"]
    return [(row["event"] or row["note"], row["by"]) for row in history]


def event(api: TestClient, request: dict[str, Any], name: str, key: str = "c:1", **more: Any) -> None:
    body = {"turn_key": key, "event": name, "by": by("coordinator", "S03"), **more}
    answer = api.post(f"/requests/{request['id']}/events", json=body)
    assert answer.status_code == 200, answer.text


def test_who_comes_in_time_is_not_asked_about(engine: Clockwork, api: TestClient) -> None:
    bath = ask(api, care("v:1", "bathing", "09:00", "10:00"))
    event(api, bath, "assign")
    until(engine, "09:20")
    event(api, bath, "start", key="c:2")
    until(engine, "09:45")
    event(api, bath, "complete", key="c:3")
    until(engine, "23:00")
    assert (said(engine), shown(engine), engine.open()) == ([], [], [])


def test_nobody_came_and_somebody_else_is_sent_at_once(engine: Clockwork, api: TestClient) -> None:
    bath = ask(api, care("v:1", "bathing", "09:00", "10:00"))
    assert bath["carer"]["id"] == "K1"
    until(engine, "09:29")
    assert said(engine) == []
    until(engine, "09:30")
    (told,) = said(engine)
    assert ("对不住" in told, "李文英" in told) == (True, True)
    now = api.get(f"/requests/{bath['id']}").json()
    assert (now["state"], now["carer"]["id"], now["start"]) == ("assigned", "K2", at("10:00"))
    assert [name for name, _ in story(api, bath)[1:]] == ["accept", "assign", "miss", "redispatch"]
    assert {who for _, who in story(api, bath)[1:]} == {"system"}
    assert len(shown(engine)) == 1
    until(engine, "10:29")
    event(api, now, "start")
    until(engine, "18:00")
    assert len(said(engine)) == 1


def test_who_is_sent_instead_and_does_not_come_either_is_noticed_too(
    engine: Clockwork, api: TestClient
) -> None:
    bath = ask(api, care("v:1", "bathing", "09:00", "10:00"))
    until(engine, "10:30")
    assert [name for name, _ in story(api, bath)].count("miss") == 2
    now = api.get(f"/requests/{bath['id']}").json()
    assert now["carer"]["id"] == "K1", "back to the first, at another time"


def test_a_later_time_needs_her_consent(engine: Clockwork, api: TestClient) -> None:
    rub = ask(api, care("v:0", "haircut", "09:00", "10:00"))
    other = "K2" if rub["carer"]["id"] == "K3" else "K3"
    for number, hour in enumerate(("09", "10", "11", "12")):
        body = care(f"v:b{number}", "haircut", f"{hour}:00", f"{hour}:30", elder="E2", carer_id=other)
        ask(api, body)
        ask(
            api,
            care(
                f"v:c{number}", "haircut", f"{hour}:30", f"{hour}:59", elder="E3", carer_id=other, minutes=30
            ),
        )
    until(engine, "09:30")
    (question,) = [
        row
        for row in engine.messages(why=Why.REQUEST, elder_id="E1")
        if row.asks and row.channel is Channel.CHAT
    ]
    assert question.asks == "moved"
    missed = api.get(f"/requests/{rub['id']}").json()
    assert missed["state"] == "missed"
    assert len(shown(engine, standing=True)) >= 1
    reply = engine.hear("好的")
    assert reply is not None
    assert engine.hear("好的") == reply, "the same turn, run again"
    moved = api.get(f"/requests/{rub['id']}").json()
    assert (moved["state"], moved["carer"]["id"]) == ("assigned", other)
    assert story(api, rub)[-1] == ("redispatch", "system")
    assert [row for row in shown(engine, standing=True) if row.elder_id == "E1"] == []


def missed_meal(engine: Clockwork, api: TestClient) -> dict[str, Any]:
    lunch = ask(api, meal("v:1", ["红烧肉"]))
    until(engine, "13:00")
    return lunch


def test_a_meal_is_announced_and_asked_about_where_nobody_noted_that_it_came(
    engine: Clockwork, api: TestClient
) -> None:
    lunch = ask(api, meal("v:1", ["红烧肉"]))
    until(engine, "10:45")
    (soon,) = said(engine)
    assert "快到了" in soon
    until(engine, "13:00")
    assert "送到了没有" in said(engine)[-1]
    assert engine.hear("送到了")
    assert api.get(f"/requests/{lunch['id']}").json()["state"] == "completed"
    assert [name for name, _ in story(api, lunch)[1:]] == ["accept", "assign", "start", "complete"]
    until(engine, "20:00")
    assert (len(said(engine)), shown(engine), engine.open()) == (2, [], [])


@pytest.mark.parametrize("words", ["没有", None])
def test_a_meal_that_did_not_come_is_told_to_people(
    engine: Clockwork, api: TestClient, words: str | None
) -> None:
    lunch = missed_meal(engine, api)
    if words:
        assert engine.hear(words)
        engine.run()
    else:
        until(engine, "13:20")
    assert api.get(f"/requests/{lunch['id']}").json()["state"] == "missed"
    assert len(shown(engine, standing=True)) == 1
    assert "告诉村里" in said(engine)[-1]
    assert engine.hear("送到了", key="m2")
    assert api.get(f"/requests/{lunch['id']}").json()["state"] == "completed"
    assert shown(engine, standing=True) == []


def test_a_meal_that_is_not_wanted_any_more_is_cancelled(engine: Clockwork, api: TestClient) -> None:
    lunch = missed_meal(engine, api)
    engine.hear("没有")
    engine.run()
    assert engine.hear("算了不要了", key="m2")
    assert api.get(f"/requests/{lunch['id']}").json()["state"] == "cancelled"
    until(engine, "23:00")
    assert (shown(engine, standing=True), engine.open()) == ([], [])


def test_what_stays_missed_is_told_again_and_stands_until_people_act(
    engine: Clockwork, api: TestClient
) -> None:
    lunch = missed_meal(engine, api)
    until(engine, "13:20")
    until(engine, "20:00")
    rows = shown(engine)
    assert len(rows) == 5
    assert len(shown(engine, standing=True)) == 1
    assert engine.open() == []
    event(api, lunch, "redispatch")
    assert shown(engine, standing=True) == []
    assert api.get(f"/requests/{lunch['id']}").json()["state"] == "assigned"


def test_the_evening_before_an_appointment_it_is_spoken_of(engine: Clockwork, api: TestClient) -> None:
    ask(api, appointment("v:1", department="cardiology"))
    until(engine, "18:59", "2026-11-23")
    assert said(engine) == []
    until(engine, "19:00", "2026-11-23")
    (told,) = said(engine)
    assert "心内科" in told


def test_nothing_is_said_of_what_was_cancelled_or_moved(engine: Clockwork, api: TestClient) -> None:
    lunch = ask(api, meal("v:1", ["红烧肉"]))
    bath = ask(api, care("v:2", "bathing", "09:00", "10:00"))
    api.post(f"/requests/{lunch['id']}/cancel", json={"turn_key": "v:3", "by": by()})
    moved = api.post(
        f"/requests/{bath['id']}/change",
        json={"turn_key": "v:4", "start": at("15:00"), "end": at("16:00"), "by": by()},
    )
    assert moved.status_code == 200
    until(engine, "15:29")
    assert said(engine) == []
    until(engine, "15:30")
    assert len(said(engine)) == 1


def test_where_she_goes_herself_only_the_outcome_is_asked_for(engine: Clockwork, api: TestClient) -> None:
    ask(api, meal("v:1", ["红烧肉"], delivery="dine_in"))
    until(engine, "20:00")
    assert (said(engine), len(shown(engine)), engine.open()) == ([], 1, [])


def test_a_service_that_was_begun_and_never_ended_is_asked_about(engine: Clockwork, api: TestClient) -> None:
    company = ask(api, visit("v:1", "09:00"))
    event(api, company, "assign")
    event(api, company, "start", key="c:2")
    until(engine, "20:00")
    assert len(shown(engine)) == 1
    assert engine.open() == []


def test_nobody_waits_for_ever(engine: Clockwork, api: TestClient) -> None:
    for number, body in enumerate(
        [care("v:1", "bathing", "09:00"), visit("v:2", "14:00"), meal("v:3", ["套餐"])]
    ):
        ask(api, body | {"turn_key": f"v:{number}"})
    engine.pass_time(timedelta(days=4))
    assert engine.open() == []
    assert all(row.state is not MessageState.PENDING for row in engine.messages())
