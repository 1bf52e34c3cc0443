"""The catalogue and the menus over HTTP."""

from __future__ import annotations

from fastapi.testclient import TestClient

from backend.catalogue.models import CanteenVillage, Dish
from backend.database import Database


def test_the_catalogue_has_every_name_and_changes_its_version_only_with_them(
    api: TestClient, town: Database
) -> None:
    first = api.get("/catalogue")
    found = first.json()
    assert [dish["name"] for dish in found["dishes"]] == ["红烧肉", "清蒸鱼", "番茄炒蛋", "炒青菜", "酱鸭"]
    assert found["dishes"][0]["aliases"] == ["东坡肉"]
    assert found["doctors"][0] == {
        "id": "DR1", "name": "马志强", "aliases": [], "title": "主治医师",
        "department": "cardiology", "facility_id": "F1", "facility": "镇卫生院",
    }  # fmt: skip
    assert found["departments"] == ["cardiology", "dentistry"]
    assert found["care_items"] == ["bathing", "cleaning", "haircut", "rehabilitation", "accompaniment"]
    assert {canteen["village_id"] for canteen in found["canteens"]} == {"V1", "V2"}

    unchanged = api.get("/catalogue", headers={"If-None-Match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    with town.write() as session:
        session.add(Dish(id="D9", name="荠菜馄饨", aliases=[], traits=["soft"]))
    changed = api.get("/catalogue", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["version"] != found["version"]


def test_the_menu_is_that_of_the_nearest_canteen_which_serves_the_village(
    api: TestClient, town: Database
) -> None:
    query = {"day": "2026-11-23", "meal": "lunch", "elder_id": "E1"}
    menu = api.get("/menus", params=query).json()
    assert menu["canteen"] == {"id": "C1", "name": "桥东食堂"}
    assert menu["cut_off"] == "2026-11-23T10:00:00+08:00"
    assert menu["set_meal"]["dishes"] == ["番茄炒蛋", "炒青菜"]
    assert menu["dishes"][0] | {"clashes": []} == {
        "dish_id": "D1", "name": "红烧肉", "tags": ["meat", "pork", "oily", "soft"],
        "price_fen": 1200, "left": 20, "clashes": [],
    }  # fmt: skip
    with town.write() as session:
        nearer = session.get(CanteenVillage, ("C2", "V1"))
        assert nearer is not None
        nearer.distance_m = 10
    assert api.get("/menus", params=query).json()["canteen"]["id"] == "C2"


def test_a_day_without_a_menu_is_said_plainly(api: TestClient) -> None:
    answer = api.get("/menus", params={"day": "2030-01-01", "meal": "lunch", "elder_id": "E1"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no_menu")
    assert answer.headers["content-type"] == "application/problem+json"
    unknown = api.get("/menus", params={"day": "2026-11-23", "meal": "lunch", "elder_id": "nobody"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_elder")
