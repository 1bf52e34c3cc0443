"""The console for real: the app on loopback over a demo town where things have happened, and a browser."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from assistant.cli.settings import settings_from
from assistant.cli.wiring import System, build_system
from backend import rooms
from backend.clock import SystemClock
from backend.database import Database
from backend.database.migrate import upgrade
from backend.demo.seeding import seed
from tests.browsers import chromium
from tests.console.happenings import NOW, PASSWORD, happen, sign_up

TOKEN = "the-service-token-of-the-console-tests"
DESK, TELEPHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True, kw_only=True)
class Town:
    """A running town.

    Attributes:
        url: its address.
        database: its database, to look behind the pages.
        api: a client with the service token, below ``/api/v1``.
        ids: what happened, by name.
    """

    url: str
    database: Database
    api: httpx2.Client
    ids: dict[str, str]


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo town's database with accounts, made once."""
    rooms.load_models()
    file = tmp_path_factory.mktemp("console") / "demo.db"
    upgrade(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    clock = SystemClock.starting_at(NOW)
    seed(database, now=clock.now())
    sign_up(database, at=clock.now())
    database.dispose()
    return file


@pytest.fixture(scope="module")
def town(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The app on a free port of loopback, where a morning's things have happened."""
    file = tmp_path_factory.mktemp("town") / "town.db"
    shutil.copy(demo_file, file)
    settings = settings_from({"KANGBAN_HOME": str(file.parent), "KANGBAN_DATABASE_URL": f"sqlite:///{file}"})
    system: System = build_system(
        settings, clock=SystemClock.starting_at(NOW), secret=TOKEN, dialogue_address=lambda: None
    )
    server = uvicorn.Server(
        uvicorn.Config(system.app, port=0, log_level="warning", timeout_graceful_shutdown=1, access_log=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        threading.Event().wait(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with httpx2.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {TOKEN}"}) as api:
        yield Town(url=url, database=system.database, api=api, ids=happen(api, system.database))
    server.should_exit = True
    thread.join(10)
    system.database.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    started = chromium()
    yield started
    started.close()


class Desk:
    """Somebody at the console, with a page of hers."""

    def __init__(self, browser: Browser, url: str, username: str, **about: Any) -> None:
        """Sign ``username`` in with a browser of her own."""
        self.context = browser.new_context(locale="zh-CN", **about)
        self.context.set_default_timeout(8000)
        self.url = url
        self.errors: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.goto(f"{url}/console/login")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"{url}/console")

    def go(self, path: str) -> Page:
        """Open a page of the console."""
        self.page.goto(f"{self.url}{path}")
        return self.page


@pytest.fixture(scope="module")
def coordinator(browser: Browser, town: Town) -> Iterator[Desk]:
    """The coordinator of 桥东村 at her desk."""
    desk = Desk(browser, town.url, "s03", viewport=DESK)
    yield desk
    desk.context.close()


@pytest.fixture(scope="module")
def administrator(browser: Browser, town: Town) -> Iterator[Desk]:
    """The town's administrator at her desk."""
    desk = Desk(browser, town.url, "s01", viewport=DESK)
    yield desk
    desk.context.close()
