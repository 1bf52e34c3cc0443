"""A daughter looks and orders; her mother is told, may refuse, and decides what is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chat.conftest import TABLET, TELEPHONE, Device, code_for, serious, shoot
from tests.chat.test_eyes import looked_over
from tests.cli.kangban_process import Town

pytestmark = pytest.mark.system


class Daughter:
    """A relative's telephone."""

    def __init__(self, browser: Browser, town: Town, elder_id: str, **about: object) -> None:
        self.town, self.elder_id, self.url = town, elder_id, town.record()["app_url"]
        self.context = browser.new_context(locale="zh-CN", viewport=TELEPHONE, has_touch=True)  # type: ignore[arg-type]
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        code = code_for(town, elder_id, kind="family", relation="女儿", name="李建芬", **about)
        self.page.goto(f"{self.url}/chat/enter?code={code}")
        self.page.get_by_role("button", name="进门").click()
        self.page.wait_for_url("**/family")

    def order(self) -> str:
        """Order tomorrow's lunch; return the dish."""
        self.page.goto(f"{self.url}/family")
        choices = self.page.locator("#which option").evaluate_all("all => all.map(one => one.value)")
        wanted = next(one for one in choices if one.startswith("2026-05-12 lunch ") and "套餐" not in one)
        self.page.locator("#which").select_option(wanted)
        self.page.get_by_role("button", name="订一份").click()
        return str(wanted.split(" ")[2])


@pytest.fixture
def daughter(browser: Browser, town: Town) -> Iterator[Callable[..., Daughter]]:
    made: list[Daughter] = []

    def make(elder_id: str, **about: object) -> Daughter:
        made.append(Daughter(browser, town, elder_id, **about))
        return made[-1]

    yield make
    for one in made:
        one.context.close()


@pytest.mark.parametrize("refusal", ["不要", "我不要女儿订的饭"])
def test_what_a_daughter_orders_is_told_and_can_be_refused(
    device: Device, daughter: Callable[..., Daughter], refusal: str
) -> None:
    hers = daughter(device.elder_id)
    dish, page = hers.order(), hers.page
    expect(page.get_by_role("status")).to_contain_text("订好了")
    [meal] = device.meals()
    assert (meal["state"], meal["details"]["dishes"]) == ("accepted", [dish])
    expect(device.page.locator("#log")).to_contain_text("女儿李建芬替您订了", timeout=20_000)
    expect(device.page.locator("#quick .choice")).to_have_text(["好的", "不要"])
    if refusal == "不要":
        device.page.locator("#quick .choice", has_text="不要").click()
        device.answer()
    else:
        device.say("今天几号")  # whatever comes in between
        device.say(refusal)
    expect(device.page.locator("#log .group").last).to_contain_text("退掉了")
    assert [row["state"] for row in device.meals()] == ["cancelled"]
    page.goto(f"{hers.url}/family")
    expect(page.locator("section", has=page.get_by_role("heading", name="吃饭"))).to_contain_text(
        "本人说不要"
    )
    shoot(page, "family-refused")


def test_an_order_sent_twice_is_one_and_a_yes_keeps_it(
    device: Device, daughter: Callable[..., Daughter]
) -> None:
    hers = daughter(device.elder_id)
    page = hers.page
    form = page.evaluate("Object.fromEntries(new FormData(document.querySelector('form')))")
    for _ in range(2):
        sent = page.request.post(f"{hers.url}/family/order", form=form)
        assert "said=ordered" in sent.url
    forged = page.request.post(f"{hers.url}/family/order", form={**form, "key": "other", "csrf": "x"})
    assert "problem=csrf" in forged.url
    expect(device.page.locator("#quick .choice").first).to_have_text("好的", timeout=20_000)
    device.page.locator("#quick .choice", has_text="好的").click()
    assert "给您留着" in device.answer()
    assert [row["state"] for row in device.meals()] == ["accepted"]


def test_what_she_did_not_agree_to_is_not_shown_and_she_can_take_it_back(
    device: Device, daughter: Callable[..., Daughter], town: Town
) -> None:
    town.call(
        "POST",
        "/alarms",
        {"turn_key": f"a:{device.elder_id}", "elder_id": device.elder_id, "category": "fall",
         "words": "我摔倒了", "channel": "voice"},
    )  # fmt: skip
    hers = daughter(device.elder_id, shares=["meals", "plans", "checkins", "order"])
    page = hers.page
    alarms = page.locator("section", has=page.get_by_role("heading", name="警报"))
    expect(alarms).to_contain_text("没有同意")
    assert "摔倒" not in page.content()
    mother = device.page
    mother.goto(f"{device.url}/chat/people")
    assert looked_over(mother, "people") == []
    mother.get_by_label("警报").check()
    mother.get_by_label("代为订饭").uncheck()
    mother.get_by_role("button", name="就这样").click()
    expect(mother.get_by_role("status")).to_contain_text("改好了")
    page.reload()
    expect(alarms).to_contain_text("摔倒")
    expect(page.locator("section", has=page.locator("#s-order"))).to_contain_text("没有同意")
    mother.get_by_role("button", name="什么都不让看了").click()
    expect(mother.locator("main")).to_contain_text("没有家里人")
    page.reload()
    page.wait_for_url("**/chat/enter")
    mother.goto(f"{device.url}/chat")
    device.ready()


def test_a_daughter_can_stop_looking_and_is_no_elder(
    device: Device, daughter: Callable[..., Daughter], town: Town
) -> None:
    hers = daughter(device.elder_id)
    for size in (TABLET, TELEPHONE):
        hers.page.set_viewport_size(size)  # type: ignore[arg-type]
        assert looked_over(hers.page, f"family-{size['width']}") == []
    hers.page.goto(f"{hers.url}/chat")
    hers.page.wait_for_url("**/chat/enter")
    hers.page.goto(f"{hers.url}/family")
    hers.page.get_by_role("button", name="我不看了").click()
    hers.page.wait_for_url("**/chat/enter")
    [binding] = [
        one
        for one in town.get(f"/bindings?elder_id={device.elder_id}")["bindings"]
        if one["kind"] == "family"
    ]
    assert binding["revoked_at"]
    assert serious(hers.page) == []
