"""「叫人」: always there, quick, not by mistake, and honest where it cannot get through."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.chat.conftest import Device, serious, shoot

pytestmark = pytest.mark.system


def alarms(device: Device) -> list[dict[str, object]]:
    found: list[dict[str, object]] = device.town.get(f"/alarms?elder_id={device.elder_id}")["alarms"]
    return found


def test_the_alarm_goes_out_by_itself_when_nobody_presses_again(device: Device) -> None:
    page = device.page
    page.get_by_role("button", name="叫人").click()
    expect(page.get_by_role("dialog")).to_contain_text("马上替您叫人")
    shoot(page, "calling")
    assert serious(page) == []
    expect(page.locator("#called")).to_contain_text("已经报了警报", timeout=9_000)
    shoot(page, "called")
    assert serious(page) == []
    [alarm] = alarms(device)
    assert (alarm["category"], alarm["state"], alarm["channel"]) == ("help", "raised", "chat")
    page.get_by_role("button", name="知道了").click()
    expect(page.locator("#log")).to_contain_text("快来人帮帮我")


def test_a_press_by_mistake_can_be_taken_back(device: Device) -> None:
    page = device.page
    page.get_by_role("button", name="叫人").click()
    page.get_by_role("button", name="不用叫").click()
    page.wait_for_timeout(5_500)
    assert alarms(device) == []


def test_without_a_net_it_says_so_offers_the_telephone_and_goes_on_trying(device: Device) -> None:
    page = device.page
    device.context.set_offline(True)
    page.get_by_role("button", name="叫人").click()
    page.get_by_role("button", name="现在就叫").click()
    expect(page.locator("#called")).to_contain_text("叫不到人")
    assert page.locator("a[href='tel:120']").is_visible()
    assert page.locator("a.phone").count() >= 2
    device.context.set_offline(False)
    expect(page.locator("#called")).to_contain_text("已经报了警报", timeout=15_000)
    assert len(alarms(device)) == 1
    device.errors[:] = [line for line in device.errors if "ERR_INTERNET_DISCONNECTED" not in line]
