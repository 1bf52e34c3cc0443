"""Every page: nothing serious for axe, nothing wider than a telephone, nothing wrong in the browser's log.

With ``KANGBAN_SHOTS`` set to a folder, screenshots of every page at both widths are left there.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.console.conftest import DESK, TELEPHONE, Desk, Town
from tests.console.happenings import ask_after, bring_survey, finish

PAGES = {
    "today": "/console",
    "alarms": "/console/alarms",
    "alarm": "/console/alarms/{alarm}",
    "requests": "/console/requests?state=accepted&state=completed",
    "request": "/console/requests/{bath}",
    "request-of-a-meal": "/console/requests/{meal}",
    "request-that-is-finished": "/console/requests/{done}",
    "book": "/console/book?name=E0003",
    "book-a-meal": "/console/book?elder=E0003&kind=meal&day=2026-11-24",
    "book-an-appointment": "/console/book?elder=E0003&kind=medical_appointment"
    "&department=general_practice&day=2026-11-24",
    "book-care": "/console/book?elder=E0003&kind=home_care",
    "checkins": "/console/checkins",
    "imports": "/console/import",
    "import": "/console/import/{import}",
    "turns": "/console/turns",
    "elders": "/console/elders?key=1",
    "elder": "/console/elders/E0003",
    "elder-with-a-plan": "/console/elders/E0006",
    "elder-with-an-alarm": "/console/elders/E0007",
    "work": "/console/work",
    "canteen": "/console/canteen?day=2026-11-24",
    "clinic": "/console/clinic",
    "map": "/console/map?circle=V01",
    "statistics": "/console/statistics",
    "learning": "/console/learning",
    "audit": "/console/audit?verify=1&reads=1",
    "accounts": "/console/accounts",
    "password": "/console/password",
    "second-factor": "/console/second-factor",
}


ON_THE_TELEPHONE = frozenset({"today", "requests", "request", "elder"})
"""Pages that axe looks over on the telephone, too: the others differ there by their widths alone."""


def looked_over(page: Page, name: str, width: int) -> list[str]:
    """Return what is seriously wrong with a page."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(100)
    folder = os.environ.get("KANGBAN_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    found: dict[str, Any] = {"violations": []}
    if width == DESK["width"] or name in ON_THE_TELEPHONE:
        found = Axe().run(page).response
    wrong = [
        f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wrong + ([f"{wide} pixels too wide"] if wide > 1 else [])


@pytest.fixture(scope="module", autouse=True)
def morning(town: Town) -> None:
    """More of the morning than the other tests need: pages with something on them."""
    ask_after(town.api, town.database)
    town.ids["done"] = finish(town.api)
    goal = {"text": "每周洗两次澡，不再跌倒", "services": ["home_care:bathing"], "review_on": "2026-12-01"}
    town.api.post("/elders/E0006/goals", json=goal)
    consent = {"kind": "keep_audio", "given_by": "本人", "how": "当面说的，已签字"}
    town.api.post("/elders/E0006/consents", json=consent)
    town.ids["import"] = bring_survey(town.database)


@pytest.fixture(scope="module")
def telephone(browser: Browser, town: Town) -> Any:
    desk = Desk(browser, town.url, "s01", viewport=TELEPHONE, has_touch=True)
    yield desk
    desk.context.close()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_accessible_at_a_desk_and_on_a_telephone(
    administrator: Desk, telephone: Desk, town: Town, name: str
) -> None:
    path = PAGES[name].format(**town.ids)
    assert looked_over(administrator.go(path), name, DESK["width"]) == []
    assert looked_over(telephone.go(path), name, TELEPHONE["width"]) == []
    assert administrator.errors + telephone.errors == []


def test_the_way_in_is_accessible(browser: Browser, town: Town) -> None:
    for size in (DESK, TELEPHONE):
        page = browser.new_page(viewport=size)
        page.goto(f"{town.url}/console/login")
        assert looked_over(page, "login", size["width"]) == []
        page.close()
