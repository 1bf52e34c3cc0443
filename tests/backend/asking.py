"""Bodies of requests as the companion sends them, for tests."""

from __future__ import annotations

from typing import Any

TOMORROW = "2026-11-24"


def at(clock: str, day: str = TOMORROW) -> str:
    """Return an instant of the town, such as ``at("09:00")``."""
    return f"{day}T{clock}:00+08:00"


def asking(key: str, kind: str, details: dict[str, Any], elder: str = "E1", **more: Any) -> dict[str, Any]:
    return {
        "turn_key": key,
        "elder_id": elder,
        "kind": kind,
        "details": details,
        "said": "说的话",
        "by": {"role": "elder", "id": elder},
        **more,
    }


def meal(key: str, dishes: list[str], elder: str = "E1", **details: Any) -> dict[str, Any]:
    """Ask for a lunch tomorrow."""
    wish = {"meal": "lunch", "day": TOMORROW, "dishes": dishes, "quantity": 1, "delivery": "delivery"}
    return asking(key, "meal", wish | details, elder)


def care(
    key: str, item: str, start: str, end: str | None = None, elder: str = "E1", **details: Any
) -> dict[str, Any]:
    """Ask for care tomorrow, from ``start`` to ``end`` (times of day)."""
    return asking(
        key, "home_care", {"care_item": item, **details}, elder, start=at(start), end=at(end or start)
    )


def visit(key: str, start: str, end: str | None = None, elder: str = "E1", **details: Any) -> dict[str, Any]:
    """Ask for company tomorrow."""
    return asking(key, "companionship", details, elder, start=at(start), end=at(end or start))


def appointment(
    key: str, elder: str = "E1", start: str | None = "00:00", end: str = "23:59", **details: Any
) -> dict[str, Any]:
    """Ask for an appointment tomorrow."""
    window = {"start": at(start), "end": at(end)} if start else {}
    return asking(key, "medical_appointment", details, elder, **window)


def by(role: str = "elder", person: str = "E1") -> dict[str, str]:
    return {"role": role, "id": person}
