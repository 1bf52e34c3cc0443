"""Who works for the town, as it goes over the wire."""

from __future__ import annotations

from assistant.vocabulary import Role
from backend.wire import Wire


class StaffOut(Wire):
    """Somebody who works for the town."""

    id: str
    name: str
    role: Role
    village_id: str | None
    phone: str


class StaffListOut(Wire):
    """Who works for the town, by id."""

    staff: list[StaffOut]
