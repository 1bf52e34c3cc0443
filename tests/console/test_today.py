"""The day's page and the alarms, driven in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.console.conftest import Desk, Town


def test_the_day_shows_what_needs_somebody_and_nothing_of_another_village(
    coordinator: Desk, town: Town
) -> None:
    page = coordinator.go("/console")
    expect(page.get_by_role("heading", name=re.compile("^今天"), level=1)).to_be_visible()
    text = page.locator("main").inner_text()
    assert "说两天没胃口" in text
    assert "想找人说说药费" in text
    assert "来人啊" not in text
    assert page.locator(".banner").get_by_text("我摔倒了").is_visible()


def test_an_alarm_arrives_without_reload_is_taken_on_with_a_note_and_ended(
    coordinator: Desk, town: Town
) -> None:
    page = coordinator.go("/console")
    expect(page.locator("body[data-live=yes]")).to_be_attached()
    made = town.api.post(
        "/alarms",
        json={"turn_key": "t:live", "elder_id": "E0002", "category": "chest_pain", "words": "胸口痛得很",
              "channel": "voice"},
    ).json()  # fmt: skip
    expect(page.locator(".banner").get_by_text("胸口痛得很")).to_be_visible(timeout=5000)
    page.locator(".banner").get_by_role("link", name=re.compile("胸痛")).click()
    page.get_by_role("button", name="接手这个报警").click()  # without a note the browser refuses
    expect(page.get_by_role("button", name="接手这个报警")).to_be_visible()
    page.get_by_label("正在做什么").fill("已经打 120")
    page.get_by_role("button", name="接手这个报警").click()
    page.get_by_label("结果怎样").fill("送到卫生院，女儿陪着")
    page.get_by_role("button", name="结束这个报警").click()
    expect(page.get_by_text("送到卫生院，女儿陪着")).to_be_visible()
    row = town.api.get(f"/alarms/{made['id']}").json()
    assert row["state"] == "closed"
    assert [(event["role"], event["by_id"]) for event in row["history"][1:]] == [("coordinator", "S03")] * 2


def test_an_alarm_that_nobody_took_on_sounds(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console")
    page.locator("h1").click()
    button = page.locator("[data-sound]")
    page.wait_for_timeout(300)
    if button.is_visible():
        button.click()
    expect(page.locator("body[data-rang]")).to_be_attached(timeout=9000)


def test_a_check_in_is_followed_up_and_a_call_back_written_down_from_the_days_page(
    coordinator: Desk, town: Town
) -> None:
    page = coordinator.go("/console")
    page.get_by_label(re.compile("^跟进说明")).first.fill("上门看过，胃口好些了")
    page.get_by_role("button", name=re.compile("^已跟进")).first.click()
    expect(page.get_by_text("没有待跟进的。")).to_be_visible()
    page.get_by_label(re.compile("^回电说明")).first.fill("药费能报七成")
    page.get_by_role("button", name=re.compile("^已回电")).first.click()
    expect(page.get_by_text("没有人在等。")).to_be_visible()
    row = town.api.get("/checkins", params={"elder_id": "E0006"}).json()["checkins"][0]
    assert (row["follow_up"], row["followed_up_by"]) == ("上门看过，胃口好些了", "coordinator:S03")
    handover = town.api.get("/handovers", params={"elder_id": "E0004"}).json()["handovers"][0]
    assert (handover["state"], handover["done_by"]) == ("done", "coordinator:S03")


def test_another_villages_alarm_is_not_there(coordinator: Desk, town: Town) -> None:
    answer = coordinator.page.request.get(f"{town.url}/console/alarms/{town.ids['alarm_elsewhere']}")
    nobody = coordinator.page.request.get(f"{town.url}/console/alarms/nobody")
    assert (answer.status, answer.text()) == (404, nobody.text())
