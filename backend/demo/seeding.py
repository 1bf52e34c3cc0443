"""Seeding: fills an empty database with the demo town once, and later adds the days that are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assistant.vocabulary import Department, Role
from backend.appointments.models import Doctor, Facility, Slot
from backend.audit import service as audit
from backend.auth.models import Staff
from backend.care.models import Carer, CarerShift, CarerSkill
from backend.catalogue.models import Canteen, CanteenVillage, Dish, Menu, MenuItem
from backend.clock import town_day
from backend.database import Database, word_of
from backend.database.base import Base
from backend.demo import days, people
from backend.demo.tables import read
from backend.elders.models import Contact, Elder, ElderTag, Town, Village
from backend.elders.town import is_demo_town, mark_town
from backend.points.models import Point

DAYS = 14
"""How many days of menus and slots there are, today included."""

SEED = 20261123
"""Seed of the chance that draws the elders: the town is the same everywhere."""

EARTH_RADIUS_M = 6_371_000
"""Mean radius of the Earth, in metres (IUGG)."""


def seed(database: Database, *, now: datetime, random: Random | None = None) -> bool:
    """Fill an empty database with the demo town, in one transaction, and mark it as demo data.

    Args:
        database: a database whose tables exist.
        now: the instant, aware; menus and slots begin on its day.
        random: source of chance for the elders; by default one with :data:`SEED`.

    Returns:
        True when this call seeded; False where the demo town is there already.

    Raises:
        ValueError: the database holds a real town.
    """
    with database.session() as session:
        town = session.get(Town, 1)
    if town is not None:
        if not town.is_demo:
            raise ValueError("a town with real data cannot be marked as demo")
        return False
    rows = _town_rows(now, random or Random(SEED))  # noqa: S311 - names of invented people, no secret

    def work(session: Session) -> None:
        mark_town(session, name=read("town")["town"]["name"], is_demo=True)
        session.flush()
        for table, values in rows:
            session.execute(insert(table), values)
        _add_days(session, now)
        audit.record(session, actor="system", action="demo.seed", target="town:1", at=now)

    try:
        database.transact(work)
    except IntegrityError:
        if is_demo_town(database):
            return False  # another process seeded at the same moment
        raise
    return True


def extend(database: Database, *, now: datetime) -> int:
    """Add the menus and slots of the coming days that are missing, so that the demo lives on.

    Returns:
        How many menus were added; 0 in a town that is not the demo.
    """
    if not is_demo_town(database):
        return 0
    return database.transact(lambda session: _add_days(session, now))


def _add_days(session: Session, now: datetime) -> int:
    first = town_day(now)
    span = [first + timedelta(days=number) for number in range(DAYS)]
    dishes, canteens, health = read("dishes")["dishes"], read("canteens"), read("health")
    known = set(session.scalars(select(Menu.id).where(Menu.day >= first, Menu.day <= span[-1])))
    menus: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    for day in span:
        for menu, of_menu in days.menus(dishes, canteens, day):
            if menu["id"] not in known:
                menus.append(menu)
                items += of_menu
    held = set(session.scalars(select(Slot.id).where(Slot.start > now)))
    slots = [
        slot
        for day in span
        for slot in days.slots(health, day)
        if slot["start"] > now and slot["id"] not in held
    ]
    for table, values in ((Menu, menus), (MenuItem, items), (Slot, slots)):
        _insert_missing(session, table, values)
    return len(menus)


def _insert_missing(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def _town_rows(now: datetime, random: Random) -> list[tuple[type[Base], list[dict[str, Any]]]]:
    town, dishes, health = read("town"), read("dishes"), read("health")
    villages = {village["id"]: village for village in town["villages"]}
    drawn = people.elders(read("elders"), villages=town["villages"], year=town_day(now).year, random=random)
    facilities = [
        {**_but(facility, "village"), "village_id": facility["village"]} for facility in health["facilities"]
    ]
    doctors = [
        {
            **{key: doctor[key] for key in ("id", "name", "title")},
            "aliases": [],
            "department": word_of(Department, doctor["department"]),
            "facility_id": doctor["facility"],
        }
        for doctor in health["doctors"]
    ]
    staff = [
        {
            **_but(person, "village", "role"),
            "role": word_of(Role, person["role"]),
            "village_id": person["village"],
        }
        for person in town["staff"]
    ]
    return [
        (Village, list(town["villages"])),
        (Point, [{**_but(one, "village"), "village_id": one["village"]} for one in read("points")["points"]]),
        (Staff, staff),
        (Elder, drawn.elders),
        (Contact, drawn.contacts),
        (ElderTag, drawn.tags),
        (Dish, [_dish(dish) for dish in dishes["dishes"]]),
        *_canteen_rows(villages),
        *_carer_rows(villages),
        (Facility, facilities),
        (Doctor, doctors),
    ]


def _dish(dish: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": dish["id"], "name": dish["name"], "aliases": dish["aliases"], "traits": dish["tags"]}


def _canteen_rows(
    villages: Mapping[str, Mapping[str, Any]],
) -> list[tuple[type[Base], list[dict[str, Any]]]]:
    canteens, served = [], []
    for number, canteen in enumerate(read("canteens")["canteens"], start=1):
        home = villages[canteen["village"]]
        canteens.append(
            {
                "id": canteen["id"],
                "name": canteen["name"],
                "aliases": canteen["aliases"],
                "village_id": home["id"],
                "address": f"{home['name']}1组1号",
                "phone": f"130 0000 {8000 + number}",
            }
        )
        served += [
            {
                "canteen_id": canteen["id"],
                "village_id": village,
                "distance_m": distance_m(home, villages[village]),
            }
            for village in canteen["serves"]
        ]
    return [(Canteen, canteens), (CanteenVillage, served)]


def _carer_rows(
    villages: Mapping[str, Mapping[str, Any]],
) -> list[tuple[type[Base], list[dict[str, Any]]]]:
    table = read("carers")
    carers, skills, shifts = [], [], []
    for number, carer in enumerate(table["carers"], start=1):
        starts, ends = (_minutes(clock) for clock in table["hours"][carer["hours"]])
        carers.append(
            {
                "id": carer["id"],
                "name": carer["name"],
                "aliases": [],
                "village_id": villages[carer["base"]]["id"],
                "phone": f"130 0000 {7000 + number}",
            }
        )
        skills += [{"carer_id": carer["id"], "skill": skill} for skill in carer["skills"]]
        shifts += [
            {"carer_id": carer["id"], "weekday": weekday, "starts": starts, "ends": ends}
            for weekday in range(7)
            if weekday != carer["rest"] - 1
        ]
    return [(Carer, carers), (CarerSkill, skills), (CarerShift, shifts)]


def distance_m(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """Return the distance between two places with ``lat`` and ``lon``, as the crow flies, in metres."""
    lat1, lon1, lat2, lon2 = (radians(place[axis]) for place in (one, other) for axis in ("lat", "lon"))
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(sqrt(chord)))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _but(row: Mapping[str, Any], *left_out: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in left_out}
