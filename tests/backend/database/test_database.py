"""The base: instants, words, write transactions and keys of effects, on SQLite and PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assistant.vocabulary import ReadingKind
from backend.clock import TOWN_ZONE, FrozenClock, SystemClock, outward
from backend.database import Database, Effect, claim, identify, settle, word_of
from backend.elders.models import ElderReading, Village
from backend.errors import KeyReused

AT = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=TOWN_ZONE)


def settle_one(session: Session, key: str = "web:1", body: object = "x", target: str = "row") -> str:
    known = claim(session, turn_key=key, action="test", body=body)
    if known is None:
        settle(session, turn_key=key, action="test", body=body, target_id=target, at=AT)
    return known or target


def test_an_instant_comes_back_as_the_same_instant_in_utc(database: Database) -> None:
    database.transact(settle_one)
    with database.session() as session:
        found = session.scalars(select(Effect.at)).one()
    assert found == AT
    assert found.utcoffset() == timedelta(0)


def test_a_time_without_an_offset_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without an offset"), database.write() as session:
        session.add(Effect(turn_key="k", action="a", body_hash="", target_id="", at=AT.replace(tzinfo=None)))


def test_the_database_itself_refuses_a_word_that_is_not_in_the_vocabulary(town: Database) -> None:
    insert = text(
        "INSERT INTO readings (id, elder_id, kind, value, unit, said, turn_key, measured_at)"
        " VALUES ('r', 'E1', :kind, 1, '', '', 'k', '2026-11-23 00:00:00')"
    )
    with pytest.raises(IntegrityError), town.write() as session:
        session.execute(insert, {"kind": "shoe_size"})
    with town.write() as session:
        session.execute(insert, {"kind": "pulse"})
    with town.session() as session:
        assert session.scalars(select(ElderReading.kind)).one() is ReadingKind.PULSE


def test_a_row_that_refers_to_nothing_is_refused(town: Database) -> None:
    with pytest.raises(IntegrityError), town.write() as session:
        session.execute(text("INSERT INTO elder_tags (elder_id, tag) VALUES ('nobody', 'x')"))


def test_what_raises_in_a_write_leaves_nothing(database: Database) -> None:
    def fail(session: Session) -> None:
        session.add(Village(id="V9", name="新村"))
        session.flush()
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        database.transact(fail)
    with database.session() as session:
        assert session.get(Village, "V9") is None


def test_one_key_means_one_effect_even_when_sixteen_try_at_once(database: Database) -> None:
    with ThreadPoolExecutor(16) as pool:
        targets = set(
            pool.map(
                lambda number: database.transact(lambda session: settle_one(session, target=f"row-{number}")),
                range(16),
            )
        )
    with database.session() as session:
        assert {session.scalars(select(Effect.target_id)).one()} == targets


def test_a_key_with_another_body_is_refused(database: Database) -> None:
    database.transact(settle_one)
    with pytest.raises(KeyReused):
        database.transact(lambda session: settle_one(session, body="y"))


def test_concurrent_writers_lose_no_update(database: Database) -> None:
    with database.write() as session:
        session.add(Village(id="V1", name="村", aliases=[], lat=0.0))

    def add_one(_number: int) -> None:
        def work(session: Session) -> None:
            village = session.get(Village, "V1", with_for_update=True)
            assert village is not None
            village.lat = (village.lat or 0.0) + 1

        database.transact(work)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(40)))
    with database.session() as session:
        village = session.get(Village, "V1")
        assert village is not None
        assert village.lat == 40


def test_sqlite_keeps_what_it_promised_when_the_plug_is_pulled(dialect: str, database: Database) -> None:
    if dialect == "sqlite":
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    else:
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW server_encoding").scalar() == "UTF8"


def test_the_same_turn_always_means_the_same_row_and_kinds_do_not_collide() -> None:
    assert identify("request", "web:1") == identify("request", "web:1")
    assert (
        len({identify("request", "web:1"), identify("request", "web:1#2"), identify("reading", "web:1")}) == 3
    )


def test_a_word_is_found_by_its_identifier() -> None:
    assert word_of(ReadingKind, "pulse") is ReadingKind.PULSE
    with pytest.raises(ValueError, match="shoe_size"):
        word_of(ReadingKind, "shoe_size")


def test_a_clock_that_is_told_the_time_starts_there_and_runs_on() -> None:
    clock = SystemClock.starting_at("2026-02-17T06:00:00+08:00")
    first = clock.now()
    assert timedelta(0) <= first - datetime(2026, 2, 16, 22, 0, tzinfo=timezone.utc) < timedelta(minutes=5)
    assert clock.now() >= first
    assert abs(SystemClock.starting_at(None).now() - datetime.now(timezone.utc)) < timedelta(minutes=5)
    with pytest.raises(ValueError, match="offset"):
        SystemClock.starting_at("2026-02-17T06:00:00")


def test_instants_go_outward_in_the_towns_zone() -> None:
    assert outward(FrozenClock(AT).now()) == "2026-11-23T08:00:00+08:00"
