"""What we said first is answered in the gateway, once, with the dialogue down; and nothing else is."""

from __future__ import annotations

import asyncio

from tests.gateway.conftest import Gateway, StandIn

PILLS = {"turn_key": "web:pills", "elder_id": "E1", "text": "吃降压药", "start": "2026-05-11T09:05:00+08:00"}


async def remind(gateway: Gateway) -> None:
    made = await gateway.client.post("/api/v1/reminders", json=PILLS)
    assert made.status_code == 201, made.text
    gateway.later(minutes=6)
    for worker in gateway.system.workers:
        await asyncio.to_thread(worker.run_once)
    fetched = await gateway.client.get("/api/v1/elders/E1/announcements", params={"channel": "speaker"})
    assert ["吃降压药" in row["text"] for row in fetched.json()["announcements"]] == [True]


async def state(gateway: Gateway) -> str:
    found = await gateway.client.get("/api/v1/reminders/occurrences")
    return str(found.json()["occurrences"][0]["state"])


async def test_a_reminder_is_answered_without_the_dialogue(gateway: Gateway, dialogue: StandIn) -> None:
    await remind(gateway)
    dialogue.stop()
    answered = await gateway.heard("吃了", message_id="took-them")
    assert (await state(gateway), "error" in answered) == ("taken", False)
    assert answered["replies"]
    again = await gateway.heard("吃了", message_id="took-them")
    assert again == answered


async def test_a_yes_to_a_reminder_that_was_just_said_does_not_reach_the_dialogue(
    gateway: Gateway, dialogue: StandIn
) -> None:
    await remind(gateway)
    answered = await gateway.heard("好的", message_id="yes")
    assert await state(gateway) == "heard"
    assert all(call["turn_key"] != "web:yes" for call in dialogue.calls())
    assert answered["intent"] is None


async def test_a_wish_goes_to_the_dialogue_while_a_reminder_waits(
    gateway: Gateway, dialogue: StandIn
) -> None:
    await remind(gateway)
    answered = await gateway.heard("我要订红烧肉")
    assert (answered["intent"], await state(gateway)) == ("order_meal", "said")


async def test_an_emergency_comes_before_any_answer(gateway: Gateway) -> None:
    await remind(gateway)
    answered = await gateway.heard("救命，我摔倒了")
    assert answered["alarm"]["category"] == "fall"
    assert await state(gateway) == "said"


async def test_no_harm_done_answers_a_check_in_where_no_alarm_is_open(gateway: Gateway) -> None:
    written = await gateway.client.put("/api/v1/elders/E1/rhythm", json={"times": ["09:05"]})
    assert written.status_code == 200, written.text
    gateway.later(minutes=6)
    for worker in gateway.system.workers:
        await asyncio.to_thread(worker.run_once)
    await gateway.client.get("/api/v1/elders/E1/announcements", params={"channel": "speaker"})
    await gateway.heard("没事")
    rounds = (await gateway.client.get("/api/v1/checkins/rounds")).json()["rounds"]
    assert [(row["state"], row["mood"]) for row in rounds] == [("answered", "well")]
