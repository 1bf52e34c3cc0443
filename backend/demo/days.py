"""What the demo town offers on a day: menus and appointment slots; the same day always offers the same.

Ids say what they are (``C01-20261123-lunch``), so that a day that is already there is recognised.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from assistant.vocabulary import Meal
from backend.clock import TOWN_ZONE

PARTS = ("main", "half", "greens", "soup", "staple")
"""Parts of a menu in the order in which it is read out."""


def menus(
    dishes: Sequence[Mapping[str, Any]], canteens: Mapping[str, Any], day: date
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Return each menu of a day with its items, as rows to insert.

    Args:
        dishes: the dishes of ``dishes.yml``.
        canteens: ``canteens.yml``.
        day: the town's day.
    """
    for number, canteen in enumerate(canteens["canteens"]):
        for place, meal in enumerate(Meal):
            # Canteens do not cook the same on one day, nor one canteen the same twice a day.
            turn = day.toordinal() + 3 * number + 2 * place
            chosen = _chosen(dishes, canteens["rotating"][meal.value], meal, turn)
            yield _menu(canteen, canteens, day, meal, chosen, turn)


def slots(health: Mapping[str, Any], day: date) -> Iterator[dict[str, Any]]:
    """Return the appointment slots of a day, as rows to insert; instants are aware."""
    step = timedelta(minutes=health["slot_minutes"])
    for doctor in health["doctors"]:
        for session, (opens, closes) in health["sessions"].items():
            if day.isoweekday() not in doctor[session]:
                continue
            start, end = _at(day, opens), _at(day, closes)
            while start + step <= end:
                yield {
                    "id": f"{doctor['id']}-{start:%Y%m%d-%H%M}",
                    "doctor_id": doctor["id"],
                    "start": start,
                    "end": start + step,
                }
                start += step


def _menu(
    canteen: Mapping[str, Any],
    canteens: Mapping[str, Any],
    day: date,
    meal: Meal,
    chosen: Sequence[Mapping[str, Any]],
    turn: int,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    set_meal = canteens["set_meals"][meal.value]
    offered = [dish for dish in chosen if dish.get("always") or not set_meal.get("only_always")]
    in_set = _set_meal(offered, set_meal["parts"], set(canteens["avoid_in_set"]), turn)
    menu_id = f"{canteen['id']}-{day:%Y%m%d}-{meal.value}"
    menu = {
        "id": menu_id,
        "canteen_id": canteen["id"],
        "day": day,
        "meal": meal,
        "capacity": canteen["capacity"],
        "capacity_left": canteen["capacity"],
        "set_price_fen": round(set_meal["price"] * 100),
        "set_portions": set_meal["portions"],
        "set_left": set_meal["portions"],
    }
    items = [
        {
            "id": f"{menu_id}-{dish['id']}",
            "menu_id": menu_id,
            "dish_id": dish["id"],
            "position": position,
            "price_fen": round(dish["price"] * 100),
            "portions": canteen["portions"],
            "left": canteen["portions"],
            "in_set": dish["id"] in in_set,
        }
        for position, dish in enumerate(chosen, start=1)
    ]
    return menu, items


def _chosen(
    dishes: Sequence[Mapping[str, Any]], rotating: Mapping[str, int], meal: Meal, turn: int
) -> list[Mapping[str, Any]]:
    cooked = [dish for dish in dishes if meal.value in dish["meals"]]
    chosen: list[Mapping[str, Any]] = []
    for part in PARTS:
        always = [dish for dish in cooked if dish["part"] == part and dish.get("always")]
        others = [dish for dish in cooked if dish["part"] == part and not dish.get("always")]
        count = min(rotating.get(part, 0), len(others))
        chosen += always + [others[(turn * count + place) % len(others)] for place in range(count)]
    return chosen


def _set_meal(
    chosen: Sequence[Mapping[str, Any]], parts: Mapping[str, int], avoided: set[str], turn: int
) -> set[str]:
    ids: set[str] = set()
    for part, count in parts.items():
        good = [dish for dish in chosen if dish["part"] == part and not avoided & set(dish["tags"])]
        ids |= {good[(turn + place) % len(good)]["id"] for place in range(min(count, len(good)))}
    return ids


def _at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), TOWN_ZONE)
