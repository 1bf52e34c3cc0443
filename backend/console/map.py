"""The service map (服务一张图): the town's own geometry, drawn on the server, with a table of the same."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.appointments.models import Facility
from backend.care.models import Carer
from backend.catalogue.models import Canteen
from backend.console import key_elders
from backend.console.frame import At, ConsoleRoute, Page
from backend.console.key_elders import ElderFilter
from backend.elders.models import Elder, Village
from backend.errors import BackendError, BadInput
from backend.points import service as points
from backend.points.models import Point
from backend.points.schemas import PointIn

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
class Spot:
    """A neighbourhood point on the map; ``metres`` is how far it lies from the middle of its village."""

    id: str
    name: str
    village: str
    x: float
    y: float
    metres: int
    offers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The whole map in its own units; ``walk`` is the radius of the 15-minute circle, ``km`` a kilometre."""

    places: tuple[Place, ...]
    spots: tuple[Spot, ...]
    width: float
    height: float
    walk: float
    km: float


@router.get("/console/map")
def drawn(page: At, circle: Annotated[str, Query(max_length=64)] = "") -> Response:
    """Show the map."""
    return _show(page, circle)


@router.post("/console/points")
def add_point(page: At) -> Response:
    """Add a neighbourhood point."""
    form = page.form
    try:
        try:
            sent = PointIn(
                village_id=form.get("village")[:64],
                name=form.get("name"),
                lat=float(form.get("lat")),
                lon=float(form.get("lon")),
                offers=[one for one in re.split(r"[、,，;；\s]+", form.get("offers")) if one],
            )
        except ValueError:  # pydantic's, too
            raise BadInput from None
        page.here.database.transact(
            lambda session: points.add(session, sent, actor=page.me.actor, at=page.now).id
        )
    except BackendError as error:
        return _show(page, "", problem=error.reason, status=error.status)
    return page.back("/console/map#points", "done")


@router.post("/console/points/{point_id}/remove")
def remove_point(page: At, point_id: Annotated[str, Path(max_length=64)]) -> Response:
    """Take a neighbourhood point away."""
    page.here.database.transact(
        lambda session: points.remove(session, point_id, actor=page.me.actor, at=page.now)
    )
    return page.back("/console/map#points", "done")


def _show(page: Page, circle: str, *, problem: str = "", status: int = 200) -> Response:
    with page.here.database.session() as session:
        listed = key_elders.listed(session, ElderFilter(key_only=True), now=page.now)
        drawing = draw(session, Counter(one.village_id for one in listed))
    page.read("map", f"village:{page.visitor.village_id or 'all'}")
    own = circle or page.visitor.village_id or ""
    return page.show("map.html", status=status, problem=problem, drawing=drawing, circle=own, now=page.now)


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
        return Drawing(places=(), spots=(), width=WIDTH, height=WIDTH / 2, walk=0, km=0)
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
    by_id = {village.id: village for village in villages}

    def spot(point: Point) -> Spot:
        village = by_id[point.village_id]
        right, up = _metres(point.lat, point.lon, village.lat or 0.0, village.lon or 0.0)
        return Spot(
            id=point.id,
            name=point.name,
            village=village.name,
            x=round(MARGIN + (point.lon - west) * squeeze * METRES_PER_DEGREE * scale, 1),
            y=round(MARGIN + (north - point.lat) * METRES_PER_DEGREE * scale, 1),
            metres=round(sqrt(right * right + up * up) / 10) * 10,
            offers=tuple(point.offers),
        )

    spots = tuple(spot(point) for point in points.find(session) if point.village_id in by_id)
    height = (north - south) * METRES_PER_DEGREE * scale + 2 * MARGIN
    return Drawing(
        places=places, spots=spots, width=WIDTH, height=round(height, 1), walk=round(WALK_M * scale, 1),
        km=round(1000 * scale, 1),
    )  # fmt: skip


def _metres(lat: float, lon: float, from_lat: float, from_lon: float) -> tuple[float, float]:
    squeeze = cos(radians((lat + from_lat) / 2))
    return (lon - from_lon) * squeeze * METRES_PER_DEGREE, (lat - from_lat) * METRES_PER_DEGREE


def _counted(session: Session, table: type[Elder] | type[Carer]) -> Counter[str]:
    query = select(table.village_id, func.count(table.id)).group_by(table.village_id)
    return Counter({row[0]: row[1] for row in session.execute(query)})


def _named(session: Session, table: type[Canteen] | type[Facility]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for village_id, name in session.execute(select(table.village_id, table.name).order_by(table.id)):
        found.setdefault(village_id or "", []).append(name)
    return found
