"""Care plans, consents and tags that hold for a time, over the API and the engine."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.database import Database
from backend.elders import proposals
from backend.elders import tags as tagging
from backend.elders.proposals import Heard
from backend.errors import NotFound
from tests.backend.clockwork import Clockwork
from tests.backend.conftest import NOW

GOAL = {"text": "每周洗两次澡", "services": ["home_care:bathing", "meal"], "review_on": "2026-12-01"}


def test_a_goal_is_set_looked_at_again_and_reached(api: TestClient) -> None:
    made = api.post("/elders/E1/goals", json=GOAL).json()
    assert (made["state"], made["services"]) == ("active", ["home_care:bathing", "meal"])
    path = f"/elders/E1/goals/{made['id']}/review"
    on = api.post(path, json={"state": "active", "review_on": "2026-12-20", "note": "洗了一次，再看看"})
    assert on.json()["review_on"] == "2026-12-20"
    assert api.post(path, json={"state": "active", "note": "没有日子"}).status_code == 422
    assert api.post(path, json={"state": "reached", "note": "做到了"}).json()["state"] == "reached"
    assert (
        api.post(path, json={"state": "active", "review_on": "2026-12-30", "note": "又"}).status_code == 409
    )
    assert [goal["state"] for goal in api.get("/elders/E1/goals").json()["goals"]] == ["reached"]


@pytest.mark.parametrize("wrong", [{"review_on": "2026-11-01"}, {"services": ["dancing"]}, {"text": ""}])
def test_a_goal_that_makes_no_sense_is_refused(api: TestClient, wrong: dict[str, Any]) -> None:
    assert api.post("/elders/E1/goals", json=GOAL | wrong).status_code == 422


def test_a_consent_says_who_gave_it_how_and_when_it_was_taken_back(api: TestClient) -> None:
    sent = {"kind": "keep_audio", "given_by": "本人", "how": "当面说的，已签字"}
    made = api.post("/elders/E1/consents", json=sent).json()
    assert (made["given_by"], made["withdrawn_at"]) == ("本人", None)
    path = f"/elders/E1/consents/{made['id']}/withdraw"
    back = api.post(path, json={"why": "不想留录音了"}).json()
    assert (back["withdrawn_why"], back["withdrawn_at"] is not None) == ("不想留录音了", True)
    assert api.post(path, json={}).json()["withdrawn_why"] == "不想留录音了"
    assert api.post(f"/elders/E2/consents/{made['id']}/withdraw", json={}).status_code == 404
    again = api.post("/elders/E1/consents", json=sent).json()
    api.post("/elders/E1/consents", json=sent | {"given_by": "女儿"})
    rows = {row["id"]: row for row in api.get("/elders/E1/consents").json()["consents"]}
    assert len(rows) == 3  # nothing is forgotten
    assert rows[again["id"]]["withdrawn_at"] is not None


def test_a_tag_comes_off_by_itself_when_its_day_is_over(town: Database, engine: Clockwork) -> None:
    def give(session: Any, until: date, tag: str = "刚出院") -> None:
        tagging.give(
            session, elder_id="E1", tag=tag, source="女儿电话", until=until, actor="coordinator:S03", at=NOW
        )

    town.transact(lambda session: give(session, date(2026, 11, 24)))
    town.transact(lambda session: give(session, date(2026, 11, 24), "头晕"))
    town.transact(lambda session: give(session, date(2026, 11, 26), "头晕"))  # it was said anew: longer

    def tags() -> list[str]:
        with town.session() as session:
            return [row.tag for row in tagging.of(session, "E1") if row.source == "女儿电话"]

    engine.pass_time(timedelta(hours=39))  # 23:00 on its last day
    assert tags() == ["刚出院", "头晕"]
    engine.pass_time(timedelta(hours=2))
    assert tags() == ["头晕"]
    engine.pass_time(timedelta(days=2))
    assert tags() == []


def heard(text: str, days_ago: int = 1) -> Heard:
    return Heard(text=text, at=NOW - timedelta(days=days_ago), way="对话")


def proposed(town: Database, *said: Heard) -> list[str]:
    with town.session() as session:
        return [one.tag for one in proposals.proposed(session, "E1", said, now=NOW)]


def test_tags_are_proposed_from_what_was_said_and_a_person_decides(town: Database) -> None:
    said = [heard("这两天没胃口"), heard("昨天在门口摔了一跤"), heard("夜里睡不着", 20)]
    assert proposed(town, *said) == ["胃口差", "跌倒过"]

    def decide(session: Any, tag: str, accept: bool) -> None:
        proposals.decide(session, "E1", tag, accept=accept, heard=said, actor="coordinator:S03", now=NOW)

    town.transact(lambda session: decide(session, "胃口差", True))
    town.transact(lambda session: decide(session, "跌倒过", False))
    with town.session() as session:
        row = next(row for row in tagging.of(session, "E1") if row.tag == "胃口差")
        assert row.source == "11月22日对话：「这两天没胃口」"
        assert row.until == date(2026, 12, 7)
    assert proposed(town, *said) == []
    later = Heard(text="又摔倒了", at=NOW + timedelta(minutes=1), way="对话")
    assert proposed(town, later) == ["跌倒过"]  # dismissed once is not dismissed for ever
    with pytest.raises(NotFound):
        town.transact(lambda session: decide(session, "头晕", True))


@pytest.mark.parametrize("text", ["没有摔，好好的", "头不晕了", "我要订晚饭", "胃口好得很"])
def test_nothing_is_proposed_from_words_that_say_nothing_of_the_kind(town: Database, text: str) -> None:
    assert proposed(town, heard(text)) == []
