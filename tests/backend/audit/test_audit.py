"""The audit: nothing is edited in secret, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.audit import service, triggers
from backend.audit.chain import canonical, entry_hash
from backend.database import Database

AT = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=timezone.utc)
ENTRIES = 12


def append(session: Session, number: int) -> int:
    return service.record(
        session,
        actor="coordinator:S03",
        action="elders.read",
        target=f"elder:E{number:04d}",
        detail={"为何": "上门前查看", "n": number, "rate": 0.1 * number},
        at=AT + timedelta(seconds=number),
    )


@pytest.fixture
def chain(database: Database) -> Database:
    for number in range(1, ENTRIES + 1):
        database.transact(lambda session, n=number: append(session, n))
    return database


def test_an_untouched_chain_is_whole(chain: Database) -> None:
    with chain.session() as session:
        found = service.verify(session)
        last = service.entries_of(session, f"elder:E{ENTRIES:04d}")[0]
    assert (found.ok, found.entries, found.problems) == (True, ENTRIES, ())
    assert found.head == last.hash
    assert json.loads(last.detail)["为何"] == "上门前查看"


def test_an_empty_chain_is_whole(database: Database) -> None:
    with database.session() as session:
        found = service.verify(session)
    assert (found.ok, found.entries, found.head) == (True, 0, "0" * 64)


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(chain: Database) -> None:
    def fail(session: Session) -> None:
        append(session, 99)
        raise RuntimeError("the act failed")

    with pytest.raises(RuntimeError):
        chain.transact(fail)
    assert chain.transact(lambda session: append(session, 13)) == ENTRIES + 1
    with chain.session() as session:
        assert service.verify(session).ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'nobody' WHERE seq = 3",
        "DELETE FROM audit_entries WHERE seq = 12",
        "DELETE FROM audit_entries",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 3",
    ],
)
def test_the_database_itself_refuses_to_edit_or_delete(chain: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), chain.write() as session:
        session.execute(text(statement))
    with chain.session() as session:
        assert service.verify(session).ok


def test_postgresql_refuses_to_truncate(chain: Database) -> None:
    if chain.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE; DELETE is refused above")
    with pytest.raises(DBAPIError, match="append-only"), chain.write() as session:
        session.execute(text("TRUNCATE audit_entries"))


def test_many_writers_at_once_make_one_chain(database: Database) -> None:
    def write_some(writer: int) -> None:
        for number in range(8):
            database.transact(lambda session, n=writer * 100 + number: append(session, n))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write_some, range(6)))
    with database.session() as session:
        found = service.verify(session)
    assert (found.ok, found.entries) == (True, 48)


# Edits by somebody who has dropped the triggers.

COLUMNS = {
    "at": "2020-01-01 00:00:00.000000+00",
    "actor": "x",
    "action": "x",
    "target": "x",
    "detail": "{}",
    "prev_hash": "f" * 64,
    "hash": "f" * 64,
}


def _edit(session: Session, random: Random) -> str:
    column, seq = random.choice(list(COLUMNS)), random.randint(1, ENTRIES)
    value = COLUMNS[column]
    if column == "at" and session.get_bind().dialect.name == "sqlite":
        value = value.removesuffix("+00")
    session.execute(
        text(f"UPDATE audit_entries SET {column} = :value WHERE seq = :seq"), {"value": value, "seq": seq}
    )
    return f"edit {column} of {seq}"


def _delete(session: Session, random: Random) -> str:
    first = random.randint(1, ENTRIES)
    last = random.randint(first, ENTRIES)
    session.execute(
        text("DELETE FROM audit_entries WHERE seq BETWEEN :first AND :last"), {"first": first, "last": last}
    )
    return f"delete {first} to {last}"


def _renumber(session: Session, random: Random) -> str:
    one, other = random.sample(range(1, ENTRIES + 1), 2)
    for old, new in ((one, 1000), (other, one), (1000, other)):
        session.execute(
            text("UPDATE audit_entries SET seq = :new WHERE seq = :old"), {"new": new, "old": old}
        )
    return f"exchange {one} and {other}"


def _forge_inside(session: Session, random: Random) -> str:
    # One entry rewritten with a right hash of its own: the one after it no longer follows, or the head does.
    seq = random.randint(1, ENTRIES)
    row = session.execute(text("SELECT * FROM audit_entries WHERE seq = :seq"), {"seq": seq}).one()
    digest = entry_hash(
        seq=seq, at=AT + timedelta(seconds=seq), actor="x", action=row.action, target=row.target,
        detail=row.detail, prev_hash=row.prev_hash,
    )  # fmt: skip
    session.execute(
        text("UPDATE audit_entries SET actor = 'x', hash = :hash WHERE seq = :seq"),
        {"hash": digest, "seq": seq},
    )
    return f"forge {seq}"


def _append_without_head(session: Session, random: Random) -> str:
    row = session.execute(text("SELECT hash FROM audit_entries WHERE seq = :seq"), {"seq": ENTRIES}).one()
    detail = canonical({"n": random.random()})
    digest = entry_hash(
        seq=ENTRIES + 1, at=AT, actor="x", action="x", target="x", detail=detail, prev_hash=row.hash
    )
    at = AT.replace(tzinfo=None) if session.get_bind().dialect.name == "sqlite" else AT
    session.execute(
        text(
            "INSERT INTO audit_entries (seq, at, actor, action, target, detail, prev_hash, hash)"
            " VALUES (:seq, :at, 'x', 'x', 'x', :detail, :prev_hash, :hash)"
        ),
        {"seq": ENTRIES + 1, "at": str(at), "detail": detail, "prev_hash": row.hash, "hash": digest},
    )
    return "append past the head"


def _move_head(session: Session, random: Random) -> str:
    seq = random.randint(0, ENTRIES + 3)
    digest = "e" * 64
    if 1 <= seq < ENTRIES:
        digest = session.execute(
            text("SELECT hash FROM audit_entries WHERE seq = :s"), {"s": seq}
        ).scalar_one()
    session.execute(text("UPDATE audit_head SET seq = :seq, hash = :hash"), {"seq": seq, "hash": digest})
    return f"move the head to {seq}"


EDITS: tuple[Callable[[Session, Random], str], ...] = (
    _edit, _edit, _edit, _delete, _delete, _renumber, _forge_inside, _append_without_head, _move_head,
)  # fmt: skip


def test_every_random_edit_is_found(chain: Database) -> None:
    random = Random(7)
    with chain.write() as session:
        triggers.remove(session.connection())
        assert service.verify(session).ok
        missed = []
        for _ in range(80):
            savepoint = session.begin_nested()
            what = random.choice(EDITS)(session, random)
            if service.verify(session).ok:
                missed.append(what)
            savepoint.rollback()
        triggers.install(session.connection())
    assert missed == []


def test_a_tail_cut_together_with_its_head_is_found_with_the_head_file(
    chain: Database, tmp_path: Path
) -> None:
    marks = tmp_path / "head"
    with chain.session() as session:
        mark = service.export_head(session, marks, at=AT)
    assert mark.seq == ENTRIES
    with chain.write() as session:
        triggers.remove(session.connection())
        session.execute(text("DELETE FROM audit_entries WHERE seq > 9"))
        last = session.execute(text("SELECT hash FROM audit_entries WHERE seq = 9")).scalar_one()
        session.execute(text("UPDATE audit_head SET seq = 9, hash = :hash"), {"hash": last})
        triggers.install(session.connection())
    with chain.session() as session:
        assert service.verify(session).ok, "nothing in the database itself can show this"
        assert service.verify(session, head_file=marks).problems == (
            "entry 12 that the head file marks is missing",
        )


def test_a_chain_computed_anew_is_found_with_the_head_file(chain: Database, tmp_path: Path) -> None:
    marks = tmp_path / "head"
    with chain.session() as session:
        service.export_head(session, marks, at=AT)
    with chain.write() as session:
        triggers.remove(session.connection())
        session.execute(text("DELETE FROM audit_entries"))
        session.execute(text("DELETE FROM audit_head"))
        for number in range(1, ENTRIES + 1):
            append(session, number + 1)
        triggers.install(session.connection())
    with chain.session() as session:
        assert service.verify(session).ok
        assert not service.verify(session, head_file=marks).ok


def test_the_head_file_grows_with_the_chain_and_stays_good(chain: Database, tmp_path: Path) -> None:
    marks = tmp_path / "head"
    for number in (13, 14, 15):
        with chain.session() as session:
            service.export_head(session, marks, at=AT)
        chain.transact(lambda session, n=number: append(session, n))
    assert len(marks.read_text().splitlines()) == 3
    assert marks.stat().st_mode & 0o777 == 0o600
    with chain.session() as session:
        assert service.verify(session, head_file=marks).ok
        assert service.verify(session, head_file=tmp_path / "none").ok


def test_a_damaged_head_file_is_not_taken_for_a_good_one(chain: Database, tmp_path: Path) -> None:
    marks = tmp_path / "head"
    marks.write_text('{"seq": 1}\n')
    with chain.session() as session, pytest.raises(ValueError, match="line 1"):
        service.verify(session, head_file=marks)


def test_the_hash_can_be_computed_without_us(chain: Database) -> None:
    import hashlib

    with chain.session() as session:
        entry = service.entries_of(session, "elder:E0001")[0]
    content = {
        "action": entry.action, "actor": entry.actor, "at": "2026-11-23T01:02:04.456789+00:00",
        "detail": entry.detail, "prev_hash": "0" * 64, "seq": 1, "target": entry.target,
    }  # fmt: skip
    line = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(line.encode()).hexdigest() == entry.hash
