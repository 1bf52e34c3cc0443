"""Open slots, and appointments that hold one."""

from __future__ import annotations

from datetime import timedelta

from fastapi.testclient import TestClient

from backend.clock import FrozenClock
from tests.backend.asking import appointment, at


def test_open_slots_are_listed_soonest_first_and_by_what_was_asked(api: TestClient) -> None:
    found = api.get("/appointments/slots", params={"department": "cardiology", "limit": 3}).json()["slots"]
    assert [slot["id"] for slot in found] == ["DR1-0", "DR2-0", "DR1-1"]
    assert found[0]["doctor"] == {"id": "DR1", "name": "马志强", "title": "主治医师"}
    assert found[0]["facility"] == {"id": "F1", "name": "镇卫生院"}
    hour = {"start": at("10:00"), "end": at("10:00"), "doctor_id": "DR3"}
    assert len(api.get("/appointments/slots", params=hour).json()["slots"]) == 4
    elsewhere = {"facility_id": "F2", "start": at("11:00"), "end": at("12:00")}
    assert [slot["id"] for slot in api.get("/appointments/slots", params=elsewhere).json()["slots"]] == [
        "DR2-8",
        "DR2-9",
    ]


def test_an_appointment_takes_the_earliest_matching_slot_and_says_all_about_it(api: TestClient) -> None:
    first = api.post("/requests", json=appointment("t:1", department="cardiology", facility="县医院"))
    assert first.status_code == 201
    made = first.json()
    assert made["state"] == "accepted"
    assert (made["start"], made["end"]) == (at("09:00"), at("09:15"))
    assert made["details"] == {
        "department": "cardiology", "slot_id": "DR2-0", "doctor_id": "DR2", "doctor": "沈国华",
        "facility_id": "F2", "facility": "县人民医院", "accompaniment": False,
    }  # fmt: skip
    assert made["summary"] == "就医预约 县人民医院 心内科 沈国华 2026-11-24 09:00"
    second = api.post("/requests", json=appointment("t:2", "E2", doctor="沈国华"))
    assert second.json()["details"]["slot_id"] == "DR2-1"
    taken = [
        slot["id"] for slot in api.get("/appointments/slots", params={"doctor_id": "DR2"}).json()["slots"]
    ]
    assert taken[0] == "DR2-2"


def test_a_taken_slot_is_refused_with_the_nearest_open_ones(api: TestClient) -> None:
    api.post("/requests", json=appointment("t:1", slot_id="DR1-3", start=None))
    refused = api.post("/requests", json=appointment("t:2", "E2", slot_id="DR1-3", start=None))
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    near = refused.json()["alternatives"]
    assert [slot["id"] for slot in near] == ["DR1-2", "DR1-4", "DR1-5"]
    assert near[0]["start"] == at("09:30")
    chosen = api.post("/requests", json=appointment("t:3", "E2", slot_id=near[0]["id"], start=None))
    assert chosen.status_code == 201


def test_where_nothing_matches_the_nearest_slots_are_offered(api: TestClient) -> None:
    evening = appointment("t:1", start="18:00", end="20:00", doctor="马志强", department="cardiology")
    refused = api.post("/requests", json=evening).json()
    assert refused["code"] == "no_slot"
    assert [slot["id"] for slot in refused["alternatives"]] == ["DR1-7", "DR1-8", "DR1-9"]
    for number in range(10):
        api.post("/requests", json=appointment(f"x:{number}", slot_id=f"DR1-{number}", start=None))
    full = api.post("/requests", json=appointment("t:2", doctor="马志强", department="cardiology")).json()
    assert {slot["doctor"]["name"] for slot in full["alternatives"]} == {"沈国华"}
    nobody = api.post("/requests", json=appointment("t:3", department="dermatology")).json()
    assert (nobody["code"], nobody["alternatives"]) == ("no_slot", [])


def test_the_past_is_not_booked(api: TestClient, clock: FrozenClock) -> None:
    clock.advance(timedelta(days=1, hours=2))
    over = api.post("/requests", json=appointment("t:1", slot_id="DR1-0", start=None))
    assert (over.status_code, over.json()["code"]) == (422, "in_the_past")
    window = api.post(
        "/requests", json=appointment("t:2", start="08:00", end="09:00", department="cardiology")
    )
    assert (window.status_code, window.json()["code"]) == (422, "in_the_past")
    partly = api.post("/requests", json=appointment("t:3", start="08:00", end="12:00", doctor="马志强"))
    assert partly.json()["details"]["slot_id"] == "DR1-4"


def test_wishes_that_name_nobody_are_refused_by_name(api: TestClient) -> None:
    for details, status, code in (
        ({"doctor": "没有这个医生"}, 422, "unknown_doctor"),
        ({"department": "cardiology", "facility": "没有这个医院"}, 422, "unknown_facility"),
        ({}, 422, "department_missing"),
        ({"slot_id": "DR1-99"}, 404, "unknown_slot"),
    ):
        refused = api.post("/requests", json=appointment("t:1", **details))
        assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_cancelled_appointment_frees_its_slot(api: TestClient) -> None:
    made = api.post("/requests", json=appointment("t:1", slot_id="DR1-0", start=None)).json()
    body = {"turn_key": "t:2", "reason": "不去了", "by": {"role": "elder", "id": "E1"}, "said": "不去了"}
    assert api.post(f"/requests/{made['id']}/cancel", json=body).json()["state"] == "cancelled"
    assert (
        api.post("/requests", json=appointment("t:3", "E2", slot_id="DR1-0", start=None)).status_code == 201
    )
