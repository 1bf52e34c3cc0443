"""The service map (服务一张图): the town's own geometry, drawn on the server, with a table of the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.appointments.models import Facility
from backend.care.models import Carer
from backend.catalogue.models import Canteen
from backend.console import key_elders
from backend.console.frame import At, ConsoleRoute
from backend.console.key_elders import ElderFilter
from backend.elders.models import Elder, Village

router = APIRouter(route_class=ConsoleRoute)

METRES_PER_DEGREE = 111_320.0
"""Length of a degree of latitude, in metres (WGS 84, mean)."""

WALK_M = 1000.0
"""How far an elder walks in a quarter of an hour, in metres: the 15-minute circle of 社区生活圈 (1000 m)."""

WIDTH, MARGIN = 1000.0, 90.0
"""Width of the drawing and its margin, in its own units."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A village on the map: where it is drawn and what it has."""

    id: str
    name: str
    x: float
    y: float
    size: float
    elders: int
    key: int
    carers: int
    canteens: tuple[str, ...]
    clinics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The whole map in its own units; ``walk`` is the radius of the 15-minute circle, ``km`` a kilometre."""

    places: tuple[Place, ...]
    width: float
    height: float
    walk: float
    km: float


@router.get("/console/map")
def drawn(page: At, circle: Annotated[str, Query(max_length=64)] = "") -> Response:
    """Show the map."""
    with page.here.database.session() as session:
        listed = key_elders.listed(session, ElderFilter(key_only=True), now=page.now)
        drawing = draw(session, Counter(one.village_id for one in listed))
    page.read("map", f"village:{page.visitor.village_id or 'all'}")
    own = circle or page.visitor.village_id or ""
    return page.show("map.html", drawing=drawing, circle=own, now=page.now)


def draw(session: Session, key: Counter[str]) -> Drawing:
    """Return the map of the town.

    Args:
        session: a session, limited to what its owner may see: elders are counted as far as she sees them.
        key: village id → how many key elders it has.
    """
    villages = [
        village
        for village in session.scalars(select(Village).order_by(Village.id))
        if village.lat is not None and village.lon is not None
    ]
    elders = _counted(session, Elder)
    carers = _counted(session, Carer)
    canteens, clinics = _named(session, Canteen), _named(session, Facility)
    if not villages:
        return Drawing(places=(), width=WIDTH, height=WIDTH / 2, walk=0, km=0)
    west, east = min(v.lon or 0 for v in villages), max(v.lon or 0 for v in villages)
    south, north = min(v.lat or 0 for v in villages), max(v.lat or 0 for v in villages)
    squeeze = cos(radians((south + north) / 2))
    metres = max((east - west) * squeeze * METRES_PER_DEGREE, 2 * WALK_M)
    scale = (WIDTH - 2 * MARGIN) / metres
    places = tuple(
        Place(
            id=village.id,
            name=village.name,
            x=round(MARGIN + ((village.lon or 0) - west) * squeeze * METRES_PER_DEGREE * scale, 1),
            y=round(MARGIN + (north - (village.lat or 0)) * METRES_PER_DEGREE * scale, 1),
            size=round(12 + 3 * sqrt(elders[village.id]), 1),
            elders=elders[village.id],
            key=key[village.id],
            carers=carers[village.id],
            canteens=tuple(canteens.get(village.id, ())),
            clinics=tuple(clinics.get(village.id, ())),
        )
        for village in villages
    )
    height = (north - south) * METRES_PER_DEGREE * scale + 2 * MARGIN
    return Drawing(
        places=places, width=WIDTH, height=round(height, 1), walk=round(WALK_M * scale, 1),
        km=round(1000 * scale, 1),
    )  # fmt: skip


def _counted(session: Session, table: type[Elder] | type[Carer]) -> Counter[str]:
    query = select(table.village_id, func.count(table.id)).group_by(table.village_id)
    return Counter({row[0]: row[1] for row in session.execute(query)})


def _named(session: Session, table: type[Canteen] | type[Facility]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for village_id, name in session.execute(select(table.village_id, table.name).order_by(table.id)):
        found.setdefault(village_id or "", []).append(name)
    return found
