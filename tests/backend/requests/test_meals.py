"""Meals: the menu, the diet, the cut-off, the last portion."""

from __future__ import annotations

from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import update

from backend.catalogue.models import Menu, MenuItem
from backend.clock import FrozenClock
from backend.database import Database
from tests.backend.asking import TOMORROW, asking, by, meal

MENU = {"elder_id": "E1", "day": TOMORROW, "meal": "lunch"}


def left(api: TestClient, elder: str = "E1") -> dict[str, int]:
    menu = api.get("/menus", params=MENU | {"elder_id": elder}).json()
    return {dish["name"]: dish["left"] for dish in menu["dishes"]} | {"套餐": menu["set_meal"]["left"]}


def test_a_meal_is_promised_with_its_canteen_its_hour_and_its_price(api: TestClient) -> None:
    made = api.post("/requests", json=meal("t:1", ["东坡肉", "套餐"], quantity=2))
    assert made.status_code == 201
    row = made.json()
    assert row["state"] == "accepted"
    assert (row["start"], row["end"]) == (f"{TOMORROW}T11:00:00+08:00", f"{TOMORROW}T12:30:00+08:00")
    assert row["details"]["dishes"] == ["套餐", "红烧肉"]
    assert row["details"]["set_meal"] == ["番茄炒蛋", "炒青菜"]
    assert row["details"]["canteen"] == "桥东食堂"
    assert row["details"]["address"] == "E1的家"
    assert row["details"]["price_fen"] == 5400
    assert row["summary"] == f"助餐 {TOMORROW} 中饭 套餐×2、红烧肉×2 送上门"
    assert left(api) == {"红烧肉": 18, "清蒸鱼": 20, "番茄炒蛋": 20, "炒青菜": 20, "套餐": 18}


def test_a_dish_that_is_not_cooked_is_refused_with_what_is(api: TestClient) -> None:
    refused = api.post("/requests", json=meal("t:1", ["红烧肉", "酱鸭", "佛跳墙"]))
    assert (refused.status_code, refused.json()["code"]) == (409, "not_on_menu")
    assert refused.json()["missing"] == ["酱鸭", "佛跳墙"]
    assert refused.json()["alternatives"] == ["红烧肉", "清蒸鱼", "番茄炒蛋", "炒青菜"]
    duck = api.post("/requests", json=meal("t:2", ["酱鸭"])).json()
    assert duck["canteens"] == [{"id": "C2", "name": "柳塘食堂"}]
    there = api.post("/requests", json=meal("t:3", ["酱鸭"], canteen="柳塘食堂"))
    assert there.json()["details"]["canteen_id"] == "C2"


def test_a_dish_against_the_diet_is_refused_until_it_is_accepted(api: TestClient) -> None:
    refused = api.post("/requests", json=meal("t:1", ["红烧肉", "炒青菜"], elder="E2"))
    assert (refused.status_code, refused.json()["code"]) == (422, "diet_clash")
    assert refused.json()["clashes"] == [{"dish": "红烧肉", "limits": ["no_pork"]}]
    assert refused.json()["alternatives"] == ["清蒸鱼", "番茄炒蛋", "炒青菜"]
    said = api.post("/requests", json=meal("t:2", ["套餐"], diet=["no_egg"]))
    assert said.json()["clashes"] == [{"dish": "番茄炒蛋", "limits": ["no_egg"]}]
    taken = api.post("/requests", json=meal("t:3", ["红烧肉"], elder="E2", accept_clash=True))
    assert taken.status_code == 201
    for_another = api.post("/requests", json=meal("t:4", ["红烧肉"], elder="E2", person="daughter"))
    assert for_another.status_code == 201


def test_after_the_cut_off_the_next_possible_meal_is_offered(api: TestClient, clock: FrozenClock) -> None:
    wish = meal("t:1", ["红烧肉"], day="2026-11-23")
    clock.advance(timedelta(hours=1, minutes=59, seconds=59))
    assert api.post("/requests", json=wish).status_code == 201
    clock.advance(timedelta(seconds=1))  # 10:00
    late = api.post("/requests", json=wish | {"turn_key": "t:2"})
    assert (late.status_code, late.json()["code"]) == (409, "past_cut_off")
    assert late.json()["cut_off"] == "2026-11-23T10:00:00+08:00"
    assert late.json()["alternatives"][:2] == [
        {"day": TOMORROW, "meal": "lunch"},
        {"day": "2026-11-23", "meal": "dinner"},
    ]
    yesterday = api.post("/requests", json=meal("t:3", ["红烧肉"], day="2026-11-22"))
    assert yesterday.json()["code"] == "past_cut_off"


def test_a_day_on_which_nothing_is_cooked_is_refused(api: TestClient) -> None:
    refused = api.post("/requests", json=meal("t:1", ["红烧肉"], day="2027-11-24"))
    assert (refused.status_code, refused.json()["code"]) == (409, "no_menu")
    assert refused.json()["alternatives"] == []


def test_the_day_may_come_from_the_start_and_a_precise_hour_is_kept(api: TestClient) -> None:
    window = {"start": f"{TOMORROW}T12:00:00+08:00", "end": f"{TOMORROW}T12:00:00+08:00"}
    wish = asking("t:1", "meal", {"meal": "lunch", "dishes": ["红烧肉"]}, **window)
    made = api.post("/requests", json=wish).json()
    assert made["details"]["day"] == TOMORROW
    assert made["start"] == made["end"] == f"{TOMORROW}T12:00:00+08:00"
    nowhen = asking("t:2", "meal", {"meal": "lunch", "dishes": ["红烧肉"]})
    assert api.post("/requests", json=nowhen).json()["code"] == "day_missing"


def test_what_is_sold_out_is_refused_and_nothing_of_the_rest_is_taken(
    api: TestClient, town: Database
) -> None:
    with town.write() as session:
        session.execute(
            update(MenuItem).where(MenuItem.id == f"C1-{TOMORROW}-lunch-D1").values(portions=1, left=1)
        )
    refused = api.post("/requests", json=meal("t:1", ["炒青菜", "红烧肉"], quantity=2))
    assert (refused.status_code, refused.json()["code"]) == (409, "sold_out")
    assert (refused.json()["dish"], refused.json()["left"]) == ("红烧肉", 1)
    assert refused.json()["alternatives"] == ["清蒸鱼", "番茄炒蛋", "炒青菜"]
    assert refused.json()["canteens"] == [{"id": "C2", "name": "柳塘食堂"}]
    assert left(api)["炒青菜"] == 20


def test_a_full_canteen_is_refused_with_another_or_another_day(api: TestClient, town: Database) -> None:
    with town.write() as session:
        session.execute(
            update(Menu).where(Menu.id == f"C1-{TOMORROW}-lunch").values(capacity=1, capacity_left=1)
        )
    refused = api.post("/requests", json=meal("t:1", ["红烧肉"], quantity=2)).json()
    assert refused["code"] == "no_capacity"
    assert refused["alternatives"][0] == {
        "day": TOMORROW, "meal": "lunch", "canteen": {"id": "C2", "name": "柳塘食堂"},
    }  # fmt: skip
    assert refused["alternatives"][1] == {"day": "2026-11-25", "meal": "lunch"}


def test_a_cancelled_meal_gives_its_portions_back(api: TestClient) -> None:
    before = left(api)
    made = api.post("/requests", json=meal("t:1", ["红烧肉", "套餐"], quantity=3)).json()
    body = {"turn_key": "t:2", "reason": "", "by": by()}
    api.post(f"/requests/{made['id']}/cancel", json=body)
    assert left(api) == before
