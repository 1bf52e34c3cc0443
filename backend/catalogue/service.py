"""What the catalogue does: the snapshot of all names, and the menu of an elder's canteen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.vocabulary import CareItem, Department, Diet, Meal
from backend.appointments import service as appointments
from backend.care import service as care
from backend.catalogue.diet_rules import clashes
from backend.catalogue.models import Canteen, CanteenVillage, Dish, Menu, MenuItem
from backend.catalogue.schemas import CanteenOut, CarerOut, CatalogueOut, DishOut, DoctorOut, NamedOut
from backend.clock import TOWN_ZONE
from backend.elders import service as elders

SEARCHED_DAYS = 14
"""How many days ahead the next possible meal is looked for."""


def snapshot(session: Session) -> CatalogueOut:
    """Return all names, with a version that is a hash of them."""
    doctors = appointments.doctors(session)
    carers = care.carers(session)
    skills = {skill for carer in carers for skill in carer.skills}
    departments = {doctor.department for doctor in doctors}
    found = CatalogueOut(
        version="",
        dishes=[
            DishOut(id=dish.id, name=dish.name, aliases=dish.aliases, tags=dish.traits)
            for dish in session.scalars(select(Dish).order_by(Dish.id))
        ],
        canteens=[
            CanteenOut(id=row.id, name=row.name, aliases=row.aliases, village_id=row.village_id)
            for row in session.scalars(select(Canteen).order_by(Canteen.id))
        ],
        facilities=[_named(row.id, row.name, row.aliases) for row in appointments.facilities(session)],
        doctors=[
            DoctorOut(
                id=doctor.id,
                name=doctor.name,
                aliases=doctor.aliases,
                title=doctor.title,
                department=doctor.department,
                facility_id=doctor.facility_id,
                facility=doctor.facility.name,
            )
            for doctor in doctors
        ],
        carers=[
            CarerOut(id=carer.id, name=carer.name, aliases=carer.aliases, skills=carer.skills)
            for carer in carers
        ],
        villages=[_named(row.id, row.name, row.aliases) for row in elders.villages(session)],
        departments=[department for department in Department if department in departments],
        care_items=[item for item in CareItem if item.value in skills],
    )
    version = hashlib.sha256(found.model_dump_json().encode("utf-8")).hexdigest()[:16]
    return found.model_copy(update={"version": version})


def _named(row_id: str, name: str, aliases: list[str]) -> NamedOut:
    return NamedOut(id=row_id, name=name, aliases=aliases)


def menus_for(
    session: Session, *, village_id: str, day: date, meal: Meal, canteen_id: str | None = None
) -> list[Menu]:
    """Return the menus of that day and meal of the canteens that serve a village, the nearest first."""
    query = (
        select(Menu)
        .join(CanteenVillage, CanteenVillage.canteen_id == Menu.canteen_id)
        .where(CanteenVillage.village_id == village_id, Menu.day == day, Menu.meal == meal)
        .order_by(CanteenVillage.distance_m, Menu.canteen_id)
        .execution_options(populate_existing=True)  # what is left moves by UPDATE, past the session
    )
    if canteen_id:
        query = query.where(Menu.canteen_id == canteen_id)
    return list(session.scalars(query))


def find_canteen(session: Session, name: str) -> Canteen | None:
    """Return the canteen of a name or alias, or None."""
    canteens = session.scalars(select(Canteen).order_by(Canteen.id))
    return next((row for row in canteens if row.name == name or name in row.aliases), None)


def cut_off(day: date, meal: Meal, cut_offs: Mapping[Meal, time]) -> datetime:
    """Return the instant until which the kitchen takes orders of a meal."""
    return datetime.combine(day, cut_offs[meal], tzinfo=TOWN_ZONE)


def next_possible(
    session: Session,
    *,
    village_id: str,
    meal: Meal,
    day: date,
    now: datetime,
    cut_offs: Mapping[Meal, time],
) -> date | None:
    """Return the first day from ``day`` on which that meal is cooked and can still be ordered."""
    today = now.astimezone(TOWN_ZONE).date()
    first = max(day, today)
    days = (
        select(Menu.day)
        .join(CanteenVillage, CanteenVillage.canteen_id == Menu.canteen_id)
        .where(CanteenVillage.village_id == village_id, Menu.meal == meal)
        .where(Menu.day >= first, Menu.day <= first + timedelta(days=SEARCHED_DAYS))
        .distinct()
        .order_by(Menu.day)
    )
    return next((found for found in session.scalars(days) if now < cut_off(found, meal, cut_offs)), None)


def item_named(menu: Menu, name: str) -> MenuItem | None:
    """Return the item of a menu by the dish's name, alias or id; a name counts before an alias."""
    wanted = name.strip()
    for item in menu.items:
        if wanted in (item.dish.name, item.dish_id):
            return item
    return next((item for item in menu.items if wanted in item.dish.aliases), None)


def set_items(menu: Menu) -> list[MenuItem]:
    """Return the dishes of a menu's set meal."""
    return [item for item in menu.items if item.in_set]


def fitting_names(
    menu: Menu, limits: list[Diet], *, portions: int = 1, without: frozenset[str] = frozenset()
) -> list[str]:
    """Return the names of a menu's dishes that no limit forbids and of which enough is left."""
    return [
        item.dish.name
        for item in menu.items
        if item.left >= portions and item.dish.name not in without and not clashes(item.dish.traits, limits)
    ]
