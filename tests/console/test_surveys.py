"""A survey's spreadsheet is brought, looked at row by row, applied and undone, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.console.conftest import Desk, Town
from tests.console.happenings import SURVEY


def test_a_survey_is_previewed_row_by_row_applied_and_undone(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console/elders")
    page.get_by_role("link", name="导入问卷表格").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "问卷.csv", "mimeType": "text/csv", "buffer": SURVEY.encode("gb18030")}
    )
    page.get_by_role("button", name="看看会改什么").click()
    text = page.locator("tbody").inner_text()
    assert "像公式（=1+1）" in text
    assert "不是您负责的村居" in text
    assert "高血压、糖尿病" in text
    before = town.api.get("/elders", params={"limit": 1}).json()["total"]
    page.get_by_role("button", name="导入 2 位").click()
    expect(page.get_by_text("已导入")).to_be_visible()
    assert town.api.get("/elders", params={"limit": 1}).json()["total"] == before + 2
    page.get_by_role("link", name="李桂花").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("李桂花")
    expect(page.locator("#life")).to_contain_text("问卷 问卷.csv")
    page.go_back()
    page.get_by_role("button", name="撤销这次导入").click()
    expect(page.get_by_text(re.compile("已撤销"))).to_be_visible()
    assert town.api.get("/elders", params={"limit": 1}).json()["total"] == before
    assert coordinator.errors == []


def test_a_file_that_is_no_survey_is_refused_in_plain_words(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console/import")
    page.locator("input[type=file]").set_input_files(
        {"name": "菜单.csv", "mimeType": "text/csv", "buffer": "菜名,价钱\n红烧肉,12\n".encode()}
    )
    page.get_by_role("button", name="看看会改什么").click()
    alert = page.get_by_role("alert").filter(has_text="表头不对")
    expect(alert).to_contain_text("缺少「姓名」这一列")


def test_what_another_brought_for_another_village_is_not_there(
    administrator: Desk, coordinator: Desk, town: Town
) -> None:
    from tests.console.happenings import bring_survey

    made = bring_survey(town.database)
    assert administrator.page.request.get(f"{town.url}/console/import/{made}").status == 200
    assert coordinator.page.request.get(f"{town.url}/console/import/{made}").status == 404
