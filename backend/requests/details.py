"""What the form knows about each kind of request, checked. Further members are kept as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.vocabulary import CareItem, Delivery, Department, Diet, Meal, Mode, ServiceKind
from backend.errors import BadInput
from backend.wire import Id, Name

Address = Annotated[str, StringConstraints(max_length=200)]


class Details(BaseModel):
    """Base of the details of all kinds."""

    model_config = ConfigDict(frozen=True, extra="allow")

    person: Name | None = None
    repeat: Annotated[str, StringConstraints(max_length=200)] | None = None

    def document(self) -> dict[str, Any]:
        """Return the details as JSON, without what was not said."""
        return self.model_dump(mode="json", exclude_none=True)


class MealDetails(Details):
    """A meal: ``quantity`` portions of each of ``dishes`` (names, aliases, ids, or 套餐)."""

    meal: Meal
    day: date | None = None
    dishes: Annotated[list[Name], Field(min_length=1, max_length=20)]
    quantity: Annotated[int, Field(ge=1, le=50)] = 1
    delivery: Delivery = Delivery.DELIVERY
    diet: list[Diet] = Field(default_factory=list)
    canteen_id: Id | None = None
    canteen: Name | None = None
    address: Address | None = None
    accept_clash: bool = False


class HomeCareDetails(Details):
    """Care in the home, or for the elder outside it."""

    care_item: CareItem
    address: Address | None = None
    minutes: Annotated[int, Field(ge=10, le=480)] | None = None
    carer_id: Id | None = None
    carer: Name | None = None


class CompanionshipDetails(Details):
    """A visit or a call."""

    mode: Mode = Mode.VISIT
    address: Address | None = None
    minutes: Annotated[int, Field(ge=10, le=480)] | None = None
    carer_id: Id | None = None
    carer: Name | None = None


class AppointmentDetails(Details):
    """An appointment: a slot, or with whom one is wanted."""

    department: Department | None = None
    slot_id: Id | None = None
    doctor: Name | None = None
    doctor_id: Id | None = None
    facility: Name | None = None
    facility_id: Id | None = None
    accompaniment: bool = False
    symptom: Annotated[str, StringConstraints(max_length=400)] | None = None


D = TypeVar("D", bound=Details)

KINDS: Mapping[ServiceKind, type[Details]] = {
    ServiceKind.MEAL: MealDetails,
    ServiceKind.HOME_CARE: HomeCareDetails,
    ServiceKind.MEDICAL_APPOINTMENT: AppointmentDetails,
    ServiceKind.COMPANIONSHIP: CompanionshipDetails,
}

RESERVING: Mapping[ServiceKind, frozenset[str]] = {
    ServiceKind.MEAL: frozenset(MealDetails.model_fields),
    ServiceKind.HOME_CARE: frozenset({"care_item", "minutes", "carer_id", "carer"}),
    ServiceKind.MEDICAL_APPOINTMENT: frozenset(
        {"department", "slot_id", "doctor", "doctor_id", "facility", "facility_id"}
    ),
    ServiceKind.COMPANIONSHIP: frozenset({"mode", "minutes", "carer_id", "carer"}),
}
"""Members whose change means that something else is to be reserved; others leave the reservation alone."""

# What a new wish makes obsolete: another doctor is not in the old slot.
_OUTDATES: Mapping[str, tuple[str, ...]] = {
    "doctor": ("doctor_id", "slot_id", "facility", "facility_id", "department"),
    "doctor_id": ("doctor", "slot_id", "facility", "facility_id", "department"),
    "facility": ("facility_id", "slot_id", "doctor", "doctor_id"),
    "facility_id": ("facility", "slot_id", "doctor", "doctor_id"),
    "department": ("slot_id", "doctor", "doctor_id"),
    "slot_id": ("doctor", "doctor_id", "facility", "facility_id", "department"),
    "carer": ("carer_id",),
    "carer_id": ("carer",),
    "canteen": ("canteen_id",),
    "canteen_id": ("canteen",),
    "care_item": ("minutes", "carer_id", "carer"),
}


def parse(details_type: type[D], details: Mapping[str, Any]) -> D:
    """Return checked details.

    Raises:
        BadInput: a member is missing or not valid; ``extra["problems"]`` says which.
    """
    try:
        return details_type.model_validate(
            {key: value for key, value in details.items() if value is not None}
        )
    except ValidationError as error:
        problems = [
            {"at": ["body", "details", *found["loc"]], "problem": found["msg"][:200]}
            for found in error.errors(include_input=False, include_url=False)[:20]
        ]
        raise BadInput("The details are not valid.", extra={"problems": problems}) from None


def standing(asked: Mapping[str, Any], promised: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wishes behind a promise: who chose a slot chose its doctor, at whatever other time."""
    if "slot_id" not in asked:
        return dict(asked)
    return {name: promised[name] for name in ("department", "doctor_id")} | dict(asked)


def merged(asked: Mapping[str, Any], changed: Mapping[str, Any], *, moved: bool) -> dict[str, Any]:
    """Return the wishes ``asked`` with ``changed`` laid over them; nulls take a wish back.

    Args:
        asked: the details as they were asked for.
        changed: what is different.
        moved: whether another time is asked for, which outdates a wish for a certain slot or day.
    """
    gone = {old for key in changed for old in _OUTDATES.get(key, ()) if old not in changed}
    if moved:
        gone |= {"slot_id", "day"} - set(changed)
    kept = {key: value for key, value in asked.items() if key not in gone}
    return {key: value for key, value in {**kept, **changed}.items() if value is not None}
