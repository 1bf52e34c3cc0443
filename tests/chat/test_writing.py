"""An elder writes: lunch by quick replies, a broken line, a reload in the middle, a keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.chat.conftest import Device, code_for
from tests.cli.kangban_process import Town

pytestmark = pytest.mark.system


def test_lunch_is_ordered_with_quick_replies(device: Device) -> None:
    device.say("我要订明天中午的饭，青菜豆腐一份")
    page = device.page
    for _ in range(6):
        page.wait_for_timeout(50)
        choice = page.locator("#quick .choice")
        expect(choice.first).to_be_visible()
        before = page.locator("#log .group").count()
        wanted = page.locator("#quick .choice", has_text="送到家里")
        (wanted if wanted.count() else choice).first.click()
        expect(page.locator("#log .group")).to_have_count(before + 1)
        device.answer()
        if device.meals():
            break
    [meal] = device.meals()
    assert str(meal["start"]).startswith("2026-05-12T")
    assert "订好了" in page.locator("#log").inner_text()
    assert page.locator("#quick .choice").count() == 0


def test_a_reload_in_the_middle_loses_nothing_and_books_once(device: Device) -> None:
    device.say("我要订明天中午的饭，青菜豆腐一份，送到家里")
    device.page.reload()
    page = device.ready()
    assert "我要订明天中午的饭" in page.locator("#log").inner_text()
    page.locator("#quick .choice", has_text="对").first.click()
    device.answer()
    expect(page.locator("#log .group").last).to_contain_text("订好了")
    page.reload()
    device.ready()
    assert len(device.meals()) == 1
    assert page.locator("#log .mine").count() == 2


def test_without_a_net_words_are_kept_and_go_out_in_order(device: Device) -> None:
    page = device.page
    device.context.set_offline(True)
    device.write("我要订明天中午的饭，青菜豆腐一份，送到家里")
    expect(page.locator("#status")).to_contain_text("没网了：先记下，通了再送")
    device.write("对")
    expect(page.locator("#log .mine[data-state=waiting]")).to_have_count(2)
    assert device.meals() == []
    device.context.set_offline(False)
    expect(page.locator("#log .group").last).to_contain_text("订好了", timeout=30_000)
    assert len(device.meals()) == 1
    expect(page.locator("#status")).to_be_empty()
    said = [turn["text"] for turn in device.town.get(f"/turns?elder_id={device.elder_id}")["turns"]]
    assert said == ["对", "我要订明天中午的饭，青菜豆腐一份，送到家里"]
    device.errors[:] = [line for line in device.errors if "ERR_INTERNET_DISCONNECTED" not in line]


def test_words_kept_before_a_reload_are_sent_after_it_under_their_id(device: Device) -> None:
    page = device.page
    page.route("**/chat/turns", lambda route: route.abort())
    device.write("现在几点了")
    expect(page.locator("#log .mine[data-state=waiting]")).to_have_count(1)
    page.unroute("**/chat/turns")
    page.reload()
    device.ready()
    expect(page.locator("#log .group").last.locator(".ours")).to_have_count(1)
    assert device.town.get(f"/turns?elder_id={device.elder_id}")["turns"][0]["text"] == "现在几点了"
    assert page.evaluate(
        "Object.keys(localStorage).filter(k => k.includes('queue')).map(k => localStorage[k])"
    ) == ["[]"]
    device.errors[:] = [line for line in device.errors if "ERR_FAILED" not in line]


def test_a_reload_without_a_net_still_shows_the_page_and_what_waits(device: Device) -> None:
    page = device.page
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.reload()
    device.ready()  # now the page has gone through the keeper
    device.context.set_offline(True)
    device.write("现在几点了")
    page.reload()
    device.ready()
    expect(page.locator("#status")).to_contain_text("没网了")
    expect(page.locator("#log .mine[data-state=waiting]")).to_contain_text("现在几点了")
    device.context.set_offline(False)
    expect(page.locator("#log .group").last.locator(".ours")).to_have_count(1, timeout=30_000)
    device.errors[:] = [line for line in device.errors if "ERR_INTERNET_DISCONNECTED" not in line]


def test_an_answer_that_was_lost_on_the_way_is_got_again_and_done_once(device: Device) -> None:
    device.say("我要订明天中午的饭，青菜豆腐一份，送到家里")
    lost: list[int] = []

    def lose(route) -> None:  # type: ignore[no-untyped-def]
        route.fetch()  # the server has it, and its answer gets lost
        lost.append(1)
        route.abort()

    device.page.route("**/chat/turns", lose, times=1)
    device.page.locator("#quick .choice", has_text="对").first.click()
    expect(device.page.locator("#log .group").last).to_contain_text("订好了", timeout=30_000)
    assert lost == [1]
    assert len(device.meals()) == 1
    device.errors[:] = [line for line in device.errors if "ERR_FAILED" not in line]


def test_words_of_hours_ago_are_asked_about_before_they_are_sent(device: Device) -> None:
    page = device.page
    page.evaluate(
        """() => { const name = `kangban-queue-${document.body.dataset.mark}`;
        const at = new Date(Date.now() - 20 * 3600 * 1000).toISOString();
        const old = {id: "oldoldoldold", text: "明天中午的饭不要了", at, tries: 0};
        localStorage.setItem(name, JSON.stringify([old])); }"""
    )
    page.reload()
    device.ready()
    expect(page.get_by_role("dialog")).to_contain_text("明天中午的饭不要了")
    page.get_by_role("button", name="不送了").click()
    expect(page.locator("#log .mine")).to_contain_text("没有送")
    assert device.town.get(f"/turns?elder_id={device.elder_id}")["turns"] == []


def test_everything_can_be_done_with_a_keyboard(another: Callable[..., Device]) -> None:
    device = another(has_touch=False)
    page = device.page
    if not page.locator("#text").is_visible():
        page.locator("#to-writing").focus()
        page.keyboard.press("Enter")
    page.locator("#text").focus()
    page.keyboard.type("我要订明天中午的饭，青菜豆腐一份，送到家里")
    page.keyboard.press("Enter")
    device.answer()
    page.keyboard.press("Shift+Tab")
    for _ in range(12):
        if page.evaluate("document.activeElement.textContent") == "对":
            break
        page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "对"
    page.keyboard.press("Enter")
    expect(page.locator("#log .group").last).to_contain_text("订好了")
    assert page.evaluate("document.activeElement !== document.body")
    assert device.errors == []


def test_what_we_say_first_arrives_by_itself_and_is_answered_by_a_button(device: Device) -> None:
    status, made = device.town.call(
        "POST",
        "/reminders",
        {"turn_key": f"t:{device.elder_id}", "elder_id": device.elder_id, "text": "吃降压药",
         "start": device.town.get("/health")["now"]},
    )  # fmt: skip
    assert status == 201, made
    page = device.page
    expect(page.locator("#log")).to_contain_text("吃降压药", timeout=20_000)
    page.locator("#quick .choice", has_text="好了").click()
    device.answer()
    rows = device.town.get(f"/reminders/occurrences?elder_id={device.elder_id}")["occurrences"]
    assert [row["state"] for row in rows] == ["taken"]
    page.reload()
    device.ready()
    expect(page.locator("#log .ours", has_text="吃降压药")).to_have_count(1)


def test_a_code_holds_once_and_a_revoked_device_is_out(device: Device, town: Town) -> None:
    page = device.page
    [binding] = town.get(f"/bindings?elder_id={device.elder_id}&live=true")["bindings"]
    assert town.call("POST", f"/bindings/{binding['id']}/revoke", {"why": "平板丢了"})[0] == 200
    device.write("我要订饭")
    page.wait_for_url("**/chat/enter")
    page.get_by_label("请输入村里给您的八位号码").fill("00000000")
    page.get_by_role("button", name="进门").click()
    expect(page.get_by_role("alert")).to_contain_text("不对")
    code = code_for(town, device.elder_id)
    page.get_by_label("请输入村里给您的八位号码").fill(f"{code[:4]} {code[4:]}")
    page.get_by_role("button", name="进门").click()
    page.wait_for_url("**/chat")
    device.ready()
    stranger = device.context.browser.new_page()  # type: ignore[union-attr]
    stranger.goto(f"{device.url}/chat/enter?code={code}")
    stranger.get_by_role("button", name="进门").click()
    expect(stranger.get_by_role("alert")).to_contain_text("用过")
    stranger.close()
    device.errors[:] = [line for line in device.errors if "401" not in line and "422" not in line]
