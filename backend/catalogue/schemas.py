"""The catalogue and its menus, as they go over the wire."""

from __future__ import annotations

from datetime import date

from assistant.vocabulary import CareItem, Department, Diet, Meal
from backend.wire import Instant, Wire


class NamedOut(Wire):
    """Something with a name, and the other names by which it is called."""

    id: str
    name: str
    aliases: list[str]


class DishOut(NamedOut):
    """A dish and its traits."""

    tags: list[str]


class CanteenOut(NamedOut):
    """A canteen."""

    village_id: str


class DoctorOut(NamedOut):
    """A doctor, with department and facility."""

    title: str
    department: Department
    facility_id: str
    facility: str


class CarerOut(NamedOut):
    """A carer and what she can do: care items, ``visit``, ``call``."""

    skills: list[str]


class CatalogueOut(Wire):
    """Every name that the companion should know when it hears it; ``version`` changes when any does."""

    version: str
    dishes: list[DishOut]
    canteens: list[CanteenOut]
    facilities: list[NamedOut]
    doctors: list[DoctorOut]
    carers: list[CarerOut]
    villages: list[NamedOut]
    departments: list[Department]
    care_items: list[CareItem]


class PlaceOut(Wire):
    """A canteen, by name."""

    id: str
    name: str


class MenuDishOut(Wire):
    """A dish of a menu: its price in fen, the portions left, the limits it is against."""

    dish_id: str
    name: str
    tags: list[str]
    price_fen: int
    left: int
    clashes: list[Diet]


class SetMealOut(Wire):
    """The set meal of a menu."""

    dishes: list[str]
    price_fen: int
    left: int
    clashes: list[Diet]


class MenuOut(Wire):
    """What an elder's canteen cooks for one meal of one day."""

    day: date
    meal: Meal
    canteen: PlaceOut
    cut_off: Instant
    dishes: list[MenuDishOut]
    set_meal: SetMealOut | None
