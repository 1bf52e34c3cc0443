"""The gateway on the real backend (SQLite, temporary) and a stand-in dialogue process over HTTP."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from assistant.cli.settings import CliSettings, settings_from
from assistant.cli.wiring import System, build_system
from backend import rooms
from backend.clock import TOWN_ZONE, FrozenClock
from backend.database import Database
from backend.elders.models import Contact, Elder, Village
from backend.elders.words import Gender, Living

SECRET = "a-secret-of-the-test"
NOON = datetime(2026, 5, 11, 9, 0, tzinfo=TOWN_ZONE)
SLOW_S = 3.0


class StandIn:
    """The stand-in dialogue process."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        script = Path(__file__).with_name("stand_in_dialogue.py")
        self.process = subprocess.Popen([sys.executable, str(script), str(self.port), SECRET, str(SLOW_S)])
        for _ in range(200):
            try:
                self.calls()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the stand-in did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def calls(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/calls", timeout=5) as response:
            found: list[dict[str, Any]] = json.load(response)["calls"]
            return found


@pytest.fixture(scope="session")
def _stand_in() -> Iterator[StandIn]:
    stand_in = StandIn()
    stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def dialogue(_stand_in: StandIn) -> StandIn:
    if _stand_in.process is None:
        _stand_in.start()
    return _stand_in


@dataclass
class Gateway:
    """The app under test, and what a test looks at behind it."""

    client: httpx.AsyncClient
    database: Database
    clock: FrozenClock
    system: System
    settings: CliSettings
    prefix: str
    count: int = 0

    async def say(
        self, text: Any, *, elder_id: Any = "E1", message_id: str | None = None, channel: str = "web"
    ) -> httpx.Response:
        if message_id is None:
            self.count += 1
            message_id = f"{self.prefix}-{self.count}"
        body = {"elder_id": elder_id, "channel": channel, "message_id": message_id, "text": text}
        return await self.client.post("/api/v1/turns", content=json.dumps(body))

    async def heard(self, text: Any, **more: Any) -> dict[str, Any]:
        response = await self.say(text, **more)
        assert response.status_code == 200, response.text
        answered: dict[str, Any] = response.json()
        return answered

    async def alarms(self, **query: str) -> list[dict[str, Any]]:
        response = await self.client.get("/api/v1/alarms", params=query)
        found: list[dict[str, Any]] = response.json()["alarms"]
        return found

    def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))


@pytest.fixture
def dialogue_timeout_s() -> float:
    """Long enough for a machine with other work; tests of slowness give another value."""
    return 15.0


@pytest.fixture(scope="session")
def town_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two elders, made once and copied for each test."""
    rooms.load_models()
    path = tmp_path_factory.mktemp("town") / "kangban.db"
    database = Database(f"sqlite:///{path}")
    database.create_all()
    with database.write() as session:
        session.add(Village(id="V01", name="东港村", aliases=[]))
        session.flush()
        for number in (1, 2):
            session.add(
                Elder(
                    id=f"E{number}", name="王秀英", called="王奶奶", gender=Gender.FEMALE, birth_year=1946,
                    village_id="V01", living=Living.ALONE,
                    contacts=[Contact(position=1, name="李建芬", relation="女儿", phone="130 0000 0007")]
                    if number == 1 else [],
                )
            )  # fmt: skip
    database.dispose()  # closes the last connection, which brings the write-ahead log into the file
    return path


@pytest.fixture
async def gateway(
    tmp_path: Path,
    town_file: Path,
    dialogue: StandIn,
    dialogue_timeout_s: float,
    request: pytest.FixtureRequest,
) -> AsyncIterator[Gateway]:
    settings = settings_from({"KANGBAN_HOME": str(tmp_path)})
    shutil.copy(town_file, tmp_path / "kangban.db")
    clock = FrozenClock(NOON)
    system = build_system(
        settings,
        clock=clock,
        secret=SECRET,
        dialogue_address=lambda: dialogue.url,
        dialogue_timeout_s=dialogue_timeout_s,
    )
    transport = httpx.ASGITransport(app=system.app)
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    async with (
        system.app.router.lifespan_context(system.app),
        httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client,
    ):
        yield Gateway(
            client=client,
            database=system.database,
            clock=clock,
            system=system,
            settings=settings,
            prefix=request.node.name[:80],
        )
