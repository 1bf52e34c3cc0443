"""Booking for an elder from the console: whom, which service, and what it needs; the elder is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assistant.vocabulary import SET_MEAL, CareItem, Delivery, Department, Diet, Meal, Mode, ServiceKind
from backend.appointments import service as appointments
from backend.care import service as care
from backend.catalogue import service as catalogue
from backend.catalogue.diet_rules import clashes
from backend.clock import TOWN_ZONE, town_day
from backend.console import request_log
from backend.console.frame import At, ConsoleRoute, Form, Page
from backend.console.words import label, window
from backend.elders import service as elders
from backend.elders.models import Elder, Village
from backend.errors import BackendError, BadInput
from backend.requests import service
from backend.requests.schemas import CreateIn, Who
from backend.requests.service import Desk

router = APIRouter(route_class=ConsoleRoute)

FOUND = 12
"""Elders that a search by name shows."""

SLOTS = 24
"""Open appointments that are shown of a day."""


@router.get("/console/book")
def shown(page: At) -> Response:
    """Show the form: first whom, then which service, then what it needs."""
    given = page.request.query_params
    return _show(page, Form({name: given.getlist(name) for name in given}))


@router.post("/console/book")
def book(page: At) -> Response:
    """Book what the form says."""
    form = page.form
    kinds: list[ServiceKind] = request_log.word_list(ServiceKind, [form.get("kind")])
    if not form.get("elder") or not kinds:
        return _show(page, form, problem="bad_input", status=422)
    try:
        details, start, end = _wish(kinds[0], form)
        sent = CreateIn(
            turn_key=page.turn_key,
            elder_id=form.get("elder")[:64],
            kind=kinds[0],
            details=details,
            start=start,
            end=end,
            said=form.get("note")[:400],
            by=Who(role=page.visitor.role, id=page.visitor.account_id),
        )
        made = page.here.database.transact(
            lambda session: (
                service.create(Desk(session=session, now=page.now, settings=page.here.settings), sent)[0].id
            )
        )
    except BackendError as error:
        if error.status == 404:
            raise
        return _show(page, form, problem=error.reason, others=_others(error.extra), status=error.status)
    except ValueError:  # pydantic's and datetime's: what a browser's own form does not send
        return _show(page, form, problem="bad_input", status=422)
    return page.back(f"/console/requests/{made}", "booked")


def _wish(kind: ServiceKind, form: Form) -> tuple[dict[str, Any], datetime | None, datetime | None]:
    """Return details, start and end of what a form asks for.

    Raises:
        BadInput: the day or time is missing.
        ValueError: a word or time that the form does not offer.
    """
    if kind is ServiceKind.MEAL:
        dishes = form.all("dish") or [SET_MEAL]
        return (
            {
                "meal": form.get("meal"), "day": form.get("day"), "dishes": dishes,
                "quantity": int(form.get("quantity", "1")), "delivery": form.get("delivery"),
                "accept_clash": form.get("accept_clash") == "1",
            },
            None,
            None,
        )  # fmt: skip
    if kind is ServiceKind.MEDICAL_APPOINTMENT:
        if not form.get("slot"):
            raise BadInput("A slot is needed.", code="slot_needed")
        found: dict[str, Any] = {"slot_id": form.get("slot"), "accompaniment": form.get("with") == "1"}
        return found | ({"symptom": form.get("symptom")[:400]} if form.get("symptom") else {}), None, None
    if not form.get("day") or not form.get("from"):
        raise BadInput("A time is needed.", code="start_missing")
    start = datetime.fromisoformat(f"{form.get('day')}T{form.get('from')}").replace(tzinfo=TOWN_ZONE)
    until = form.get("to")
    end = datetime.fromisoformat(f"{form.get('day')}T{until}").replace(tzinfo=TOWN_ZONE) if until else start
    wish = (
        {"care_item": form.get("care_item")} if kind is ServiceKind.HOME_CARE else {"mode": form.get("mode")}
    )
    return wish | ({"carer_id": form.get("carer")} if form.get("carer") else {}), start, end


def _show(
    page: Page, form: Form, *, problem: str = "", others: Sequence[str] = (), status: int = 200
) -> Response:
    kinds: list[ServiceKind] = request_log.word_list(ServiceKind, [form.get("kind")])
    kind = kinds[0] if kinds else None
    day = request_log.day_of(form.get("day")) or town_day(page.now) + timedelta(days=1)
    with page.here.database.session() as session:
        elder = elders.get_elder(session, form.get("elder")[:64]) if form.get("elder") else None
        values: dict[str, Any] = {"elder": elder, "found": _named(session, form.get("name")), "offer": {}}
        if elder is not None and kind is not None:
            values["offer"] = _offer(session, elder, kind, form, day, page)
    if elder is not None:
        page.read("elders", f"elder:{elder.id}", detail="book")
    return page.show(
        "book.html",
        status=status,
        problem=problem,
        others=others,
        form=form,
        kind=kind,
        kinds=list(ServiceKind),
        day=day,
        now=page.now,
        **values,
    )


def _named(session: Session, name: str) -> list[Any]:
    if not name:
        return []
    query = (
        select(Elder.id, Elder.name, Elder.phone, Village.name.label("village"))
        .join(Village, Village.id == Elder.village_id)
        .where(
            or_(
                Elder.name.contains(name[:60], autoescape=True),
                Elder.id == name[:64],
                Elder.phone == name[:40],
            )
        )
        .order_by(Elder.name, Elder.id)
        .limit(FOUND)
    )
    return list(session.execute(query))


def _offer(
    session: Session, elder: Elder, kind: ServiceKind, form: Form, day: Any, page: Page
) -> dict[str, Any]:
    """Return what can be chosen of a kind of service."""
    if kind is ServiceKind.MEAL:
        meals: list[Meal] = request_log.word_list(Meal, [form.get("meal")]) or [Meal.LUNCH]
        menus = catalogue.menus_for(session, village_id=elder.village_id, day=day, meal=meals[0])
        return {
            "meals": list(Meal),
            "meal": meals[0],
            "menu": menus[0] if menus else None,
            "set": [item.dish.name for item in catalogue.set_items(menus[0])] if menus else [],
            "dishes": [
                (item, [label(one) for one in clashes(item.dish.traits, _diet(elder))])
                for item in (menus[0].items if menus else ())
            ],
            "chosen": form.all("dish"),
            "deliveries": list(Delivery),
            "cut_off": catalogue.cut_off(day, meals[0], page.here.settings.cut_offs),
        }
    if kind is ServiceKind.MEDICAL_APPOINTMENT:
        departments: list[Department] = request_log.word_list(Department, [form.get("department")])
        begin = datetime.combine(day, time(), TOWN_ZONE)
        offered = {doctor.department for doctor in appointments.doctors(session)}
        slots = (
            appointments.open_slots(
                session,
                start=max(begin, page.now),
                end=begin + timedelta(days=1),
                wanted=appointments.Wanted(department=departments[0]),
                limit=SLOTS,
            )
            if departments
            else []
        )
        return {
            "departments": [one for one in Department if one in offered],
            "department": departments[0] if departments else None,
            "slots": [(slot, slot.doctor.name, slot.doctor.facility.name) for slot in slots],
        }
    carers = care.carers(session)
    skills = {skill for carer in carers for skill in carer.skills}
    return {
        "items": [item for item in CareItem if item.value in skills],
        "modes": list(Mode),
        "carers": [
            (carer, "、".join(label(skill, "CareItem") for skill in carer.skills[:4])) for carer in carers
        ],
    }


def _diet(elder: Elder) -> list[Any]:
    return [diet for diet in Diet if diet.value in elder.diet]


def _others(extra: Mapping[str, Any]) -> list[str]:
    """Return what could be had instead, a line each, as people write it."""
    found: list[str] = []
    for one in list(extra.get("alternatives") or ())[:8]:
        if isinstance(one, str):
            found.append(one)
            continue
        parts = []
        for name in ("carer", "doctor", "facility", "canteen"):
            if isinstance(one.get(name), dict):
                parts.append(str(one[name].get("name", "")))
        if one.get("start"):
            start = datetime.fromisoformat(str(one["start"]))
            parts.append(window(start, datetime.fromisoformat(str(one.get("end") or one["start"]))))
        if one.get("day"):
            parts.append(f"{one['day']} {label(one.get('meal'))}")
        found.append(" ".join(part for part in parts if part))
    for clash in extra.get("clashes") or ():
        found.append(f"{clash['dish']}：{'、'.join(label(limit, 'Diet') for limit in clash['limits'])}")
    return found
