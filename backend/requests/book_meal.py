"""Booking a meal: a menu of the elder's canteen, her diet, its portions and its capacity."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from assistant.vocabulary import SET_MEAL, Delivery, Diet, Meal, Person
from backend.catalogue import portions, service
from backend.catalogue.diet_rules import clashes
from backend.catalogue.models import Menu, MenuItem
from backend.clock import TOWN_ZONE, outward, town_day
from backend.database import word_of
from backend.errors import BadInput, DietClash, NoCapacity, NotOnMenu, PastCutOff, Refused, SoldOut
from backend.requests.ask import Ask, Booked
from backend.requests.details import MealDetails, parse

PRECISE = timedelta(hours=3)
"""A window no longer than this is a wish for a time of serving; a longer one only names the day."""


class NoMenu(Refused):
    """No canteen of the village cooks that meal on that day."""

    code = "no_menu"
    message = "No canteen of this village cooks that meal on that day."


def book(ask: Ask) -> Booked:
    """Reserve portions of a meal.

    Raises:
        PastCutOff: the kitchen takes no more orders; alternatives ``{"day","meal"}``.
        NoMenu: nothing is cooked; alternatives as above.
        NotOnMenu: a dish is not cooked; alternatives are names of dishes.
        DietClash: a dish goes against a limit, and ``accept_clash`` was not said.
        SoldOut: too few portions; alternatives are names of dishes.
        NoCapacity: the canteen is full; alternatives ``{"day","meal","canteen"}``.
    """
    wish = parse(MealDetails, ask.details)
    day = wish.day or (town_day(ask.start) if ask.start else None)
    if day is None:
        raise BadInput("A meal needs a day, or a start.", code="day_missing")
    _before_cut_off(ask, wish.meal, day)
    menu = _menu(ask, wish, day)
    items, sets = _chosen(ask, wish, menu)
    limits = _limits(ask, wish)
    if not wish.accept_clash:
        _without_clash(menu, items, sets > 0, limits, wish.quantity)
    _take(ask, wish, menu, items, sets, limits)
    start, end = _window(ask, wish.meal, day)
    return Booked(start=start, end=end, details=_details(ask, wish, menu, items, sets, day))


def _before_cut_off(ask: Ask, meal: Meal, day: date) -> None:
    if ask.now < service.cut_off(day, meal, ask.settings.cut_offs):
        return
    raise PastCutOff(
        extra={
            "cut_off": outward(service.cut_off(day, meal, ask.settings.cut_offs)),
            "alternatives": _other_meals(ask, meal, day),
        }
    )


def _other_meals(ask: Ask, meal: Meal, day: date) -> list[dict[str, Any]]:
    """Return the same meal on its next possible day, then what can still be had before that."""
    found: list[tuple[date, Meal]] = []
    for other in [meal, *(other for other in Meal if other is not meal)]:
        possible = service.next_possible(
            ask.session,
            village_id=ask.elder.village_id,
            meal=other,
            day=day,
            now=ask.now,
            cut_offs=ask.settings.cut_offs,
        )
        if possible and (not found or possible < found[0][0]):
            found.append((possible, other))
    return [{"day": possible.isoformat(), "meal": other.value} for possible, other in found]


def _menu(ask: Ask, wish: MealDetails, day: date) -> Menu:
    canteen_id = wish.canteen_id
    if wish.canteen and not canteen_id:
        canteen = service.find_canteen(ask.session, wish.canteen)
        if canteen is None:
            raise BadInput("There is no canteen of that name.", code="unknown_canteen")
        canteen_id = canteen.id
    menus = _menus(ask, wish, day, canteen_id)
    if not menus:
        raise NoMenu(extra={"alternatives": _other_meals(ask, wish.meal, day)})
    return menus[0]


def _menus(ask: Ask, wish: MealDetails, day: date, canteen_id: str | None = None) -> list[Menu]:
    return service.menus_for(
        ask.session, village_id=ask.elder.village_id, day=day, meal=wish.meal, canteen_id=canteen_id
    )


def _chosen(ask: Ask, wish: MealDetails, menu: Menu) -> tuple[list[MenuItem], int]:
    items: list[MenuItem] = []
    missing: list[str] = []
    sets = 0
    for name in dict.fromkeys(wish.dishes):
        if name.strip() == SET_MEAL and service.set_items(menu):
            sets = wish.quantity
            continue
        item = service.item_named(menu, name)
        if item is None:
            missing.append(name)
        elif item not in items:
            items.append(item)
    if missing:
        names = service.fitting_names(menu, _limits(ask, wish), portions=wish.quantity)
        raise NotOnMenu(
            extra={
                "missing": missing,
                "alternatives": names,
                "canteens": _canteens_with(ask, wish, menu),
            }
        )
    return items, sets


def _limits(ask: Ask, wish: MealDetails) -> list[Diet]:
    """Return the limits of who eats: the elder's own count unless it is for somebody else."""
    own = ask.elder.diet if wish.person in (None, Person.SELF.value) else []
    wanted = {word_of(Diet, limit) for limit in own} | set(wish.diet)
    return [limit for limit in Diet if limit in wanted]


