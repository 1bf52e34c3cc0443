"""Migrations from code: bring a database to the newest tables, or back. One process at a time does it."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from backend.database.engine import Database

_LOCK = 0x6B616E67  # any number, the same in every process


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at ``url`` up to a revision; nothing happens where it is there already."""
    _run(url, revision, up=True)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database at ``url`` back to a revision; what newer tables held is lost."""
    _run(url, revision, up=False)


def is_current(url: str) -> bool:
    """Tell whether the database at ``url`` has the newest revision."""
    database = Database(url, pool_size=1)
    try:
        with database.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
    finally:
        database.dispose()
    return set(found) == set(newest())


def newest() -> list[str]:
    """Return the newest revisions; more than one means that two migrations follow the same one."""
    return list(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("backend.migrations")).replace("%", "%%"))
    return config


def _run(url: str, revision: str, *, up: bool) -> None:
    database = Database(url, pool_size=1)
    config = _config()
    try:
        with database.connect_to_write() as connection:
            if not database.is_sqlite:  # SQLite's write lock is already held
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            config.attributes["connection"] = connection
            (command.upgrade if up else command.downgrade)(config, revision)
    finally:
        database.dispose()
