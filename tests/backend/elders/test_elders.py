"""Elders and their readings over HTTP."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.database import Database
from backend.elders.town import is_demo_town, mark_town


def test_an_elder_is_told_with_all_that_a_carer_has_to_know(api: TestClient) -> None:
    found = api.get("/elders/E2").json()
    assert found["called"] == "李爷爷"
    assert found["village"] == {"id": "V1", "name": "桥东村"}
    assert found["diet"] == ["low_salt", "no_pork"]
    assert found["living"] == "alone"
    assert found["contacts"] == [{"name": "李建芬", "relation": "女儿", "phone": "130 0000 0002", "order": 1}]
    assert api.get("/elders/nobody").json()["code"] == "unknown_elder"


def test_every_read_of_an_elder_stands_in_the_audit(api: TestClient, app: FastAPI, town: Database) -> None:
    api.get("/elders/E1")
    api.get("/elders", params={"tag": "独居"})
    app.state.parts.reads.flush()
    with town.session() as session:
        entries = session.execute(select(AuditEntry.actor, AuditEntry.action, AuditEntry.target)).all()
    assert [tuple(entry) for entry in entries] == [
        ("service", "elders.read", "elder:E1"),
        ("service", "elders.read", "elders"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["E1", "E2", "E3"]),
        ({"tag": ["独居", "高龄"]}, ["E1", "E2"]),
        ({"village_id": "V2"}, ["E3"]),
        ({"living": "institution"}, []),
        ({"name": "王奶奶"}, ["E1"]),
        ({"name": "%"}, []),
        ({"limit": 1, "offset": 1}, ["E2"]),
    ],
)
def test_elders_are_filtered_by_village_tags_living_and_name(
    api: TestClient, query: dict[str, object], expected: list[str]
) -> None:
    found = api.get("/elders", params=query).json()
    assert [elder["id"] for elder in found["elders"]] == expected


def test_readings_are_written_once_a_turn_and_come_back_newest_first(api: TestClient) -> None:
    body = {
        "turn_key": "voice:1",
        "readings": [
            {"kind": "blood_pressure", "value": 150, "value2": 95, "unit": "mmHg"},
            {"kind": "pulse", "value": 72, "unit": "bpm"},
        ],
        "said": "高压一百五低压九十五，脉搏七十二",
    }
    first = api.post("/elders/E1/readings", json=body)
    again = api.post("/elders/E1/readings", json=body)
    assert first.status_code == 201
    assert first.json() == again.json()
    assert first.json()["readings"][0]["value2"] == 95
    other = api.post("/elders/E1/readings", json=body | {"said": "别的"})
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    kept = api.get("/elders/E1/readings", params={"kind": "pulse"}).json()["readings"]
    assert [(row["kind"], row["value"]) for row in kept] == [("pulse", 72)]


def test_a_town_with_real_data_cannot_be_made_a_demo(town: Database) -> None:
    with pytest.raises(ValueError, match="real data"), town.write() as session:
        mark_town(session, name="测试镇", is_demo=True)
    assert not is_demo_town(town)


def test_how_an_elder_wishes_to_be_spoken_to_is_remembered(api: TestClient) -> None:
    before = api.get("/elders/E1").json()["preferences"]
    api.post("/elders/E1/voice", json={"rate": 0.8})
    api.post("/elders/E1/voice", json={"volume": 1.4, "pauses": [0.6, 1.1]})
    after = api.get("/elders/E1").json()["preferences"]
    assert after == {**before, "voice": {"rate": 0.8, "volume": 1.4, "pauses": [0.6, 1.1]}}
    assert api.post("/elders/E1/voice", json={"rate": 9}).status_code == 422
    assert api.post("/elders/nobody/voice", json={"rate": 1}).json()["code"] == "unknown_elder"
