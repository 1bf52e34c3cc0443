"""Migrations: up, down and up again give exactly the tables of the models, on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from backend.database import Base, Database
from backend.database.migrate import downgrade, is_current, upgrade

IGNORED = {"alembic_version"}


@pytest.fixture
def bare_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any tables."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.db'}"
        return
    cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


def plain(row: Mapping[str, Any]) -> str:
    """Describe a constraint so that equal ones are described equally."""
    return json.dumps(row, default=str, sort_keys=True)


def tables(connection: Connection) -> dict[str, Any]:
    """Describe everything in a database that a migration makes."""
    found = inspect(connection)
    described: dict[str, Any] = {}
    for table in sorted(set(found.get_table_names()) - IGNORED):
        described[table] = {
            "columns": sorted(
                (column["name"], str(column["type"]), column["nullable"], str(column["default"]))
                for column in found.get_columns(table)
            ),
            "key": found.get_pk_constraint(table),
            "unique": sorted(plain(row) for row in found.get_unique_constraints(table)),
            "checks": sorted((row["name"], row["sqltext"]) for row in found.get_check_constraints(table)),
            "foreign": sorted(plain(row) for row in found.get_foreign_keys(table)),
            "indexes": sorted(plain(row) for row in found.get_indexes(table)),
        }
    triggers = (
        "SELECT name || sql FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname || tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    )
    described["triggers"] = sorted(connection.execute(text(triggers)).scalars())
    return described


def described(url: str) -> dict[str, Any]:
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            return tables(connection)
    finally:
        database.dispose()


def test_up_down_and_up_again_gives_exactly_the_tables_of_the_models(
    bare_url: str, database: Database
) -> None:
    upgrade(bare_url)
    first = described(bare_url)
    downgrade(bare_url)
    emptied = described(bare_url)
    upgrade(bare_url)
    with database.engine.connect() as connection:
        expected = tables(connection)
    assert emptied == {"triggers": []}
    assert first == expected
    assert described(bare_url) == expected


def test_autogenerate_finds_nothing_to_do_after_an_upgrade(bare_url: str) -> None:
    upgrade(bare_url)
    migrated = Database(bare_url)
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    migrated.dispose()


def test_two_processes_that_upgrade_at_once_do_not_disturb_each_other(bare_url: str) -> None:
    assert not is_current(bare_url)
    processes = [get_context("fork").Process(target=upgrade, args=(bare_url,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=300)
    assert [process.exitcode for process in processes] == [0, 0]
    assert is_current(bare_url)


def test_an_upgrade_of_a_current_database_keeps_its_rows(bare_url: str) -> None:
    upgrade(bare_url)
    database = Database(bare_url)
    with database.write() as session:
        session.execute(text("INSERT INTO villages (id, name, aliases) VALUES ('V1', '桥东村', '[]')"))
    database.dispose()
    upgrade(bare_url)
    database = Database(bare_url)
    with database.session() as session:
        assert session.execute(text("SELECT name FROM villages")).scalar() == "桥东村"
    database.dispose()
