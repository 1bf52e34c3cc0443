"""What is asked of the town, and what was reserved for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.elders.models import Elder
from backend.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What is asked of the town.

    Attributes:
        session: the write session, in which the request's row exists.
        request_id: the request for which something is reserved.
        elder: who needs it.
        details: the wishes, not yet checked.
        start: beginning of the window, or None.
        end: its end; equal to ``start`` for a point.
        now: the present.
        settings: the backend's settings.
        carer_id: the carer who had it before, to be kept where she can.
    """

    session: Session
    request_id: str
    elder: Elder
    details: Mapping[str, Any]
    start: datetime | None
    end: datetime | None
    now: datetime
    settings: Settings
    carer_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Booked:
    """What was reserved: when, the details with all ids and names, and by whom."""

    start: datetime
    end: datetime
    details: dict[str, Any]
    carer_id: str | None = None
