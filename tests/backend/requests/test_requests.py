"""Requests: made once a turn, changed whole or not at all, moved only as the table says."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from backend.audit.models import AuditEntry
from backend.care.models import CarerCell
from backend.clock import FrozenClock
from backend.database import Database, Effect
from backend.requests import service
from backend.requests.models import Request, RequestHistory
from backend.requests.service import Desk
from backend.settings import Settings
from tests.backend.asking import appointment, at, by, care, meal, visit


def count(town: Database, table: Any) -> int:
    with town.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def event(
    api: TestClient, request_id: str, name: str, key: str, role: str = "coordinator", **more: Any
) -> Any:
    body = {"turn_key": key, "event": name, "note": "", "by": by(role, "S1")} | more
    return api.post(f"/requests/{request_id}/events", json=body)


def change(api: TestClient, request_id: str, key: str, details: dict[str, Any], **more: Any) -> Any:
    body = {"turn_key": key, "details": details, "by": by(), "said": "改一下"} | more
    return api.post(f"/requests/{request_id}/change", json=body)


def test_the_same_turn_again_is_answered_with_the_same_row(api: TestClient, town: Database) -> None:
    first = api.post("/requests", json=meal("web:1", ["红烧肉"]))
    again = api.post("/requests", json=meal("web:1", ["红烧肉"]))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (count(town, Request), count(town, RequestHistory)) == (1, 2)
    reused = api.post("/requests", json=meal("web:1", ["清蒸鱼"]))
    assert (reused.status_code, reused.json()["code"]) == (422, "key_reused")
    second_effect = api.post("/requests", json=meal("web:1#2", ["清蒸鱼"]))
    assert second_effect.status_code == 201


def test_a_key_is_for_one_kind_of_effect(api: TestClient) -> None:
    made = api.post("/requests", json=meal("web:1", ["红烧肉"])).json()
    body = {"turn_key": "web:1", "reason": "", "by": by()}
    answer = api.post(f"/requests/{made['id']}/cancel", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


def test_a_refusal_leaves_nothing_and_its_key_can_be_used_for_the_next_try(
    api: TestClient, town: Database
) -> None:
    refused = api.post("/requests", json=meal("web:1", ["佛跳墙"]))
    assert refused.status_code == 409
    for table in (Request, RequestHistory, Effect, AuditEntry):
        assert count(town, table) == 0
    assert api.post("/requests", json=meal("web:1", ["红烧肉"])).status_code == 201


def test_request_history_and_audit_are_committed_together(api: TestClient, town: Database) -> None:
    made = api.post("/requests", json=meal("web:1", ["红烧肉"])).json()
    full = api.get(f"/requests/{made['id']}").json()
    assert full["said"] == "说的话"
    assert [(row["state"], row["event"], row["by"]) for row in full["history"]] == [
        ("submitted", None, "elder:E1"),
        ("accepted", "accept", "system"),
    ]
    with town.session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "requests.create")).one()
    assert (entry.actor, entry.target) == ("elder:E1", f"request:{made['id']}")
    assert api.get("/audit/verify").json()["ok"]


def test_an_elder_acts_for_herself_only(api: TestClient) -> None:
    foreign = meal("web:1", ["红烧肉"]) | {"by": by("elder", "E2")}
    assert api.post("/requests", json=foreign).json()["code"] == "forbidden"
    made = api.post("/requests", json=meal("web:2", ["红烧肉"]) | {"by": by("family", "F1")}).json()
    body = {"turn_key": "web:3", "reason": "", "by": by("elder", "E2")}
    assert api.post(f"/requests/{made['id']}/cancel", json=body).status_code == 403
    unknown = api.post("/requests", json=meal("web:4", ["红烧肉"], elder="E99"))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_elder")


def test_a_change_lets_go_and_takes_anew_in_one_transaction(api: TestClient) -> None:
    made = api.post("/requests", json=meal("web:1", ["红烧肉"], quantity=2)).json()
    changed = change(api, made["id"], "web:2", {"dishes": ["清蒸鱼"]})
    assert changed.status_code == 200
    assert changed.json()["details"]["dishes"] == ["清蒸鱼"]
    assert changed.json()["details"]["quantity"] == 2
    menu = api.get("/menus", params={"elder_id": "E1", "day": "2026-11-24", "meal": "lunch"}).json()
    assert [dish["left"] for dish in menu["dishes"]][:2] == [20, 18]
    again = change(api, made["id"], "web:2", {"dishes": ["清蒸鱼"]})
    assert again.json() == changed.json()
    history = api.get(f"/requests/{made['id']}").json()["history"]
    assert [row["note"] for row in history] == ["", "", "changed"]


def test_a_change_that_is_refused_changes_nothing(api: TestClient) -> None:
    mine = api.post("/requests", json=appointment("web:1", slot_id="DR1-0", start=None)).json()
    api.post("/requests", json=appointment("web:2", "E2", slot_id="DR1-1", start=None))
    refused = change(api, mine["id"], "web:3", {"slot_id": "DR1-1"})
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    after = api.get(f"/requests/{mine['id']}").json()
    assert after["details"]["slot_id"] == "DR1-0"
    assert len(after["history"]) == 2
    theirs = api.post("/requests", json=appointment("web:4", "E3", slot_id="DR1-0", start=None))
    assert theirs.json()["code"] == "slot_taken"


def test_another_time_another_doctor_and_another_item_find_their_own_place(api: TestClient) -> None:
    slot = api.post("/requests", json=appointment("a:1", slot_id="DR1-0", start=None)).json()
    moved = change(api, slot["id"], "a:2", {}, start=at("10:00"), end=at("11:00")).json()
    assert moved["start"] == at("10:00")
    other = change(api, slot["id"], "a:3", {"doctor": "沈国华"}).json()
    assert (other["details"]["doctor_id"], other["start"]) == ("DR2", at("10:00"))
    teeth = change(api, slot["id"], "a:4", {"department": "dentistry"}).json()
    assert teeth["details"]["doctor"] == "高明亮"

    bath = api.post("/requests", json=care("c:1", "bathing", "08:00", "12:00")).json()
    hair = change(api, bath["id"], "c:2", {"care_item": "haircut"}).json()
    assert (hair["carer"]["id"], hair["details"]["minutes"]) == ("K3", 30)
    assert change(api, bath["id"], "c:3", {"carer": "李文英"}).json()["carer"]["id"] == "K2"


def test_what_reserves_nothing_leaves_the_reservation_alone(api: TestClient, town: Database) -> None:
    made = api.post("/requests", json=care("c:1", "bathing", "08:00", "12:00")).json()
    api.post("/requests", json=care("c:2", "bathing", "08:00", "12:00", elder="E2"))
    moved = change(api, made["id"], "c:3", {"address": "女儿家", "person": "daughter"}).json()
    assert (moved["start"], moved["carer"]) == (made["start"], made["carer"])
    assert moved["details"]["address"] == "女儿家"
    back = change(api, made["id"], "c:4", {"person": None}).json()
    assert "person" not in back["details"]
    assert count(town, CarerCell) == 6


def test_the_whole_life_of_a_visit(api: TestClient, town: Database) -> None:
    made = api.post("/requests", json=visit("v:1", "09:00")).json()
    assert event(api, made["id"], "assign", "v:2", carer_id="K2").json()["carer"]["id"] == "K2"
    assert event(api, made["id"], "start", "v:3", role="caregiver").json()["state"] == "in_progress"
    done = event(api, made["id"], "complete", "v:4", role="caregiver")
    assert done.json()["state"] == "completed"
    assert event(api, made["id"], "complete", "v:4", role="caregiver").json() == done.json()
    assert event(api, made["id"], "start", "v:5").json()["code"] == "not_allowed"
    with town.session() as session:
        assert set(session.scalars(select(CarerCell.carer_id))) == {"K2"}


@pytest.mark.parametrize(
    ("name", "role"), [("complete", "coordinator"), ("assign", "elder"), ("accept", "town_admin")]
)
def test_a_move_that_the_table_or_the_role_forbids_is_refused(api: TestClient, name: str, role: str) -> None:
    made = api.post("/requests", json=meal("web:1", ["红烧肉"])).json()
    person = "E1" if role == "elder" else "S1"
    refused = event(api, made["id"], name, "web:2", by=by(role, person))
    assert (refused.status_code, refused.json()["code"]) == (409, "not_allowed")
    assert refused.json()["state"] == "accepted"


def test_a_carer_who_is_busy_or_does_not_do_it_cannot_be_assigned(api: TestClient) -> None:
    api.post("/requests", json=visit("v:1", "09:00", elder="E3", carer_id="K2"))
    made = api.post("/requests", json=visit("v:2", "09:00")).json()
    busy = event(api, made["id"], "assign", "v:3", carer_id="K2")
    assert (busy.status_code, busy.json()["code"]) == (409, "carer_busy")
    unfit = event(api, made["id"], "assign", "v:4", carer_id="K3")
    assert (unfit.status_code, unfit.json()["code"]) == (422, "carer_without_skill")
    assert api.get(f"/requests/{made['id']}").json()["carer"]["id"] == "K1"


def test_nobody_came_is_noticed_by_the_system_and_somebody_is_sent_again(
    api: TestClient, town: Database, clock: FrozenClock, settings: Settings
) -> None:
    made = api.post("/requests", json=visit("v:1", "09:00")).json()
    event(api, made["id"], "assign", "v:2")
    clock.at = clock.at.replace(day=24, hour=10, minute=29)
    with town.session() as session:
        assert service.overdue(session, now=clock.now()) == []
    clock.at = clock.at.replace(minute=31)
    with town.session() as session:
        late = [row.id for row in service.overdue(session, now=clock.now())]
    assert late == [made["id"]]
    missed = town.transact(
        lambda session: service.miss(
            Desk(session=session, now=clock.now(), settings=settings), made["id"], turn_key="sweep:1"
        )
    )
    assert missed.state == "missed"
    again = event(api, made["id"], "redispatch", "v:3").json()
    assert (again["state"], again["start"]) == ("assigned", at("11:00"))
    assert api.get(f"/requests/{made['id']}").json()["history"][-2]["by"] == "system"


def test_a_cancelled_request_cannot_be_changed(api: TestClient) -> None:
    made = api.post("/requests", json=visit("v:1", "09:00")).json()
    body = {"turn_key": "v:2", "reason": "女儿来", "by": by()}
    first = api.post(f"/requests/{made['id']}/cancel", json=body)
    assert first.json()["state"] == "cancelled"
    assert api.post(f"/requests/{made['id']}/cancel", json=body).json() == first.json()
    assert change(api, made["id"], "v:3", {"mode": "call"}).json()["code"] == "not_allowed"
    assert api.post("/requests", json=visit("v:4", "09:00", elder="E2", carer_id="K1")).status_code == 201


def test_requests_are_found_by_whose_which_and_when(api: TestClient) -> None:
    lunch = api.post("/requests", json=meal("m:1", ["红烧肉"])).json()
    later = api.post("/requests", json=meal("m:2", ["红烧肉"], day="2026-11-26")).json()
    bath = api.post("/requests", json=care("c:1", "bathing", "08:00")).json()
    api.post("/requests", json=meal("m:3", ["清蒸鱼"], elder="E2"))
    api.post(f"/requests/{later['id']}/cancel", json={"turn_key": "x", "reason": "", "by": by()})

    def ids(**query: Any) -> list[str]:
        return [
            row["id"] for row in api.get("/requests", params={"elder_id": "E1"} | query).json()["requests"]
        ]

    assert ids() == [later["id"], lunch["id"], bath["id"]]
    assert ids(open=True) == [bath["id"], lunch["id"]]
    assert ids(open=False) == [later["id"]]
    assert ids(kind="meal", state=["accepted", "cancelled"]) == [later["id"], lunch["id"]]
    assert ids(start=at("10:00"), end=at("23:00")) == [lunch["id"]]
    assert ids(limit=1, offset=1) == [lunch["id"]]
    assert api.get("/requests", params={"limit": 1}).json()["total"] == 4
    assert api.get("/requests/nothing").json()["code"] == "unknown_request"
