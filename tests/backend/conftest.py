"""Fixtures of the backend's tests: both databases, a frozen clock, a small town, a client with the token."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend import rooms
from backend.app import create_app
from backend.clock import FrozenClock
from backend.database import Database
from backend.settings import Settings
from tests.backend.clockwork import Clockwork
from tests.backend.cluster import Cluster, running_cluster
from tests.backend.town import build_town

NOW = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
"""When the tests take place: a Monday morning, before the cut-off of lunch."""

TOKEN = "the-service-token-of-the-tests"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def postgresql_templates(cluster: Cluster) -> dict[bool, str]:
    """Databases with all tables, to be copied: empty, and with the small town in it."""
    rooms.load_models()
    names = {}
    for with_town in (False, True):
        names[with_town] = cluster.create()
        _fill(cluster.url(names[with_town]), with_town)
    return names


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """As above, as files."""
    rooms.load_models()
    folder = tmp_path_factory.mktemp("templates")
    files = {}
    for with_town in (False, True):
        files[with_town] = folder / f"{with_town}.db"
        _fill(f"sqlite:///{files[with_town]}", with_town)
    return files


def _fill(url: str, with_town: bool) -> None:
    database = Database(url)
    database.create_all()
    if with_town:
        with database.write() as session:
            build_town(session, now=NOW)
    database.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _copy(dialect: str, request: pytest.FixtureRequest, tmp_path: Path, *, with_town: bool) -> Iterator[str]:
    if dialect == "sqlite":
        file = tmp_path / f"town-{with_town}.db"
        shutil.copy(request.getfixturevalue("sqlite_templates")[with_town], file)
        yield f"sqlite:///{file}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create(request.getfixturevalue("postgresql_templates")[with_town])
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def database_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database with all tables."""
    yield from _copy(dialect, request, tmp_path, with_town=False)


@pytest.fixture
def town_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the small town of :mod:`tests.backend.town` in it."""
    yield from _copy(dialect, request, tmp_path, with_town=True)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database, once on SQLite and once on PostgreSQL."""
    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def town(town_url: str) -> Iterator[Database]:
    """The small town's database, once on SQLite and once on PostgreSQL."""
    opened = Database(town_url)
    yield opened
    opened.dispose()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def settings() -> Settings:
    return Settings(database_url="sqlite://", service_token=TOKEN)


@pytest.fixture
def app(town: Database, clock: FrozenClock, settings: Settings) -> FastAPI:
    """The backend over the small town."""
    return create_app(settings, clock, database=town)


@pytest.fixture
def api(app: FastAPI) -> Iterator[TestClient]:
    """A client with the service token; paths are below ``/api/v1``."""
    with TestClient(
        app, base_url="http://testserver/api/v1", headers={"Authorization": f"Bearer {TOKEN}"}
    ) as client:
        yield client


@pytest.fixture
def engine(town: Database, clock: FrozenClock) -> Clockwork:
    """The engine over the small town, on the frozen clock."""
    return Clockwork(town, clock)
