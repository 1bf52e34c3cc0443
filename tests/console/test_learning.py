"""Learning, statistics and the audit, driven in a real browser."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import yaml
from playwright.sync_api import expect

from backend.audit.models import AuditEntry
from backend.learning import service, trainings
from backend.learning.models import CorrectionState, TrainingState
from tests.console.conftest import Desk, Town
from tests.console.happenings import NOW, misheard


def test_a_misunderstanding_is_explained_reviewed_learned_and_can_be_taken_back(
    coordinator: Desk, administrator: Desk, town: Town
) -> None:
    page = coordinator.go("/console/learning")
    line = page.locator("li", has=page.get_by_role("button", name=re.compile("说明.*嗯")))
    expect(line).to_have_count(1)
    line.get_by_label("意思是").select_option("affirm")
    line.get_by_role("button").click()
    expect(page.get_by_text("都说明了。")).to_be_visible()
    assert page.get_by_role("button", name=re.compile("采用")).count() == 0  # she proposes, another reviews
    page = administrator.go("/console/learning")
    page.get_by_role("button", name=re.compile("^采用.*嗯")).click()
    expect(page.get_by_text("已采用")).to_be_visible()
    get = administrator.page.request.get
    learned = yaml.safe_load(get(f"{town.url}/console/learning/examples.yml").text())
    assert learned == {"version": "3.1", "nlu": [{"intent": "affirm", "examples": "- 嗯\n"}]}
    page.get_by_role("button", name=re.compile("^撤回.*嗯")).click()
    expect(page.get_by_text("已撤回")).to_be_visible()
    assert yaml.safe_load(get(f"{town.url}/console/learning/examples.yml").text())["nlu"] == []


def test_another_name_of_a_dish_is_in_the_live_catalogue_once_it_is_accepted(
    administrator: Desk, town: Town
) -> None:
    from tests.console.happenings import misheard

    number = misheard(town.database, "来个红烧笃肉", "m1")
    page = administrator.go("/console/learning")
    line = page.locator("li", has=page.get_by_role("button", name=re.compile("说明.*来个红烧笃肉")))
    line.get_by_label("意思是").select_option("order_meal")
    line.get_by_label("里面的叫法").fill("红烧笃肉")
    line.get_by_label("是哪一类").select_option("dish")
    line.get_by_label("正式名字").fill("没有这道菜")
    line.get_by_role("button").click()
    expect(page.get_by_text("名册里没有这个正式名字")).to_be_visible()
    line.get_by_label("里面的叫法").fill("红烧笃肉")
    line.get_by_label("是哪一类").select_option("dish")
    line.get_by_label("正式名字").fill("红烧肉")
    line.get_by_label("意思是").select_option("order_meal")
    line.get_by_role("button").click()
    page.get_by_role("button", name=re.compile("^采用.*来个红烧笃肉")).click()

    def aliases() -> list[str]:
        dishes = town.api.get("/catalogue").json()["dishes"]
        return next(dish["aliases"] for dish in dishes if dish["name"] == "红烧肉")

    expect(page.get_by_text("已采用")).to_be_visible()
    assert "红烧笃肉" in aliases()
    page.get_by_role("button", name=re.compile("^撤回.*来个红烧笃肉")).click()
    expect(page.get_by_text("已撤回").first).to_be_visible()
    assert "红烧笃肉" not in aliases()
    assert number > 0


def test_figures_lead_down_to_the_very_turns(administrator: Desk, town: Town) -> None:
    page = administrator.go("/console/statistics")
    row = page.locator("table#t-sure tbody tr").last
    assert row.inner_text().split()[0] == "11/23"
    expect(page.locator("[data-chart=t-demand] svg")).to_be_visible()
    row.get_by_role("link").click()
    heard = page.locator(".heard").all_inner_texts()
    assert "嗯" in heard
    assert "好的" not in heard


def test_the_audit_tells_who_looked_at_whom_and_finds_a_change(administrator: Desk, town: Town) -> None:
    administrator.go("/console/elders/E0009")
    page = administrator.go("/console/audit?target=elder:E0009&reads=1&verify=1")
    assert "town_admin:S01" in page.locator("tbody").inner_text()
    expect(page.get_by_text("整条链完好")).to_be_visible()
    with town.database.write() as session:
        session.connection().exec_driver_sql("DROP TRIGGER audit_entries_no_update")
        session.get_one(AuditEntry, 3).actor = "somebody-else"
    page = administrator.go("/console/audit?verify=1")
    expect(page.get_by_text("链断了")).to_be_visible()


def test_a_training_is_asked_for_on_the_page_and_its_figures_stand_there(
    administrator: Desk, town: Town
) -> None:
    number = misheard(town.database, "肚皮饿煞哉", "m-train")
    now = datetime.fromisoformat(NOW)

    def accept(session: Any) -> None:
        service.explain(
            session, number, intent="order_meal", alias="", alias_kind=None, alias_of="", note="",
            actor="coordinator:S03", at=now,
        )  # fmt: skip
        service.review(session, number, CorrectionState.ACCEPTED, actor="town_admin:S01", at=now)

    town.database.transact(accept)
    page = administrator.go("/console/learning")
    page.get_by_role("button", name="训练并考一考").click()
    expect(page.locator("#trainings")).to_contain_text("等着做")
    page.get_by_role("button", name="退回上一个模型").click()
    expect(page.get_by_text("已经有一次训练在做了")).to_be_visible()
    figures = [{"set": "frozen2/clean", "label": "没训练过的句子", "rows": 500, "present": 0.97,
                "candidate": 0.95, "present_talk": 0.0, "candidate_talk": 0.0}]  # fmt: skip

    def refuse(session: Any) -> None:
        taken = trainings.take(session)
        assert taken is not None
        trainings.end(
            session, taken.id, TrainingState.REFUSED, sentences=1, figures=figures,
            reasons=["没训练过的句子：现在听懂 97.0%，新的只听懂 95.0%"], at=now,
        )  # fmt: skip

    town.database.transact(refuse)
    page = administrator.go("/console/learning")
    row = page.locator("#trainings tbody tr").first
    assert [cell.strip() for cell in row.locator("td").all_inner_texts()][:3] == ["500", "97.0%", "95.0%"]
    expect(page.locator("#trainings")).to_contain_text("没有用上")
