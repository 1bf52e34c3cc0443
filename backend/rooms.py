"""The rooms of the backend, by name: whose tables exist, and whose routes are served.

A room is a folder with the same files in each:

``models.py``    its tables (on ``backend.database.Base``)
``schemas.py``   what goes over the wire (pydantic; text fields from ``backend.wire``)
``service.py``   what it does, as functions ``f(session, *, …)``; other rooms call only these
``routes.py``    ``router = APIRouter(tags=["<room>"])``, paths below ``/api/v1``; ``def`` routes that take
                 ``here: Here`` and open ``here.database.session()`` to read, or change with
                 ``here.database.transact(lambda session: …)``
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from fastapi import APIRouter

ROOMS: tuple[str, ...] = (
    "elders",
    "catalogue",
    "appointments",
    "care",
    "requests",
    "points",
    "ratings",
    "plans",
    "consents",
    "audit",
    "alarms",
    "checkins",
    "notifications",
    "due",
    "outbox",
    "turns",
    "learning",
    "surveys",
    "auth",
    "roster",
    "retention",
    "satellites",
    "bindings",
    "wechat",
)
"""All rooms, in the order in which their routes are offered; a room need not have tables or routes."""


def load_models() -> None:
    """Import every room's tables, so that ``Base.metadata`` is whole."""
    for room in ROOMS:
        if find_spec(f"backend.{room}.models"):
            import_module(f"backend.{room}.models")


def routers() -> list[APIRouter]:
    """Return every room's router, in order."""
    served = [room for room in ROOMS if find_spec(f"backend.{room}.routes")]
    return [import_module(f"backend.{room}.routes").router for room in served]
