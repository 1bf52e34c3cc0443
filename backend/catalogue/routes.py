"""Routes of the catalogue: all names, and the menus."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from assistant.vocabulary import Diet, Meal
from backend.access import Here
from backend.catalogue import service
from backend.catalogue.diet_rules import clashes
from backend.catalogue.models import Menu
from backend.catalogue.schemas import CatalogueOut, MenuDishOut, MenuOut, PlaceOut, SetMealOut
from backend.database import word_of
from backend.elders.service import get_elder
from backend.errors import NotFound
from backend.settings import Settings
from backend.wire import Id

router = APIRouter(tags=["catalogue"])


@router.get("/catalogue", response_model=CatalogueOut, responses={304: {"description": "Not modified"}})
def read_catalogue(
    here: Here, response: Response, if_none_match: Annotated[str | None, Header()] = None
) -> CatalogueOut | Response:
    """Return every name that the companion should know when it hears it; 304 where nothing changed."""
    with here.database.session() as session:
        found = service.snapshot(session)
    tag = f'"{found.version}"'
    if if_none_match and tag in [seen.strip().removeprefix("W/") for seen in if_none_match.split(",")]:
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return found


@router.get("/menus")
def read_menu(
    here: Here,
    elder_id: Id,
    day: date,
    meal: Meal,
    canteen_id: Id | None = None,
    diet: Annotated[list[Diet], Query(description="limits beside those in the elder's profile")] = [],  # noqa: B006
) -> MenuOut:
    """Return what the elder's canteen (the nearest that serves her village) cooks for a meal."""
    with here.database.session() as session:
        elder = get_elder(session, elder_id)
        menus = service.menus_for(
            session, village_id=elder.village_id, day=day, meal=meal, canteen_id=canteen_id
        )
        if not menus:
            raise NotFound("No canteen of this village cooks that meal on that day.", code="no_menu")
        limits = [*(word_of(Diet, limit) for limit in elder.diet), *diet]
        return menu_out(menus[0], here.settings, limits)


def menu_out(menu: Menu, settings: Settings, limits: Sequence[Diet] = ()) -> MenuOut:
    """Return a menu as the wire has it, with what of it goes against ``limits``."""
    in_set = service.set_items(menu)
    return MenuOut(
        day=menu.day,
        meal=menu.meal,
        canteen=PlaceOut(id=menu.canteen.id, name=menu.canteen.name),
        cut_off=service.cut_off(menu.day, menu.meal, settings.cut_offs),
        dishes=[
            MenuDishOut(
                dish_id=item.dish_id,
                name=item.dish.name,
                tags=item.dish.traits,
                price_fen=item.price_fen,
                left=item.left,
                clashes=clashes(item.dish.traits, limits),
            )
            for item in menu.items
        ],
        set_meal=SetMealOut(
            dishes=[item.dish.name for item in in_set],
            price_fen=menu.set_price_fen,
            left=menu.set_left,
            clashes=clashes([trait for item in in_set for trait in item.dish.traits], limits),
        )
        if in_set
        else None,
    )
