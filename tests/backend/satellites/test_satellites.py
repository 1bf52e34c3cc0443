"""Speakers in the homes: registered once, known by their token, shut out at once."""

from __future__ import annotations

from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import select

from backend.database import Database
from backend.satellites import service
from backend.satellites.models import Satellite
from tests.backend.conftest import NOW


def test_a_speaker_is_known_by_its_token_until_it_is_shut_out(api: TestClient, town: Database) -> None:
    made = api.post("/satellites", json={"elder_id": "E1", "name": "客厅"}).json()
    with town.session() as session:
        known = service.known(session, made["token"])
        assert known is not None
        assert (known.id, known.elder_id) == (made["id"], "E1")
        assert service.known(session, made["token"] + "x") is None
    api.post(f"/satellites/{made['id']}/revoke")
    with town.session() as session:
        assert service.known(session, made["token"]) is None


def test_the_token_is_told_once_and_stored_nowhere(api: TestClient, town: Database) -> None:
    made = api.post("/satellites", json={"elder_id": "E1", "name": "客厅"}).json()
    listed = api.get("/satellites", params={"elder_id": "E1"}).json()["satellites"]
    assert [row["name"] for row in listed] == ["客厅"]
    assert made["token"] not in str(listed)
    with town.session() as session:
        stored = session.scalars(select(Satellite.token_sha256)).one()
        assert made["token"] not in stored


def test_nobody_registers_a_speaker_for_an_elder_who_is_not_in_the_book(api: TestClient) -> None:
    assert api.post("/satellites", json={"elder_id": "E999", "name": "?"}).status_code == 404
    assert api.post("/satellites/nothing/revoke").json()["code"] == "unknown_satellite"


def test_when_it_was_last_there_is_written_down_now_and_then(api: TestClient, town: Database) -> None:
    made = api.post("/satellites", json={"elder_id": "E1", "name": "客厅"}).json()
    for seconds in (0, 30, 90):
        town.transact(
            lambda session, at=seconds: service.seen(session, made["id"], now=NOW + timedelta(seconds=at))
        )
    (row,) = api.get("/satellites").json()["satellites"]
    assert row["seen_at"] is not None
