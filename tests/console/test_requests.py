"""The log of requests and the work on one, driven in a real browser."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from backend.console.csv_safe import cell
from tests.console.conftest import Desk, Town


def see(page: Page, text: str) -> None:
    expect(page.locator("main").get_by_text(text).first).to_be_visible()


def test_one_page_tells_a_request_from_what_was_heard_to_what_was_booked(
    coordinator: Desk, town: Town
) -> None:
    page = coordinator.go(f"/console/requests/{town.ids['bath']}")
    for text in (
        "我想主浴", "改听成「我想助浴」", "明朝上午", "您说一声「好」我就订下。", "好的",
        "订好了，明天上午九点助浴。", "没把握",
    ):  # fmt: skip
        see(page, text)
    assert page.get_by_text("听成 闲聊，把握 41%").count() == 1
    facts = page.locator("dl.facts").inner_text()
    assert "41%" in facts  # the least of the turns that told it
    assert "助浴" in facts


def test_a_request_is_assigned_begun_and_completed_with_a_note(coordinator: Desk, town: Town) -> None:
    page = coordinator.go(f"/console/requests/{town.ids['bath']}")
    first = page.locator("input[name=carer]").first
    expect(first).to_be_checked()
    page.get_by_role("button", name="派单").click()
    see(page, "已派单")
    page.get_by_role("button", name="开始服务").click()
    see(page, "服务中")
    page.get_by_label("做得怎样").fill("洗好了，精神不错")
    page.get_by_role("button", name="完成").click()
    see(page, "洗好了，精神不错")
    row = town.api.get(f"/requests/{town.ids['bath']}").json()
    assert row["state"] == "completed"
    moves = [(step["event"], step["by"]) for step in row["history"] if step["event"] not in (None, "accept")]
    assert moves == [(event, "coordinator:S03") for event in ("assign", "start", "complete")]


def test_a_suggestion_says_who_is_free_near_and_known(coordinator: Desk, town: Town) -> None:
    made = town.api.post(
        "/requests",
        json={"turn_key": "t:again", "elder_id": "E0003", "kind": "home_care", "said": "再洗一次",
              "details": {"care_item": "bathing"}, "by": {"role": "elder", "id": "E0003"},
              "start": "2026-11-26T09:00:00+08:00", "end": "2026-11-26T10:00:00+08:00"},
    ).json()  # fmt: skip
    page = coordinator.go(f"/console/requests/{made['id']}")
    lines = page.locator("fieldset li").all_inner_texts()
    assert len(lines) >= 3
    assert "已留时间" in lines[0]
    assert all("公里" in line for line in lines)
    free = ["有空" in line for line in lines]
    assert free == sorted(free, reverse=True)
    other = page.locator("fieldset li", has_text=re.compile("有空")).nth(1)
    name = other.locator("label").inner_text().strip()
    other.locator("input").check()
    page.get_by_role("button", name="派单").click()
    see(page, "已派单")
    assert town.api.get(f"/requests/{made['id']}").json()["carer"]["name"] == name


def test_a_request_is_moved_and_cancelled_with_its_reason(coordinator: Desk, town: Town) -> None:
    page = coordinator.go(f"/console/requests/{town.ids['visit']}")
    page.get_by_text("改期", exact=True).first.click()
    page.get_by_label("日期").fill("2026-11-25")
    page.get_by_label("从", exact=True).fill("10:00")
    page.get_by_label("到", exact=True).fill("11:00")
    page.get_by_role("button", name="改期").click()
    see(page, "11月25日 周三 10:00–11:00")
    page.get_by_text("取消", exact=True).first.click()
    page.get_by_label("为什么").fill("长者住院了")
    page.get_by_role("button", name="取消这条服务").click()
    see(page, "长者住院了")
    row = town.api.get(f"/requests/{town.ids['visit']}").json()
    assert (row["state"], row["start"]) == ("cancelled", "2026-11-25T10:00:00+08:00")


def test_what_cannot_be_done_is_said_in_plain_words(coordinator: Desk, town: Town) -> None:
    page = coordinator.go(f"/console/requests/{town.ids['meal']}")
    page.get_by_text("改期", exact=True).first.click()
    page.get_by_label("日期").fill("2026-11-20")
    page.get_by_role("button", name="改期").click()
    expect(page.get_by_role("alert").filter(has_not_text="报警").last).to_be_visible()


def test_filters_combine_and_are_kept_under_a_name(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console/requests")
    page.get_by_text("服务、状态、标签").click()
    page.get_by_role("checkbox", name="助餐").check()
    page.get_by_label("找字").fill("套餐")
    page.get_by_role("button", name="筛选", exact=True).click()
    rows = page.locator("tbody tr")
    assert rows.count() == 2
    assert all("套餐" in text for text in rows.all_inner_texts())
    page.get_by_label("给这个筛选起个名字").fill("套餐的")
    page.get_by_role("button", name="保存筛选").click()
    page.goto(f"{town.url}/console/requests")
    page.get_by_role("link", name="套餐的").click()
    assert page.locator("tbody tr").count() == 2


def test_turns_of_an_elder_are_there_word_for_word_and_the_unsure_ones_alone(
    coordinator: Desk, town: Town
) -> None:
    page = coordinator.go("/console/turns?elder=E0003")
    assert page.locator(".heard").all_inner_texts() == ["好的", "嗯", "明朝上午", "我想主浴"]
    page.get_by_label("没把握的").check()
    page.get_by_role("button", name="筛选", exact=True).click()
    assert page.locator(".heard").all_inner_texts() == ["嗯"]


def test_another_villages_requests_are_in_no_list_page_or_export(coordinator: Desk, town: Town) -> None:
    get = coordinator.page.request.get
    assert get(f"{town.url}/console/requests/{town.ids['elsewhere']}").status == 404
    for path in ("/console/requests", "/console/requests.csv", "/console/requests?elder=E0030"):
        assert town.ids["elsewhere"] not in get(f"{town.url}{path}").text()


def test_the_export_opens_as_text(coordinator: Desk, town: Town) -> None:
    answer = coordinator.page.request.get(f"{town.url}/console/requests.csv?kind=meal")
    text = answer.body().decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0][:4] == ["编号", "长者", "村居", "服务"]
    assert len(rows) == 3
    assert {row[3] for row in rows[1:]} == {"助餐"}


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", " =", "＝", "\r"])
def test_a_formula_in_a_cell_is_only_text(begin: str) -> None:
    assert cell(f"{begin}HYPERLINK(1)").startswith("'")
    assert cell("红烧肉") == "红烧肉"
