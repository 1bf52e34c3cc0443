"""The boards of work: the week's visits, the canteens' lists of a meal, the clinics' lists of a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.vocabulary import Delivery, Diet, Meal, RequestState, ServiceKind, labels
from backend.care import service as care
from backend.clock import TOWN_ZONE, in_town, town_day
from backend.console import board, request_log
from backend.console.frame import At, ConsoleRoute
from backend.elders.models import Elder, Village
from backend.requests.models import Request

router = APIRouter(route_class=ConsoleRoute)

_STANDS = (
    RequestState.SUBMITTED,
    RequestState.ACCEPTED,
    RequestState.ASSIGNED,
    RequestState.IN_PROGRESS,
    RequestState.COMPLETED,
    RequestState.MISSED,
)
_COOKED = (*_STANDS[:5],)

Day = Annotated[str, Query(max_length=10)]


@dataclass
class MealList:
    """What a canteen cooks and brings for one meal.

    Attributes:
        dishes: (dish, limits) → portions; the limits of who eats it, in the order of the vocabulary.
        limits: limit → portions that must keep it.
        brought: lines of who is brought what, in the order of the way.
        eaten_there: lines of who comes.
    """

    canteen: str
    dishes: Counter[tuple[str, str]] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)
    limits: Counter[str] = field(default_factory=Counter)
    brought: list[dict[str, Any]] = field(default_factory=list)
    eaten_there: list[dict[str, Any]] = field(default_factory=list)


@router.get("/console/work")
def work(page: At, day: Day = "", carer: Day = "") -> Response:
    """Show the week's visits and appointments, day by day."""
    today = town_day(page.now)
    chosen = request_log.day_of(day) or today
    monday = chosen - timedelta(days=chosen.weekday())
    mine = carer or (page.visitor.carer_id or "" if "carer" not in page.request.query_params else "")
    with page.here.database.session() as session:
        query = board.request_columns().where(
            Request.start >= _begin(monday),
            Request.start < _begin(monday + timedelta(days=7)),
            Request.kind != ServiceKind.MEAL,
            Request.state.in_(_STANDS),
        )
        if mine:
            query = query.where(Request.carer_id == mine)
        lines = board.request_lines(
            session.execute(query.order_by(Request.start).limit(700)).all(), now=page.now
        )
        carers = care.carers(session)
    days = [monday + timedelta(days=number) for number in range(7)]
    page.read("requests", "week", detail=monday.isoformat())
    return page.show(
        "work.html",
        days=[(one, [line for line in lines if in_town(line.start).date() == one]) for one in days],
        today=today,
        carers=carers,
        carer=mine,
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        now=page.now,
    )


@router.get("/console/canteen")
def canteen(page: At, day: Day = "", meal: Day = "") -> Response:
    """Show what each canteen cooks and brings for a meal; to be printed."""
    meals = request_log.word_list(Meal, [meal])
    chosen = request_log.day_of(day) or town_day(page.now)
    eaten: Meal = meals[0] if meals else Meal.LUNCH
    with page.here.database.session() as session:
        lists = meal_lists(session, chosen, eaten)
    page.read("requests", "canteen", detail=f"{chosen} {eaten}")
    return page.show(
        "canteen.html",
        lists=lists,
        day=chosen,
        meal=eaten,
        meals=list(Meal),
        diets=labels(Diet),
        now=page.now,
    )


@router.get("/console/clinic")
def clinic(page: At, day: Day = "") -> Response:
    """Show who comes to which doctor on a day; to be printed."""
    chosen = request_log.day_of(day) or town_day(page.now) + timedelta(days=1)
    with page.here.database.session() as session:
        query = (
            select(
                Request.id, Request.start, Request.state, Request.details, Elder.name, Elder.phone, Elder.id
            )
            .join(Elder, Elder.id == Request.elder_id)
            .where(*_on(chosen), Request.kind == ServiceKind.MEDICAL_APPOINTMENT, Request.state.in_(_STANDS))
            .order_by(Request.start)
        )
        doctors: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
        for row in session.execute(query):
            about = row.details
            key = (about.get("facility", ""), about.get("department", ""), about.get("doctor", ""))
            doctors[key].append(row)
    page.read("requests", "clinic", detail=chosen.isoformat())
    return page.show("clinic.html", doctors=sorted(doctors.items()), day=chosen, now=page.now)


def meal_lists(session: Session, day: date, meal: Meal) -> list[MealList]:
    """Return each canteen's list of a meal, by the canteen's name."""
    query = (
        select(
            Request.id, Request.details, Request.state, Elder.name, Elder.phone, Elder.address,
            Elder.diet, Elder.id.label("elder_id"), Village.name.label("village"),
        )
        .join(Elder, Elder.id == Request.elder_id)
        .join(Village, Village.id == Elder.village_id)
        .where(*_on(day), Request.kind == ServiceKind.MEAL, Request.state.in_(_COOKED))
    )  # fmt: skip
    lists: dict[str, MealList] = {}
    for row in session.execute(query):
        about = row.details
        if about.get("meal") != meal.value:
            continue
        one = lists.setdefault(about.get("canteen", ""), MealList(canteen=about.get("canteen", "")))
        quantity = int(about.get("quantity", 1))
        kept = [diet for diet in labels(Diet) if diet in {*row.diet, *about.get("diet", ())}]
        limits = "、".join(labels(Diet)[diet] for diet in kept)
        for dish in about.get("dishes", ()):
            one.dishes[(dish, limits)] += quantity
            one.totals[dish] += quantity
        for diet in kept:
            one.limits[labels(Diet)[diet]] += quantity
        line = {
            "id": row.id, "name": row.name, "phone": row.phone, "village": row.village, "quantity": quantity,
            "address": about.get("address") or row.address, "dishes": "、".join(about.get("dishes", ())),
            "limits": limits,
        }  # fmt: skip
        brought = about.get("delivery") == Delivery.DELIVERY.value
        (one.brought if brought else one.eaten_there).append(line)
    for one in lists.values():
        one.brought.sort(key=lambda line: (line["village"], _house(line["address"]), line["name"]))
        one.eaten_there.sort(key=lambda line: line["name"])
    return [lists[name] for name in sorted(lists)]


def _house(address: str) -> list[int]:
    """Return the numbers of an address (group, house), by which the way goes."""
    digits = "".join(sign if sign.isdecimal() else " " for sign in address)
    return [int(part) for part in digits.split()]


def _on(day: date) -> tuple[Any, Any]:
    return Request.start >= _begin(day), Request.start < _begin(day + timedelta(days=1))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), TOWN_ZONE)
