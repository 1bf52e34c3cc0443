"""A caregiver's day on the whole system: real processes, real understanding, a real browser, nothing staged.

An elder's request arrives live, is assigned, done and rated; an alarm is taken on and ended; a check-in that
was missed is followed up; a misunderstanding is explained, and what was learned is understood at once.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from backend.checkins import rounds
from backend.database import Database
from backend.due import service as due
from tests.cli.kangban_process import Town
from tests.system.conftest import Talk, wait_until

pytestmark = pytest.mark.system

PASSWORD = "一句自己记得住的长话"
LIVE_MS = 15_000
"""How long something may take until it stands on an open page, on a machine with other work."""


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser of this test alone: its driver keeps an event loop that other tests must not find."""
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        assert found, "no Chromium; run: make setup-test"
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


def sign_in(browser: Browser, town: Town, username: str) -> Page:
    """Sign in for the first time, with the one-time password that the system wrote down."""
    text = (town.home / "secrets" / "demo-accounts").read_text(encoding="utf-8")
    found = re.search(rf"^{username}\s+(\S+)", text, re.MULTILINE | re.IGNORECASE)
    assert found, text
    page = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(LIVE_MS)
    expect.set_options(timeout=LIVE_MS)
    url = town.record()["app_url"]
    page.goto(f"{url}/console")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(found[1])
    page.get_by_role("button", name="登录").click()
    page.get_by_label("现在的密码").fill(found[1])
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次新密码").fill(PASSWORD)
    page.get_by_role("button", name="保存新密码").click()
    expect(page).not_to_have_url(re.compile("password|login"))
    page.goto(f"{url}/console")
    expect(page.get_by_role("heading", name=re.compile("^今天"), level=1)).to_be_visible()
    return page


def elder_of(town: Town, village: str) -> tuple[str, str]:
    """Return the id and name of an elder of a village whom no other test talks as."""
    found = [row for row in town.get("/elders?limit=200")["elders"] if row["village"]["id"] == village]
    one = found[-1]
    return str(one["id"]), str(one["name"])


def test_a_caregivers_day(town: Town, browser: Browser) -> None:
    elder_id, name = elder_of(town, "V01")
    talk = Talk(town, elder_id)
    desk = sign_in(browser, town, "s03")
    url = str(town.record()["app_url"])
    expect(desk.locator("body[data-live=yes]")).to_be_attached()

    # She asks by her speaker; it stands on the open page without a reload, and is done and rated.
    answered = talk.say("我想明天上午九点叫人来助浴")
    for _ in range(3):
        if answered["committed"]:
            break
        answered = talk.say("对")
    [made] = answered["committed"]  # type: ignore[misc]
    line = desk.locator("#waiting, #due").get_by_role("link", name=re.compile(name))
    expect(line.first).to_be_visible()
    line.first.click()
    expect(desk.get_by_text("我想明天上午九点叫人来助浴")).to_be_visible()  # word for word, on its page
    desk.get_by_role("button", name="派单").click()
    desk.get_by_role("button", name="开始服务").click()
    desk.get_by_label("做得怎样").fill("洗好了，精神不错")
    desk.get_by_role("button", name="完成", exact=True).click()
    desk.get_by_label("很好", exact=True).check()
    desk.get_by_label("她怎么说").fill("水不冷不热")
    desk.locator("#rating").get_by_role("button", name="记下").click()
    expect(desk.locator("#rating")).to_contain_text("5 分")
    row = town.get(f"/requests/{made['id']}")
    assert row["state"] == "completed"
    assert [step["by"] for step in row["history"]][-3:] == ["coordinator:S03"] * 3
    assert town.get(f"/ratings?elder_id={elder_id}")["ratings"][0]["said"] == "水不冷不热"

    # She falls; the banner is there at once, is taken on with a note, and ended.
    desk.goto(f"{url}/console")
    expect(desk.locator("body[data-live=yes]")).to_be_attached()
    alarm = talk.say("哎哟我摔倒了起不来")["alarm"]
    assert alarm["category"] == "fall"  # type: ignore[index]
    desk.locator(".banner").get_by_role("link", name=re.compile(f"{name}.*摔倒")).first.click()
    desk.get_by_label("正在做什么").fill("我正赶过去，已打 120")
    desk.get_by_role("button", name="接手这个报警").click()
    desk.get_by_label("结果怎样").fill("扶起来了，没有伤到")
    desk.get_by_role("button", name="结束这个报警").click()
    expect(desk.get_by_text("扶起来了，没有伤到")).to_be_visible()
    assert town.get(f"/alarms/{alarm['id']}")["state"] == "closed"  # type: ignore[index]

    # The box was off when she should have been asked how she is: the engine says so, a person follows up.
    miss_a_check_in(town, elder_id)
    desk.goto(f"{url}/console/checkins")
    missed = desk.locator("#missed li", has_text=name)
    expect(missed).to_be_visible()
    missed.get_by_label("看到听到的").fill("打了电话，她好好的")
    missed.get_by_role("button", name=re.compile("^记下")).click()
    expect(desk.locator("#answered")).to_contain_text(name)
    assert town.get(f"/checkins?elder_id={elder_id}")["checkins"][0]["notes"] == "打了电话，她好好的"

    # A dish by another name is not understood; it is explained, reviewed, and understood from then on.
    unknown = talk.say("呱呱饼")
    assert "八宝饭" not in str(unknown["replies"])
    desk.goto(f"{url}/console/learning")
    line = desk.locator("li", has=desk.get_by_role("button", name=re.compile("说明.*呱呱饼")))
    line.get_by_label("意思是").select_option("order_meal")
    line.get_by_label("里面的叫法").fill("呱呱饼")
    line.get_by_label("是哪一类").select_option("dish")
    line.get_by_label("正式名字").fill("八宝饭")
    line.get_by_role("button").click()
    expect(desk.get_by_text("已保存")).to_be_visible()
    chief = sign_in(browser, town, "s01")
    chief.goto(f"{url}/console/learning")
    chief.get_by_role("button", name=re.compile("^采用.*呱呱饼")).click()
    expect(chief.get_by_text("办好了")).to_be_visible()
    other = Talk(town, elder_id)

    def is_understood() -> bool:
        return "八宝饭" in str(other.say("帮我订明天中午的呱呱饼一份，送到家里")["replies"])

    wait_until(is_understood, 40)
    other.say("算了，不订了")


def miss_a_check_in(town: Town, elder_id: str) -> None:
    """Write a check-in down that was to be three hours ago, as it stands there when the box was off then."""
    status, _ = town.call("PUT", f"/elders/{elder_id}/rhythm", {"times": ["06:00"]})
    assert status == 200
    now = datetime.fromisoformat(str(town.get("/health")["now"]))
    at = now.replace(hour=6, minute=0, second=0, microsecond=0)
    database = Database(f"sqlite:///{town.home / 'kangban.db'}", pool_size=1)
    try:
        database.transact(
            lambda session: due.schedule(
                session,
                key=f"{rounds.ASK}:{elder_id}:missed",
                kind=rounds.ASK,
                subject_id=elder_id,
                due_at=at,
                now=now,
                payload={"at": at.isoformat()},
            )
        )
    finally:
        database.dispose()
    wait_until(
        lambda: any(
            row["state"] == "late" for row in town.get(f"/checkins/rounds?elder_id={elder_id}")["rounds"]
        ),
        30,
    )
