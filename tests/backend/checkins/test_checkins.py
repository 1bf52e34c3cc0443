"""Check-ins: written down once, followed up, and who was not heard from is known."""

from __future__ import annotations

from datetime import timedelta

from fastapi.testclient import TestClient

from backend.audit import service as audit
from backend.checkins import service
from backend.clock import FrozenClock
from backend.database import Database

BODY = {
    "turn_key": "voice:1", "elder_id": "E1", "channel": "voice", "outcome": "needs_attention", "mood": "闷",
    "notes": "夜里睡不好", "said": "夜里厢困不着",
}  # fmt: skip


def test_a_check_in_is_written_down_once(api: TestClient, town: Database) -> None:
    made, again = api.post("/checkins", json=BODY), api.post("/checkins", json=BODY)
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == again.json()
    assert made.json()["said"] == "夜里厢困不着"
    assert made.json()["at"] == "2026-11-23T08:00:00+08:00"
    assert len(api.get("/checkins", params={"elder_id": "E1"}).json()["checkins"]) == 1
    with town.session() as session:
        assert [entry.action for entry in audit.entries_of(session, "elder:E1")] == ["checkins.create"]


def test_the_same_key_with_another_body_is_refused(api: TestClient) -> None:
    api.post("/checkins", json=BODY)
    answer = api.post("/checkins", json=BODY | {"outcome": "well"})
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


def test_nobody_is_checked_in_with_who_is_not_in_the_book(api: TestClient) -> None:
    answer = api.post("/checkins", json=BODY | {"elder_id": "E9"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_elder")
    assert api.get("/checkins").json()["checkins"] == []


def test_unknown_words_and_nul_are_refused(api: TestClient) -> None:
    for wrong in ({"outcome": "fine"}, {"channel": "pigeon"}, {"mood": "a\x00b"}, {"extra": 1}):
        answer = api.post("/checkins", json=BODY | wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")


def test_what_was_followed_up_stands_beside_the_check_in(api: TestClient) -> None:
    checkin_id = api.post("/checkins", json=BODY).json()["id"]
    answer = api.post(
        f"/checkins/{checkin_id}/follow-up",
        json={"by": {"role": "coordinator", "id": "S03"}, "note": "已上门探望"},
    )
    assert (answer.json()["follow_up"], answer.json()["followed_up_by"]) == ("已上门探望", "coordinator:S03")
    missing = api.post("/checkins/none/follow-up", json={"by": {}, "note": ""})
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_checkin")


def test_check_ins_are_found_by_elder_outcome_and_time(api: TestClient, clock: FrozenClock) -> None:
    for number, (elder, outcome) in enumerate([("E1", "well"), ("E2", "well"), ("E1", "no_answer")]):
        body = BODY | {"turn_key": f"text:{number}", "elder_id": elder, "outcome": outcome}
        assert api.post("/checkins", json=body).status_code == 201
        clock.advance(timedelta(hours=1))

    def keys(**query: str) -> list[str]:
        return [row["turn_key"] for row in api.get("/checkins", params=query).json()["checkins"]]

    assert keys() == ["text:2", "text:1", "text:0"]
    assert keys(elder_id="E1") == ["text:2", "text:0"]
    assert keys(outcome="well", since="2026-11-23T08:30:00+08:00") == ["text:1"]


def test_an_unanswered_call_does_not_count_as_heard_from(
    api: TestClient, town: Database, clock: FrozenClock
) -> None:
    for number, (elder, outcome) in enumerate([("E1", "no_answer"), ("E2", "well")]):
        api.post(
            "/checkins",
            json=BODY | {"turn_key": f"text:{number}", "elder_id": elder, "outcome": outcome},
        )
    with town.session() as session:
        heard = service.last_answered(session, since=clock.now() - timedelta(hours=8))
        assert heard == {"E2": clock.now()}
        assert service.last_answered(session, since=clock.now() + timedelta(seconds=1)) == {}
