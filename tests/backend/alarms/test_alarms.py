"""Alarms: none is refused, each is kept once, and what was done about it cannot be lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from assistant.vocabulary import AlarmState, Emergency, Role
from backend.alarms import service
from backend.alarms.models import Alarm
from backend.audit import service as audit
from backend.audit import triggers
from backend.database import Database
from backend.errors import NotAllowed
from backend.wire import By

AT = datetime(2026, 11, 23, 0, 0, tzinfo=timezone.utc)
NURSE = By(role=Role.CAREGIVER, id="S15")


def cry(
    database: Database,
    *,
    turn_key: str = "voice:1",
    elder_id: str = "E1",
    words: str = "我摔倒了",
    at: datetime = AT,
) -> Alarm:
    def work(session: Session) -> Alarm:
        return service.raise_alarm(
            session,
            elder_id=elder_id,
            category=Emergency.FALL,
            words=words,
            channel="voice",
            turn_key=turn_key,
            at=at,
        )

    return database.transact(work)


def test_the_same_turn_raises_one_alarm(town: Database) -> None:
    first, again = cry(town), cry(town, at=AT + timedelta(minutes=1))
    assert first.id == again.id
    assert again.raised_at == AT
    with town.session() as session:
        (alarm,) = service.find(session)
        assert [event.state for event in alarm.history] == [AlarmState.RAISED]
        assert [entry.action for entry in audit.entries_of(session, f"alarm:{alarm.id}")] == ["alarms.raise"]


def test_what_she_says_afterwards_stands_with_the_alarm_once(town: Database, api: TestClient) -> None:
    alarm = cry(town)
    for words in ("我摔倒了", "我摔倒了，在卫生间，腿动不了", "我摔倒了，在卫生间，腿动不了"):
        answered = api.post(f"/alarms/{alarm.id}/words", json={"words": words})
    assert answered.json()["words"] == "我摔倒了"
    assert [(event["state"], event["note"]) for event in answered.json()["history"]] == [
        ("raised", ""),
        ("raised", "我摔倒了，在卫生间，腿动不了"),
    ]
    assert api.post("/alarms/nothing/words", json={"words": "疼"}).status_code == 404


def test_the_same_turn_at_once_in_several_processes_raises_one_alarm(town_url: str) -> None:
    databases = [Database(town_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(lambda database: cry(database).id, databases))
    with databases[0].session() as session:
        assert [alarm.id for alarm in service.find(session)] == ids[:1]
    assert len(set(ids)) == 1
    for database in databases:
        database.dispose()


@pytest.mark.parametrize(
    ("elder_id", "words"),
    [
        ("E9999", "救命"),
        ("", "救命"),
        ("E1\x00", "救\x00命"),
        ("E1", "\ud83d救命"),
        ("x" * 500, "救命" * 5000),
    ],
)
def test_no_alarm_is_refused_whoever_cries_and_whatever_the_words(
    town: Database, elder_id: str, words: str
) -> None:
    alarm = cry(town, elder_id=elder_id, words=words)
    assert alarm.state is AlarmState.RAISED
    assert "救" in alarm.words
    assert alarm.known_elder_id == ("E1" if elder_id.startswith("E1") else None)


def test_a_known_elder_is_linked(town: Database) -> None:
    assert cry(town).known_elder_id == "E1"


def test_an_overlong_turn_key_still_makes_one_alarm(town: Database) -> None:
    key = "voice:" + "9" * 5000
    assert cry(town, turn_key=key).id == cry(town, turn_key=key).id


def test_an_alarm_is_raised_even_where_the_audit_is_broken(town: Database) -> None:
    cry(town, turn_key="voice:0")
    with town.write() as session:
        triggers.remove(session.connection())
        session.execute(text("UPDATE audit_head SET seq = 0"))  # the next entry's number is taken already
        triggers.install(session.connection())
    alarm = cry(town)
    with town.session() as session:
        assert service.get(session, alarm.id).state is AlarmState.RAISED
        assert not audit.verify(session).ok, "and the damage is still seen"


def test_an_alarm_is_taken_on_and_closed_by_people_whose_names_stay(town: Database) -> None:
    alarm = cry(town)
    noon = AT + timedelta(hours=4)
    town.transact(lambda s: service.acknowledge(s, alarm.id, by=NURSE, note="马上到", at=AT))
    town.transact(lambda s: service.acknowledge(s, alarm.id, by=By(id="S99"), note="again", at=noon))
    town.transact(lambda s: service.close(s, alarm.id, by=NURSE, note="没有受伤", at=noon))
    with town.session() as session:
        history = service.get(session, alarm.id).history
        entries = audit.entries_of(session, f"alarm:{alarm.id}")
    assert [(event.state, event.by_id, event.note) for event in history] == [
        (AlarmState.RAISED, "system", ""),
        (AlarmState.ACKNOWLEDGED, "S15", "马上到"),
        (AlarmState.CLOSED, "S15", "没有受伤"),
    ]
    assert [entry.actor for entry in entries] == ["caregiver:S15", "caregiver:S15", "elder:E1"]


def test_what_is_over_does_not_begin_again(town: Database) -> None:
    alarm = cry(town)
    elder = By(role=Role.ELDER, id="E1")
    town.transact(lambda s: service.cancel(s, alarm.id, by=elder, note="没事", at=AT))
    for move in (service.acknowledge, service.close):
        with pytest.raises(NotAllowed):
            town.transact(lambda s, move=move: move(s, alarm.id, by=NURSE, note="", at=AT))
    assert cry(town).state is AlarmState.CANCELLED, "the same turn run again does not raise it anew"


def test_of_two_who_take_an_alarm_on_at_once_one_is_written_down(town: Database) -> None:
    alarm = cry(town)

    def take(name: str) -> None:
        town.transact(lambda s: service.acknowledge(s, alarm.id, by=By(id=name), note="", at=AT))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take, ["S1", "S2", "S3", "S4"]))
    with town.session() as session:
        assert len(service.get(session, alarm.id).history) == 2


def test_open_alarms_of_an_elder_are_found_newest_first(town: Database) -> None:
    for minute in range(4):
        cry(town, turn_key=f"voice:{minute}", at=AT + timedelta(minutes=minute))
    cry(town, turn_key="voice:other", elder_id="E2", at=AT + timedelta(minutes=9))
    with town.session() as session:
        found = service.find(
            session,
            elder_id="E1",
            states=frozenset({AlarmState.RAISED}),
            since=AT + timedelta(minutes=2),
        )
    assert [alarm.turn_key for alarm in found] == ["voice:3", "voice:2"]


def test_alarms_over_http(api: TestClient, town: Database) -> None:
    body = {"turn_key": "device:7", "elder_id": "E3", "category": "fire_gas", "channel": "device"}
    made = api.post("/alarms", json=body)
    assert (made.status_code, made.json()["state"]) == (201, "raised")
    assert api.post("/alarms", json=body).json()["id"] == made.json()["id"]
    path = f"/alarms/{made.json()['id']}"
    by = {"role": "coordinator", "id": "S03"}
    taken = api.post(f"{path}/acknowledge", json={"by": by, "note": "已联系"})
    assert (taken.status_code, taken.json()["state"]) == (200, "acknowledged")
    assert [row["id"] for row in api.get("/alarms", params={"state": "acknowledged"}).json()["alarms"]] == [
        made.json()["id"]
    ]
    assert api.get("/alarms", params={"state": "raised"}).json()["alarms"] == []
    assert api.post(f"{path}/cancel", json={"by": by}).json()["state"] == "cancelled"
    refused = api.post(f"{path}/close", json={"by": by})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_allowed")
    assert [event["state"] for event in api.get(path).json()["history"]] == [
        "raised", "acknowledged", "cancelled",
    ]  # fmt: skip
    missing = api.post("/alarms/none/acknowledge", json={"by": by, "note": "马上去"})
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_alarm")
