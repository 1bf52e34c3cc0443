"""Neighbourhood points, as they go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.wire import Id, Name, Wire

Offer = Annotated[Name, Field(min_length=1, max_length=30)]


class PointIn(Wire):
    """A new point."""

    village_id: Id
    name: Annotated[Name, Field(min_length=2, max_length=60)]
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    offers: Annotated[list[Offer], Field(max_length=10)] = Field(default_factory=list)


class PointOut(PointIn):
    """A point."""

    id: str


class PointsOut(Wire):
    """All points, by village and name."""

    points: list[PointOut]
