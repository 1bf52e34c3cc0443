"""The page of statistics: demand, answers, misses, and how well was understood, down to the very turns."""

from __future__ import annotations

from fastapi import APIRouter, Response

from assistant.vocabulary import ServiceKind
from backend.console import figures
from backend.console.frame import At, ConsoleRoute

router = APIRouter(route_class=ConsoleRoute)


@router.get("/console/statistics")
def shown(page: At) -> Response:
    """Show the figures of the last weeks."""
    with page.here.database.session() as session:
        demand = figures.demand_by_week(session, now=page.now)
        by_week = figures.understanding_by_week(session, now=page.now)
        by_village = figures.understanding_by_village(session, now=page.now)
        liked = figures.ratings_by_kind(session, now=page.now)
        not_liked = figures.not_liked(session, now=page.now)
    page.read("statistics", f"village:{page.visitor.village_id or 'all'}")
    return page.show(
        "statistics.html",
        demand=demand,
        by_week=by_week,
        by_village=by_village,
        liked=liked,
        not_liked=not_liked,
        kinds=list(ServiceKind),
        now=page.now,
    )
