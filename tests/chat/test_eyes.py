"""What old eyes and fingers need: size, contrast, room; at a telephone and a tablet, whatever the letters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.chat.conftest import TABLET, TELEPHONE, Device, serious, shoot

pytestmark = pytest.mark.system

LOOKS = Path(__file__).with_name("looks.js").read_text()


def looked_over(page: Page, name: str) -> list[str]:
    shoot(page, name)
    return page.evaluate(LOOKS[LOOKS.index("() =>") :]) + serious(page)


@pytest.fixture(scope="module")
def talked(another: Callable[..., Device]) -> Device:
    device = another()
    device.say("今天有什么好吃的")
    device.say("我要订明天中午的饭，青菜豆腐一份，送到家里")
    return device


@pytest.mark.parametrize("size", [TELEPHONE, TABLET], ids=["telephone", "tablet"])
@pytest.mark.parametrize("letters", ["100", "200"])
def test_the_conversation_is_large_calm_and_whole(talked: Device, size: dict[str, int], letters: str) -> None:
    page = talked.page
    page.set_viewport_size(size)  # type: ignore[arg-type]
    while page.evaluate("document.documentElement.dataset.size") != letters:
        page.locator("#size").click()
    page.locator("#log").evaluate("log => log.lastElementChild.scrollIntoView({block: 'end'})")
    assert looked_over(page, f"chat-{size['width']}-{letters}") == []
    assert page.get_by_role("button", name="叫人").is_visible()
    if page.locator("#speaking").is_visible():
        page.locator("#to-writing").click()
        assert looked_over(page, f"chat-writing-{size['width']}-{letters}") == []
        page.locator("#to-speaking").click()


def test_at_twice_the_zoom_nothing_is_cut_off(talked: Device) -> None:
    page = talked.page
    while page.evaluate("document.documentElement.dataset.size") != "100":
        page.locator("#size").click()
    page.set_viewport_size({"width": 195, "height": 422})  # 390 × 844 at 200 %
    assert looked_over(page, "chat-zoomed") == []
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert page.get_by_role("button", name="叫人").is_visible()
    page.set_viewport_size(TELEPHONE)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [TELEPHONE, TABLET], ids=["telephone", "tablet"])
def test_the_door_is_large_and_calm(talked: Device, size: dict[str, int]) -> None:
    page = talked.context.browser.new_page(viewport=size)  # type: ignore[union-attr,arg-type]
    page.goto(f"{talked.url}/chat/enter")
    assert looked_over(page, f"door-{size['width']}") == []
    page.close()


def test_a_screen_reader_is_told_what_comes(talked: Device) -> None:
    log = talked.page.locator("#log")
    assert log.get_attribute("role") == "log"
    assert log.get_attribute("aria-live") == "polite"
    assert talked.page.get_by_role("status").count() == 1
    assert talked.page.locator("#log .mine .for-ears").first.inner_text() == "我："
