"""Elders, their portrait, the boards of work and the map, driven in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.backend.asking import TOMORROW
from tests.console.conftest import Desk, Town


def test_who_needs_it_most_comes_first_with_reasons_that_lead_to_their_source(
    coordinator: Desk, town: Town
) -> None:
    page = coordinator.go("/console/elders?key=1")
    rows = page.locator("tbody tr")
    assert "报警：摔倒，还没有了结" in rows.nth(0).inner_text()
    text = page.locator("tbody").inner_text()
    assert "探访需关注：说两天没胃口，还没有跟进" in text
    assert "血压 160/98，偏高" in text
    assert "柳塘村" not in text
    rows.nth(0).get_by_role("link", name=re.compile("报警")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("摔倒")


def test_tags_of_several_dimensions_narrow_the_list_together(administrator: Desk, town: Town) -> None:
    page = administrator.go("/console/elders")
    everybody = int(page.locator("h1 .count").inner_text())
    page.get_by_role("checkbox", name="独居", exact=True).check()
    page.get_by_role("checkbox", name="低保", exact=True).check()
    page.get_by_label("年龄").select_option("80")
    page.get_by_role("button", name="筛选").click()
    found = int(page.locator("h1 .count").inner_text())
    assert 0 < found < everybody
    for row in page.locator("tbody tr").all_inner_texts():
        assert "独居" in row
        assert "低保" in row


def test_a_check_in_a_reading_and_a_tag_are_written_down_on_the_portrait(
    coordinator: Desk, town: Town
) -> None:
    page = coordinator.go("/console/elders/E0003")
    page.get_by_label("心情").fill("闷")
    page.get_by_label("结果").select_option("needs_attention")
    page.get_by_label("看到听到的").fill("说腿疼，下楼不便")
    page.get_by_role("button", name="记下探访").click()
    expect(page.locator("#checkins").get_by_text("说腿疼，下楼不便")).to_be_visible()
    page.get_by_text("记一次测量").click()
    page.get_by_label("数值（高压）").fill("138")
    page.get_by_label("低压").fill("84")
    page.get_by_role("button", name="记下", exact=True).click()
    expect(page.locator("#t-blood_pressure tbody tr")).to_have_count(5)
    page.get_by_text("加标签").click()
    page.get_by_label("标签").fill("刚出院")
    page.get_by_label("来源").fill("女儿电话")
    page.get_by_role("button", name="加上").click()
    expect(page.locator("#life").get_by_text("刚出院").first).to_be_visible()
    row = town.api.get("/checkins", params={"elder_id": "E0003"}).json()["checkins"][0]
    assert (row["outcome"], row["role"], row["by_id"]) == ("needs_attention", "coordinator", "S03")
    reading = town.api.get("/elders/E0003/readings").json()["readings"][0]
    assert (reading["value"], reading["value2"]) == (138, 84)
    assert "刚出院" in town.api.get("/elders/E0003").json()["tags"]
    assert coordinator.errors == []


def test_a_plan_consents_devices_and_accounts_stand_on_the_portrait(coordinator: Desk, town: Town) -> None:
    town.api.post("/satellites", json={"elder_id": "E0006", "name": "卧室"})
    code = town.api.post(
        "/bind-codes",
        json={
            "elder_id": "E0006",
            "kind": "family",
            "name": "小红",
            "relation": "女儿",
            "consent": "她说好的",
        },
    ).json()
    taken = {"channel": "wechat", "account": "wx-1", "code": code["code"]}
    assert town.api.post("/bind-codes/take", json=taken).status_code == 200
    page = coordinator.go("/console/elders/E0006")
    expect(page.locator("#consents")).to_contain_text("音箱 卧室")
    page.get_by_text("加目标", exact=True).click()
    page.get_by_label("目标").fill("每周洗两次澡")
    page.get_by_label("哪天复查").fill("2026-11-23")
    page.get_by_label("助浴").check()
    page.get_by_role("button", name="加上目标").click()
    expect(page.locator("#plan")).to_contain_text("助浴，30 天没有")
    expect(page.locator("section.alarm")).to_contain_text("照护计划「每周洗两次澡」11月23日该复查")
    page.locator("#plan summary", has_text="复查").click()
    page.get_by_label("下次复查").fill("2026-12-23")
    page.get_by_label("怎么样了").fill("这周洗了一次")
    page.get_by_role("button", name="记下复查").click()
    expect(page.locator("#plan")).to_contain_text("2026-12-23 复查")
    page.get_by_text("登记同意", exact=True).click()
    page.get_by_label("同意什么").select_option("keep_audio")
    page.get_by_label("怎么同意的").fill("当面说的")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("#consents")).to_contain_text("✓ 留下说话的录音")
    page.get_by_label("为什么撤回").fill("不想留了")
    page.get_by_role("button", name="撤回").click()
    expect(page.locator("#consents")).to_contain_text("撤回：不想留了")
    page.get_by_role("button", name=re.compile("^解绑")).click()
    expect(page.locator("#consents")).to_contain_text("✕ 已解绑")
    row = town.api.get("/bindings", params={"elder_id": "E0006"}).json()["bindings"][0]
    assert row["revoked_at"] is not None
    assert coordinator.errors == []


def test_a_tag_is_proposed_from_what_was_said_and_confirmed_by_a_person(
    coordinator: Desk, town: Town
) -> None:
    page = coordinator.go("/console/elders/E0006")
    expect(page.locator("#life")).to_contain_text("「这两天没胃口；说两天没胃口」")
    assert "胃口差" not in town.api.get("/elders/E0006").json()["tags"]
    page.get_by_role("button", name=re.compile("^标上 14 天")).click()
    assert "胃口差" in town.api.get("/elders/E0006").json()["tags"]
    expect(page.locator("#life")).to_contain_text("到 2026-12-07")
    expect(page.get_by_text("听下来建议标上")).to_have_count(0)


def test_a_bind_code_is_shown_once_and_binds(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console/elders/E0004")
    page.get_by_text("发绑定码").click()
    page.get_by_label("给谁用").select_option("family")
    page.get_by_label("关系", exact=True).fill("女儿")
    page.get_by_label("长者同意的情形").fill("上门当面说好")
    page.get_by_role("button", name="发码").click()
    shown = page.locator("#consents").get_by_text(re.compile(r"绑定码 \d{4} \d{4}")).inner_text()
    code = "".join(re.findall(r"\d", shown))
    taken = {"channel": "wechat", "account": "oFromTheConsole", "code": code}
    assert town.api.post("/bind-codes/take", json=taken).json()["relation"] == "女儿"
    page = coordinator.go("/console/elders/E0004")
    assert code[:4] + " " + code[4:] not in page.content()
    expect(page.locator("#consents").get_by_text("上门当面说好").first).to_be_visible()


def test_the_chart_is_drawn_from_the_table_beside_it(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console/elders/E0003")
    expect(page.locator("[data-chart=t-blood_pressure] svg")).to_be_visible()


def test_a_caregiver_has_no_buttons_that_she_may_not_press(browser: object, town: Town) -> None:
    from tests.console.conftest import DESK

    carer = Desk(browser, town.url, "s15", viewport=DESK)  # type: ignore[arg-type]
    page = carer.go("/console/elders/E0003")
    expect(page.get_by_text("加标签")).to_have_count(0)
    page = carer.go(f"/console/requests/{town.ids['bath']}")
    for name in ("派单", "改期", "取消这条服务"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    assert page.request.get(f"{town.url}/console/accounts").status == 403
    assert page.request.get(f"{town.url}/console/requests.csv").status == 403
    carer.context.close()


def test_the_week_shows_visits_by_day_and_of_one_carer(administrator: Desk, town: Town) -> None:
    page = administrator.go("/console/work?day=2026-11-23")
    assert page.locator(".week > section").count() == 7
    assert "钱志明" in page.locator(".week > section").nth(1).inner_text()
    page.get_by_label("护理员").select_option("K03")
    page.get_by_role("button", name="看", exact=True).click()
    assert "钱志明" not in page.locator(".week").inner_text()


def test_the_canteens_list_counts_dishes_with_their_limits_in_the_order_of_the_way(
    administrator: Desk, town: Town
) -> None:
    page = administrator.go(f"/console/canteen?day={TOMORROW}&meal=lunch")
    cooked = page.locator("table", has_text="要做的菜").inner_text()
    assert re.search(r"套餐\s+2\s+少盐 ×1", cooked)
    brought = page.locator("table", has_text="送餐顺序").locator("tbody tr").all_inner_texts()
    assert [re.search(r"桥东村(\d+)组", line)[1] for line in brought] == ["1", "2"]  # type: ignore[index]


def test_the_map_has_every_village_in_the_drawing_and_in_the_table(administrator: Desk, town: Town) -> None:
    page = administrator.go("/console/map?circle=V03")
    names = [text.strip() for text in page.locator(".grid2 tbody th").all_inner_texts()]
    assert len(names) == 12
    drawn = page.locator("svg.map").text_content() or ""
    assert all(name in drawn for name in names)
    assert page.locator("svg.map circle[stroke-dasharray]").count() == 1


def test_every_page_works_without_a_mouse(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash !== ''")  # the jump has been made
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    box = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert box == "solid"


def test_neighbourhood_points_are_drawn_listed_added_and_taken_away(
    administrator: Desk, coordinator: Desk, town: Town
) -> None:
    page = administrator.go("/console/map")
    rows = page.locator("#t-points tbody tr")
    expect(rows).to_have_count(24)
    assert page.locator("svg.map path title").count() == 24  # the drawing and the table say the same
    page.get_by_text("加邻里点").click()
    page.get_by_label("名字").fill("桥东书场")
    page.locator("select[name=village]").select_option("V01")
    page.get_by_label("纬度").fill("30.8661")
    page.get_by_label("经度").fill("120.6287")
    page.get_by_label("有什么").fill("评弹、茶")
    page.get_by_role("button", name="加上邻里点").click()
    added = page.locator("#t-points tr", has_text="桥东书场")
    expect(added).to_contain_text("2230 米")
    expect(added).to_contain_text("✕ 太远")
    found = [one for one in town.api.get("/points").json()["points"] if one["name"] == "桥东书场"]
    assert found[0]["offers"] == ["评弹", "茶"]
    page.get_by_role("button", name=re.compile("去掉.*桥东书场")).click()
    expect(rows).to_have_count(24)
    expect(coordinator.go("/console/map").get_by_text("加邻里点")).to_have_count(0)
    assert administrator.errors == []
