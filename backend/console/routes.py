"""All pages of the console, and its files; they lie at ``/console``, not below ``/api/v1``."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from backend.access import Parts
from backend.console import (
    accounts,
    alarms,
    audit,
    booking,
    care_plan,
    checkins,
    elders,
    feed,
    learning,
    login,
    map,
    rating,
    requests,
    statistics,
    surveys,
    today,
    turns,
    week,
)
from backend.console.feed import Pulse

STATIC = Path(__file__).parent / "static"

PAGES: tuple[APIRouter, ...] = (
    login.router,
    today.router,
    feed.router,
    alarms.router,
    booking.router,
    checkins.router,
    rating.router,
    requests.router,
    surveys.router,
    elders.router,
    care_plan.router,
    week.router,
    map.router,
    turns.router,
    statistics.router,
    learning.router,
    audit.router,
    accounts.router,
)
"""Routers of the pages, in the order of the menu."""


class _Files(StaticFiles):
    """Files that a browser keeps for a day, and that are taken for nothing but what they are."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "max-age=86400" if path.startswith("vendor") else "no-cache"
        return response


def mount(app: FastAPI) -> None:
    """Add the console to an app, whose parts are there already."""
    parts: Parts = app.state.parts
    app.state.pulse = Pulse(parts.database)
    for router in PAGES:
        app.include_router(router, include_in_schema=False)
    app.mount("/console/static", _Files(directory=STATIC), name="static")
