"""The chat page for real: `kangban up --demo` with its dialogue process, and elders' browsers on telephones.

With ``KANGBAN_SHOTS`` set to a folder, screenshots are left there.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browsers import chromium
from tests.cli.kangban_process import ROOT, Town

READY_S = 600.0
TELEPHONE, TABLET = {"width": 390, "height": 844}, {"width": 820, "height": 1180}

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home = tmp_path_factory.mktemp("chat")
    running = Town(home, environment={"KANGBAN_MODELS": str(ROOT / "models" / "speech")})
    try:
        yield running.start(timeout_s=READY_S)
    finally:
        running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    started = chromium()
    yield started
    started.close()


def code_for(town: Town, elder_id: str, **more: Any) -> str:
    """Let a caregiver make a code."""
    body = {"elder_id": elder_id, "consent": "她当面说好的", **more}
    status, made = town.call("POST", "/bind-codes", body)
    assert status == 201, made
    return str(made["code"])


class Device:
    """An elder's telephone, bound by a code."""

    def __init__(self, browser: Browser, town: Town, elder_id: str, **about: Any) -> None:
        self.town, self.elder_id = town, elder_id
        self.url = town.record()["app_url"]
        about = {"viewport": TELEPHONE, "has_touch": True, **about}
        self.context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **about)
        self.context.set_default_timeout(20_000)
        self.errors: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.goto(f"{self.url}/chat/enter?code={code_for(town, elder_id)}")
        self.page.get_by_role("button", name="进门").click()
        self.page.wait_for_url(f"{self.url}/chat")
        self.ready()

    def ready(self) -> Page:
        self.page.wait_for_selector("body[data-ready=yes]")
        return self.page

    def write(self, text: str) -> None:
        """Write and send, as thumbs do."""
        if not self.page.locator("#text").is_visible():
            self.page.locator("#to-writing").click()
        self.page.locator("#text").fill(text)
        self.page.locator("#send").click()

    def answer(self) -> str:
        """Wait until her last words are answered; return what was said to them."""
        group = self.page.locator("#log .group:has(.mine)").last
        group.locator(".ours").first.wait_for()
        return group.inner_text()

    def say(self, text: str) -> str:
        self.write(text)
        return self.answer()

    def meals(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.town.get(f"/requests?elder_id={self.elder_id}&kind=meal")[
            "requests"
        ]
        return found


@pytest.fixture
def device(browser: Browser, town: Town) -> Iterator[Device]:
    """The telephone of an elder whom no other test is."""
    made = Device(browser, town, f"E{200 + next(_numbers):04d}")
    yield made
    made.context.close()
    assert made.errors == []


@pytest.fixture(scope="session")
def another(browser: Browser, town: Town) -> Iterator[Callable[..., Device]]:
    """Make further telephones."""
    made: list[Device] = []

    def make(elder_id: str = "", **about: Any) -> Device:
        made.append(Device(browser, town, elder_id or f"E{200 + next(_numbers):04d}", **about))
        return made[-1]

    yield make
    for one in made:
        one.context.close()


def shoot(page: Page, name: str) -> None:
    """Leave a screenshot, where they are wanted."""
    folder = os.environ.get("KANGBAN_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png")


def serious(page: Page) -> list[str]:
    """Return what axe finds that is serious, and what is wider than the screen."""
    found = Axe().run(page).response
    wrong = [
        f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wrong + ([f"{wide} pixels too wide"] if wide > 1 else [])