def _without_clash(
    menu: Menu, items: list[MenuItem], with_set: bool, limits: list[Diet], quantity: int
) -> None:
    eaten = [*items, *(service.set_items(menu) if with_set else ())]
    found = {item.dish.name: clashes(item.dish.traits, limits) for item in eaten}
    bad = [
        {"dish": name, "limits": [limit.value for limit in against]}
        for name, against in found.items()
        if against
    ]
    if bad:
        names = service.fitting_names(menu, limits, portions=quantity)
        raise DietClash(extra={"clashes": bad, "alternatives": names})


def _take(
    ask: Ask, wish: MealDetails, menu: Menu, items: list[MenuItem], sets: int, limits: list[Diet]
) -> None:
    names = {item.id: item.dish.name for item in items}
    day = menu.day
    try:
        portions.take(
            ask.session,
            request_id=ask.request_id,
            menu_id=menu.id,
            meals=wish.quantity,
            sets=sets,
            dishes={item.id: wish.quantity for item in items},
        )
    except portions.OutOf as out_of:
        fresh = next(other for other in _menus(ask, wish, day) if other.id == menu.id)
        gone = names[out_of.item_id] if out_of.item_id else SET_MEAL
        raise SoldOut(
            extra={
                "dish": gone,
                "left": _left(fresh, gone),
                "alternatives": service.fitting_names(
                    fresh, limits, portions=wish.quantity, without=frozenset({gone})
                ),
                "canteens": _canteens_with(ask, wish, fresh),
            }
        ) from None
    except portions.Full:
        elsewhere: list[dict[str, Any]] = [
            {"day": day.isoformat(), "meal": wish.meal.value, "canteen": canteen}
            for canteen in _canteens_with(ask, wish, menu)
        ]
        later = _other_meals(ask, wish.meal, day + timedelta(days=1))
        raise NoCapacity(extra={"alternatives": (elsewhere + later)[:3]}) from None


def _left(menu: Menu, name: str) -> int:
    if name == SET_MEAL:
        return menu.set_left
    item = service.item_named(menu, name)
    return item.left if item else 0


def _canteens_with(ask: Ask, wish: MealDetails, without: Menu) -> list[dict[str, str]]:
    """Return the village's other canteens that have all of the wish and room for it."""
    return [
        {"id": menu.canteen_id, "name": menu.canteen.name}
        for menu in _menus(ask, wish, without.day)
        if menu.id != without.id
        and menu.capacity_left >= wish.quantity
        and all(_offers(menu, name, wish.quantity) for name in wish.dishes)
    ]


def _offers(menu: Menu, name: str, quantity: int) -> bool:
    if name.strip() == SET_MEAL:
        return bool(service.set_items(menu)) and menu.set_left >= quantity
    item = service.item_named(menu, name)
    return item is not None and item.left >= quantity


def _window(ask: Ask, meal: Meal, day: date) -> tuple[datetime, datetime]:
    if ask.start is not None:
        end = ask.end or ask.start
        if town_day(ask.start) == day and end - ask.start <= PRECISE:
            return ask.start, end
    since, until = ask.settings.serving_times[meal]
    return datetime.combine(day, since, tzinfo=TOWN_ZONE), datetime.combine(day, until, tzinfo=TOWN_ZONE)


def _details(
    ask: Ask, wish: MealDetails, menu: Menu, items: list[MenuItem], sets: int, day: date
) -> dict[str, Any]:
    price = sum(item.price_fen for item in items) + (menu.set_price_fen if sets else 0)
    found = wish.document() | {
        "day": day.isoformat(),
        "dishes": [*([SET_MEAL] if sets else []), *(item.dish.name for item in items)],
        "canteen_id": menu.canteen_id,
        "canteen": menu.canteen.name,
        "price_fen": price * wish.quantity,
    }
    if sets:
        found["set_meal"] = [item.dish.name for item in service.set_items(menu)]
    if wish.delivery is Delivery.DELIVERY:
        found["address"] = wish.address or ask.elder.address
    return found
