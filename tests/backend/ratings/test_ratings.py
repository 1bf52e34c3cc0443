"""A finished service is rated once: by the elder when she is asked, or by whoever asked her."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from assistant.nlu.promised import liking
from backend.outbox.models import Channel, Why
from tests.backend.asking import by, care
from tests.backend.clockwork import Clockwork
from tests.backend.requests.test_arrivals import ask, event, until

ROWS = yaml.safe_load(Path("tests/corpora/promised.yml").read_text(encoding="utf-8"))["liking"]


def bathed(engine: Clockwork, api: TestClient, key: str = "v:1", clock: str = "09:00") -> dict[str, Any]:
    """A bath that was assigned, begun and noted as done."""
    bath = ask(api, care(key, "bathing", clock))
    event(api, bath, "assign", key=f"{key}:1")
    until(engine, clock)
    event(api, bath, "start", key=f"{key}:2")
    engine.pass_time(timedelta(minutes=40))
    event(api, bath, "complete", key=f"{key}:3", note="洗好了")
    return bath


def questions(engine: Clockwork) -> list[str]:
    rows = engine.messages(why=Why.REQUEST)
    return [row.text for row in rows if row.channel is Channel.SPEAKER and row.asks == "rating"]


def test_after_a_visit_the_elder_is_asked_and_her_answer_is_the_rating(
    engine: Clockwork, api: TestClient
) -> None:
    bath = bathed(engine, api)
    assert questions(engine) == []
    engine.pass_time(timedelta(minutes=21))
    assert len(questions(engine)) == 1
    assert "助浴" in questions(engine)[0]
    said = engine.hear("蛮好的，洗得很舒服")
    assert said is not None
    assert "记下了" in said[0]
    row = api.get("/ratings", params={"elder_id": "E1"}).json()["ratings"][0]
    assert (row["request_id"], row["stars"], row["role"]) == (bath["id"], 5, "elder")
    assert row["said"] == "蛮好的，洗得很舒服"
    assert engine.hear("很好", key="m2", fetched=False) is None  # it was answered


def test_who_was_not_content_is_heard_by_people(engine: Clockwork, api: TestClient) -> None:
    bathed(engine, api)
    engine.pass_time(timedelta(minutes=21))
    said = engine.hear("不好，水太冷了")
    assert said is not None
    assert "对不住" in said[0]
    shown = [row.text for row in engine.messages(why=Why.REQUEST) if row.channel is Channel.FEED]
    assert any("不满意" in text and "水太冷了" in text for text in shown)


def test_she_is_asked_once_a_day_and_not_again_where_she_says_nothing(
    engine: Clockwork, api: TestClient
) -> None:
    bathed(engine, api)
    bathed(engine, api, key="v:2", clock="14:00")
    until(engine, "23:00")
    assert len(questions(engine)) == 1
    assert engine.open() == []


def test_a_late_evening_is_no_time_to_ask(engine: Clockwork, api: TestClient) -> None:
    bath = ask(api, care("v:1", "bathing", "16:00"))
    event(api, bath, "assign", key="e:1")
    until(engine, "16:00")
    event(api, bath, "start", key="e:2")
    until(engine, "20:10")
    event(api, bath, "complete", key="e:3")
    until(engine, "23:00")
    assert questions(engine) == []


def test_a_person_writes_down_what_the_elder_told_her_but_not_over_the_elders_own_word(
    engine: Clockwork, api: TestClient
) -> None:
    bath = bathed(engine, api)
    path = f"/requests/{bath['id']}/rating"
    body = {"turn_key": "r:1", "stars": 4, "said": "电话里说蛮好", "by": by("coordinator", "S03")}
    assert api.post(path, json=body).status_code == 200
    assert api.post(path, json=body).json()["stars"] == 4  # sent twice, it is there once
    own = {"turn_key": "r:2", "stars": 5, "said": "很好", "by": by()}
    assert api.post(path, json=own).json()["role"] == "elder"
    again = api.post(path, json=body | {"turn_key": "r:3", "stars": 1})
    assert (again.status_code, again.json()["code"]) == (409, "own_word")
    assert [row["stars"] for row in api.get("/ratings").json()["ratings"]] == [5]


def test_only_what_is_finished_is_rated_and_only_by_her_whose_it_is(
    engine: Clockwork, api: TestClient
) -> None:
    bath = ask(api, care("v:1", "bathing", "09:00"))
    path = f"/requests/{bath['id']}/rating"
    early = api.post(path, json={"turn_key": "r:1", "stars": 4, "by": by("coordinator", "S03")})
    assert (early.status_code, early.json()["code"]) == (409, "not_completed")
    other = api.post(path, json={"turn_key": "r:2", "stars": 4, "by": by("elder", "E2")})
    assert other.status_code == 403
    for stars in (0, 6):
        wrong = api.post(path, json={"turn_key": "r:3", "stars": stars, "by": by("coordinator", "S03")})
        assert wrong.status_code == 422


@pytest.mark.parametrize(("stars", "text"), [(row, text) for row, texts in ROWS.items() for text in texts])
def test_how_a_service_was_found_is_understood(stars: str, text: str) -> None:
    assert str(liking(text) or "none") == str(stars)
