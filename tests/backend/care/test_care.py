"""Who is free, and requests that hold a carer's half-hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient

from backend.clock import FrozenClock
from tests.backend.asking import at, care, visit


def offers(api: TestClient, item: str, start: str, end: str, **more: Any) -> list[tuple[str, str, str]]:
    query = {"care_item": item, "start": at(start), "end": at(end), "elder_id": "E1"} | more
    found = api.get("/care/availability", params=query).json()["offers"]
    return [(row["carer"]["id"], row["start"][11:16], row["end"][11:16]) for row in found]


def test_carers_with_the_skill_are_offered_with_their_usual_length(api: TestClient) -> None:
    assert offers(api, "bathing", "08:00", "12:00") == [("K1", "08:00", "09:30"), ("K2", "08:00", "09:30")]
    assert offers(api, "bathing", "08:00", "12:00", elder_id="E3")[0][0] == "K2"
    assert offers(api, "haircut", "09:00", "09:00", minutes=60) == [
        ("K3", "09:00", "10:00"),
        ("K2", "09:00", "10:00"),
    ]
    assert offers(api, "companionship", "09:00", "10:00") == [
        ("K1", "09:00", "10:00"),
        ("K2", "09:00", "10:00"),
    ]
    assert offers(api, "call", "09:00", "10:00") == [("K2", "09:00", "09:30")]
    assert offers(api, "nursing", "09:00", "10:00") == []


def test_nobody_works_outside_her_hours(api: TestClient) -> None:
    assert offers(api, "bathing", "05:00", "09:00") == []
    assert offers(api, "bathing", "16:00", "20:00")[0] == ("K1", "16:00", "17:30")
    assert offers(api, "bathing", "17:00", "19:00") == []


def test_the_own_village_comes_first_and_then_the_earliest_hour(api: TestClient) -> None:
    first = api.post("/requests", json=care("t:1", "bathing", "08:00", "12:00")).json()
    assert first["state"] == "accepted"
    assert first["carer"] == {"id": "K1", "name": "张月琴"}
    assert (first["start"], first["end"]) == (at("08:00"), at("09:30"))
    assert first["details"]["address"] == "E1的家"
    assert first["details"]["minutes"] == 90
    assert first["summary"] == "居家照护 助浴 2026-11-24 08:00-09:30 张月琴"
    second = api.post("/requests", json=care("t:2", "bathing", "08:00", "12:00", elder="E2")).json()
    assert (second["carer"]["id"], second["start"]) == ("K1", at("09:30"))
    point = api.post("/requests", json=care("t:3", "bathing", "08:30", elder="E2")).json()
    assert (point["carer"]["id"], point["start"]) == ("K2", at("08:30"))


def test_a_window_with_a_choice_begins_on_the_clocks_half_hours(api: TestClient) -> None:
    assert offers(api, "call", "09:07", "12:00")[0] == ("K2", "09:30", "10:00")
    assert offers(api, "call", "09:20", "09:50")[0] == ("K2", "09:20", "09:50")


def test_a_busy_carer_is_refused_with_others_and_other_hours(api: TestClient) -> None:
    api.post("/requests", json=care("t:1", "bathing", "10:00", carer_id="K1"))
    refused = api.post("/requests", json=care("t:2", "bathing", "10:00", elder="E2", carer="张月琴"))
    assert (refused.status_code, refused.json()["code"]) == (409, "carer_busy")
    near = refused.json()["alternatives"]
    assert len(near) == 3
    assert {"carer": {"id": "K2", "name": "李文英"}, "start": at("10:00"), "end": at("11:30")} in near
    assert any(offer["carer"]["id"] == "K1" for offer in near)
    for number, offer in enumerate(near):
        body = care(f"n:{number}", "bathing", "00:00", carer_id=offer["carer"]["id"])
        body |= {"start": offer["start"], "end": offer["end"]}
        assert api.post("/requests", json=body).status_code == 201, "what is offered can be had"


def test_a_skill_that_nobody_has_is_refused_without_false_hope(api: TestClient) -> None:
    refused = api.post("/requests", json=care("t:1", "nursing", "10:00"))
    assert (refused.status_code, refused.json()["code"]) == (409, "carer_busy")
    assert refused.json()["alternatives"] == []


def test_company_comes_by_visit_or_by_call(api: TestClient) -> None:
    made = api.post("/requests", json=visit("t:1", "14:00", "16:00", mode="visit")).json()
    assert (made["carer"]["id"], made["details"]["minutes"]) == ("K1", 60)
    assert made["details"]["address"] == "E1的家"
    call = api.post("/requests", json=visit("t:2", "14:00", mode="call")).json()
    assert (call["carer"]["id"], call["details"]["minutes"]) == ("K2", 30)
    assert "address" not in call["details"]
    assert call["summary"] == "关爱陪伴 打电话 2026-11-24 14:00-14:30 李文英"


def test_the_past_is_not_promised(api: TestClient, clock: FrozenClock) -> None:
    clock.advance(timedelta(days=1, hours=2, minutes=10))  # Tuesday 10:10
    over = api.post("/requests", json=care("t:1", "bathing", "08:00", "09:00"))
    assert (over.status_code, over.json()["code"]) == (422, "in_the_past")
    partly = api.post("/requests", json=care("t:2", "bathing", "08:00", "12:00")).json()
    assert partly["start"] == at("10:30")


def test_care_that_begins_between_half_hours_holds_all_that_it_touches(api: TestClient) -> None:
    api.post("/requests", json=care("t:1", "haircut", "09:20", carer_id="K3"))  # until 09:50
    assert offers(api, "haircut", "09:00", "09:30", elder_id="E1") == [("K2", "09:00", "09:30")]
    assert ("K3", "10:00", "10:30") in offers(api, "haircut", "10:00", "10:30")
