"""The short factual line of a request: labels, dates and names, for logs and lists; it is not read aloud."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assistant.vocabulary import CareItem, Delivery, Department, Meal, Mode, ServiceKind, labels
from backend.clock import in_town


def summarise(kind: ServiceKind, details: dict[str, Any], start: datetime, end: datetime) -> str:
    """Return one line such as ``助餐 2026-11-23 中饭 红烧肉×1 送上门``."""
    day = in_town(start).date().isoformat()
    since, until = f"{in_town(start):%H:%M}", f"{in_town(end):%H:%M}"
    if kind is ServiceKind.MEAL:
        dishes = "、".join(f"{dish}×{details['quantity']}" for dish in details["dishes"])
        parts = [day, labels(Meal)[details["meal"]], dishes, labels(Delivery)[details["delivery"]]]
    elif kind is ServiceKind.MEDICAL_APPOINTMENT:
        department = labels(Department)[details["department"]]
        parts = [details["facility"], department, details["doctor"], day, since]
    else:
        what = (
            labels(CareItem)[details["care_item"]]
            if kind is ServiceKind.HOME_CARE
            else labels(Mode)[details["mode"]]
        )
        parts = [what, day, f"{since}-{until}", details.get("carer", "")]
    return " ".join(part for part in [kind.label, *parts] if part)[:400]
