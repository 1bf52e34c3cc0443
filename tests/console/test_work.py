"""Booking for an elder, rating what was done, and following up who did not answer, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.backend.asking import TOMORROW
from tests.console.conftest import Desk, Town
from tests.console.happenings import ask_after, finish


def told(town: Town, request_id: str) -> list[str]:
    rows = town.api.get("/due", params={"subject_id": request_id, "kind": "tell_arranged"}).json()["due"]
    return [row["payload"]["what"] for row in rows]


def booked(desk: Desk, town: Town) -> dict[str, object]:
    """Return the request on whose page the desk is."""
    expect(desk.page.get_by_text("订好了，会告诉长者")).to_be_visible()
    found = re.search(r"/console/requests/(\w+)", desk.page.url)
    assert found is not None
    assert told(town, found[1]) == ["booked"]
    return dict(town.api.get(f"/requests/{found[1]}").json())


def test_each_kind_of_service_is_booked_for_an_elder_who_is_then_told(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console/book")
    page.get_by_label("姓名、电话或编号").fill("E0003")
    page.get_by_role("button", name="找").click()
    page.locator("section.card li a").first.click()
    page.get_by_role("link", name="助餐").click()
    page.get_by_label("哪一天").fill(TOMORROW)
    page.get_by_role("button", name="看菜单").click()
    page.get_by_role("button", name="订下").click()
    if page.get_by_text("冲突的是").is_visible():
        page.get_by_label("问过长者了，忌口也照订").check()
        page.get_by_role("button", name="订下").click()
    row = booked(coordinator, town)
    assert (row["kind"], row["elder_id"], row["state"]) == ("meal", "E0003", "accepted")
    page = coordinator.go("/console/book?elder=E0003&kind=home_care")
    page.get_by_label("做什么").select_option("bathing")
    page.get_by_label("哪一天").fill("2026-11-26")
    page.get_by_label("从", exact=True).fill("10:00")
    page.get_by_role("button", name="订下").click()
    row = booked(coordinator, town)
    assert (row["kind"], row["start"]) == ("home_care", "2026-11-26T10:00:00+08:00")
    page = coordinator.go("/console/book?elder=E0003&kind=companionship")
    page.get_by_label("怎么陪").select_option("call")
    page.get_by_label("哪一天").fill("2026-11-26")
    page.get_by_label("从", exact=True).fill("15:00")
    page.get_by_role("button", name="订下").click()
    assert booked(coordinator, town)["kind"] == "companionship"
    page = coordinator.go("/console/book?elder=E0003&kind=medical_appointment")
    page.get_by_label("哪一天").fill(TOMORROW)
    page.get_by_role("button", name="看号").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("哪里不舒服").fill("咳嗽")
    page.get_by_role("button", name="订下").click()
    row = booked(coordinator, town)
    assert row["kind"] == "medical_appointment"
    history = town.api.get(f"/requests/{row['id']}").json()["history"]
    assert history[0]["by"] == "coordinator:S03"
    assert coordinator.errors == []


def test_what_cannot_be_booked_says_what_could_be_instead(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console/book?elder=E0003&kind=home_care")
    page.get_by_label("做什么").select_option("bathing")
    page.get_by_label("哪一天").fill("2026-11-26")
    page.get_by_label("从", exact=True).fill("03:00")
    page.get_by_label("到", exact=True).fill("04:30")
    page.get_by_role("button", name="订下").click()
    alert = page.get_by_role("alert").filter(has_text="可以改成")
    expect(alert).to_be_visible()
    assert re.search(r"\d\d:\d\d–\d\d:\d\d", alert.inner_text())
    assert page.get_by_label("从", exact=True).input_value() == "03:00"  # what she wrote is still there


def test_another_villages_elder_cannot_be_booked_for(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console/book?name=E0030")
    expect(page.get_by_text("没有找到。")).to_be_visible()
    assert page.request.get(f"{town.url}/console/book?elder=E0030").status == 404


def test_a_finished_service_is_rated_with_the_elders_words(coordinator: Desk, town: Town) -> None:
    done = finish(town.api)
    page = coordinator.go(f"/console/requests/{done}")
    page.get_by_label("好", exact=True).check()
    page.get_by_label("她怎么说").fill("电话里说来得准时")
    page.locator("#rating").get_by_role("button", name="记下").click()
    expect(page.locator("#rating")).to_contain_text("4 分")
    row = town.api.get("/ratings", params={"elder_id": "E0002"}).json()["ratings"][0]
    assert (row["stars"], row["said"], row["role"], row["by_id"]) == (
        4, "电话里说来得准时", "coordinator", "S03"
    )  # fmt: skip
    own = {"turn_key": "t:own", "stars": 2, "said": "不好", "by": {"role": "elder", "id": "E0002"}}
    assert town.api.post(f"/requests/{done}/rating", json=own).status_code == 200
    page.reload()
    expect(page.locator("#rating")).to_contain_text("长者自己说的")
    expect(page.locator("#rating").get_by_role("button")).to_have_count(0)
    page = coordinator.go("/console/statistics")
    row = page.locator("#t-liked tr", has_text="关爱陪伴")
    assert [cell.strip() for cell in row.locator("td").all_inner_texts()] == ["1", "2.0", "1"]
    page.locator("section", has_text="说不好的").get_by_role("link", name=re.compile("关爱陪伴")).click()
    expect(page.locator("#rating")).to_contain_text("「不好」")  # down to the very service


def test_who_did_not_answer_is_followed_up_from_the_board_with_a_note(coordinator: Desk, town: Town) -> None:
    ask_after(town.api, town.database)
    page = coordinator.go("/console/checkins")
    expect(page.locator("#waiting li")).to_have_count(1)
    expect(page.locator("#coming")).to_contain_text("18:00")
    expect(page.locator("#answered")).to_contain_text("挺好的，睡得香")
    line = page.locator("#missed li")
    expect(line).to_have_count(1)
    line.get_by_label("怎么联系").select_option("visit")
    line.get_by_label("看到听到的").fill("敲门见到了，电话没放好")
    line.get_by_role("button", name=re.compile("^记下")).click()
    expect(page.locator("#missed")).to_contain_text("没有。")
    expect(page.locator("#answered")).to_contain_text("敲门见到了，电话没放好")
    rows = town.api.get("/checkins", params={"elder_id": "E0002"}).json()["checkins"]
    assert [(row["outcome"], row["channel"]) for row in rows] == [("well", "visit"), ("no_answer", "voice")]
    assert rows[1]["follow_up"] == "敲门见到了，电话没放好"
    rounds = town.api.get("/checkins/rounds", params={"elder_id": "E0002"}).json()["rounds"]
    assert [row["state"] for row in rounds] == ["visited"]


def test_when_an_elder_is_asked_is_set_on_her_portrait(coordinator: Desk, town: Town) -> None:
    page = coordinator.go("/console/elders/E0007")
    page.get_by_text("定问候的时间").click()
    page.get_by_label("每天几点（空着就不问）").fill("8:30、18：00")
    page.get_by_role("button", name="定下").click()
    assert town.api.get("/elders/E0007/rhythm").json()["times"] == ["08:30", "18:00"]
