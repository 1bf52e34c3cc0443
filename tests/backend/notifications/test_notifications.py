"""Handovers stay open until somebody called back; reminders are kept as they were asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from backend.clock import FrozenClock

HANDOVER = {"turn_key": "voice:1", "elder_id": "E1", "reason": "想找人说话", "said": "我要找小姑娘讲"}
REMINDER = {
    "turn_key": "voice:2", "elder_id": "E1", "text": "吃降压药", "start": "2026-11-24T08:00:00+08:00",
    "repeat": "FREQ=DAILY", "said": "每天早上八点叫我吃药",
}  # fmt: skip
BY = {"by": {"role": "coordinator", "id": "S03"}}


def test_a_handover_is_asked_for_once_and_stays_open_until_somebody_called(
    api: TestClient, clock: FrozenClock
) -> None:
    made, again = api.post("/handovers", json=HANDOVER), api.post("/handovers", json=HANDOVER)
    assert (made.status_code, again.status_code, made.json()) == (201, 200, again.json())
    path = f"/handovers/{made.json()['id']}/done"
    assert [row["state"] for row in api.get("/handovers", params={"state": "open"}).json()["handovers"]] == [
        "open"
    ]
    clock.advance(timedelta(minutes=10))
    done = api.post(path, json=BY | {"note": "聊了一会儿"}).json()
    assert (done["state"], done["done_by"], done["note"]) == ("done", "coordinator:S03", "聊了一会儿")
    clock.advance(timedelta(minutes=10))
    assert api.post(path, json={"by": {"id": "S99"}}).json() == done
    assert api.get("/handovers", params={"state": "open"}).json()["handovers"] == []


def test_who_waits_longest_for_a_call_comes_first(api: TestClient, clock: FrozenClock) -> None:
    for number, elder in enumerate(("E2", "E3", "E1")):
        api.post("/handovers", json=HANDOVER | {"turn_key": f"web:{number}", "elder_id": elder})
        clock.advance(timedelta(minutes=1))
    rows = api.get("/handovers").json()["handovers"]
    assert [row["elder_id"] for row in rows] == ["E2", "E3", "E1"]


def test_a_reminder_comes_back_as_it_was_asked_for(api: TestClient) -> None:
    made, again = api.post("/reminders", json=REMINDER), api.post("/reminders", json=REMINDER)
    assert (made.status_code, again.status_code, made.json()) == (201, 200, again.json())
    (row,) = api.get("/reminders", params={"elder_id": "E1"}).json()["reminders"]
    assert {key: row[key] for key in REMINDER} == REMINDER
    assert row["state"] == "active"


def test_a_lunar_reminder_is_kept_as_a_lunar_one(api: TestClient) -> None:
    rule = "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15"
    made = api.post("/reminders", json=REMINDER | {"repeat": rule})
    assert (made.status_code, made.json()["repeat"]) == (201, rule)


def test_reminders_come_soonest_first(api: TestClient) -> None:
    for number, day in enumerate((26, 24, 25)):
        body = REMINDER | {"turn_key": f"web:{number}", "start": f"2026-11-{day}T08:00:00+08:00"}
        api.post("/reminders", json=body)
    rows = api.get("/reminders", params={"elder_id": "E1"}).json()["reminders"]
    assert [row["turn_key"] for row in rows] == ["web:1", "web:2", "web:0"]


def test_a_cancelled_reminder_is_not_done_later(api: TestClient) -> None:
    path = f"/reminders/{api.post('/reminders', json=REMINDER).json()['id']}"
    assert api.post(f"{path}/cancel", json=BY).json()["state"] == "cancelled"
    assert api.post(f"{path}/cancel", json=BY).json()["state"] == "cancelled"
    refused = api.post(f"{path}/done", json=BY)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_allowed")
    assert api.get("/reminders", params={"state": "active"}).json()["reminders"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"repeat": "every day"},
        {"repeat": "FREQ=DAILY\nX"},
        {"start": "2026-11-24T08:00:00"},
        {"start": None, "repeat": None},
        {"elder_id": "E 1"},
    ],
)
def test_what_is_no_reminder_is_refused(api: TestClient, wrong: dict[str, str]) -> None:
    answer = api.post("/reminders", json=REMINDER | wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


def test_one_turn_key_is_for_one_thing(api: TestClient) -> None:
    api.post("/handovers", json=HANDOVER)
    answer = api.post("/reminders", json=REMINDER | {"turn_key": HANDOVER["turn_key"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


@pytest.mark.parametrize("path", ["/handovers/none/done", "/reminders/none/done", "/reminders/none/cancel"])
def test_what_does_not_exist_cannot_end(api: TestClient, path: str) -> None:
    assert api.post(path, json=BY).status_code == 404


def test_an_unknown_elder_gets_neither(api: TestClient) -> None:
    for path, body in (("/handovers", HANDOVER), ("/reminders", REMINDER)):
        answer = api.post(path, json=body | {"elder_id": "E9"})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_elder")
