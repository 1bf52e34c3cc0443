"""The engine and its sessions: reads see a snapshot, writes are one transaction each.

On SQLite a write takes the lock at its beginning (``BEGIN IMMEDIATE``), so that it never fails half-way
for having read before it wrote; writers of one process queue in front of the file, which is fairer than
SQLite's own polling.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import ExecutableOption

from backend.database.base import Base
from backend.errors import DatabaseBusy
from backend.failpoints import FailPoints

T = TypeVar("T")

BUSY_SECONDS = 15.0
"""How long a writer waits for another before it gives up."""

_WRITE = "kangban_write"
_LIMITS = "kangban_limits"
_RETRIED_STATES = frozenset({"40001", "40P01"})  # PostgreSQL: serialization failure, deadlock


class _Session(Session):
    """A session whose statements are limited to what its owner may see."""


@event.listens_for(_Session, "do_orm_execute")
def _limit(state: ORMExecuteState) -> None:
    limits = state.session.info.get(_LIMITS)
    if limits:
        # Only those of the tables that are spoken of: each option makes a statement dearer.
        tables = _tables_of(state.statement)
        wanted = [option for table, option in limits.items() if table in tables or not tables]
        state.statement = state.statement.options(*wanted)


def _tables_of(statement: Any) -> set[str]:
    """Return the names of all tables that a statement speaks of, in whatever part of it."""
    found: set[str] = set()
    for part in visitors.iterate(statement):
        table = part if isinstance(part, Table) else getattr(part, "table", None)
        name = getattr(table, "name", None)
        if isinstance(name, str):
            found.add(name)
    return found


class Database:
    """A database and the only two ways to work on it: :meth:`session` to read, :meth:`write` to change."""

    def __init__(self, url: str, *, pool_size: int = 20, failpoints: FailPoints | None = None) -> None:
        """Prepare the engine; nothing is connected until first use.

        Args:
            url: SQLAlchemy URL, ``sqlite:///…`` (a file) or ``postgresql+psycopg://…``.
            pool_size: connections kept; as many again may be opened at a peak.
            failpoints: where a drill has this process die; write sessions carry them.
        """
        self.failpoints = failpoints or FailPoints()
        self.engine = _engine(url, pool_size)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writer = self.engine.execution_options(**{_WRITE: True})
        self._queue = Lock()
        self._info: dict[str, Any] = {}

    def limited(self, limits: Mapping[str, ExecutableOption]) -> Database:
        """Return the same database as somebody sees it who may not see everything.

        Args:
            limits: table → the criteria that every statement about it gets, reads and changes alike.
        """
        seen = copy.copy(self)
        seen._info = {_LIMITS: dict(limits)}
        return seen

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session for reading; nothing done in it is kept."""
        with _Session(self.engine, expire_on_commit=False, autoflush=False, info=self._info) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a write transaction; it is committed when the block ends, rolled back when it raises.

        Raises:
            DatabaseBusy: other writers did not finish within :data:`BUSY_SECONDS`.
        """
        if self.is_sqlite and not self._queue.acquire(timeout=BUSY_SECONDS):
            raise DatabaseBusy
        try:
            with (
                _Session(self._writer, expire_on_commit=False, info=self._info) as session,
                session.begin(),
            ):
                self.failpoints.carried_by(session)
                yield session
        except OperationalError as error:
            if "database is locked" in str(error.orig):
                raise DatabaseBusy from error
            raise
        finally:
            if self.is_sqlite:
                self._queue.release()

    def transact(self, work: Callable[[Session], T], *, attempts: int = 6) -> T:
        """Run ``work`` in a write transaction, again where the database asks for it.

        It is run again after a deadlock, a serialization failure, or when another transaction with the same
        idempotency key committed first (``work`` then finds that key). ``work`` must have no effects but on
        the session.
        """
        for attempt in range(attempts - 1):
            try:
                with self.write() as session:
                    return work(session)
            except DBAPIError as error:
                if not _asks_for_another_try(error):
                    raise
                time.sleep(0.005 * 2**attempt)
        with self.write() as session:
            return work(session)

    @contextmanager
    def connect_to_write(self) -> Iterator[Connection]:
        """Open a connection in one write transaction, for migrations."""
        with self._writer.begin() as connection:
            yield connection

    def create_all(self) -> None:
        """Create the tables of all imported rooms without migrations: for throw-away databases of tests."""
        Base.metadata.create_all(self.engine)

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _asks_for_another_try(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in _RETRIED_STATES:
        return True
    text = str(error.orig)
    return isinstance(error, IntegrityError) and ("pk_effects" in text or "effects.turn_key" in text)


def _engine(url: str, pool_size: int) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late to protect reads before writes
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a promise said aloud survives the plug being pulled
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
