"""Portions: a request takes them from a menu, or gives them back; the menu's CHECKs decide whether it can.

The counters are only ever moved by ``UPDATE … SET n = n - ?``: of two who want the last portion, the database
makes the second wait for the first and then refuses it. Rows are locked in one order: menu, then items by id.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.catalogue.models import DishHold, MealHold, Menu, MenuItem


class Full(Exception):
    """The canteen has no capacity left."""


class OutOf(Exception):
    """A dish, or the set meal where ``item_id`` is None, has too few portions left."""

    def __init__(self, item_id: str | None) -> None:
        """Name the item."""
        super().__init__(item_id)
        self.item_id = item_id


def take(
    session: Session,
    *,
    request_id: str,
    menu_id: str,
    meals: int,
    sets: int,
    dishes: Mapping[str, int],
) -> None:
    """Let a request hold portions; all of them or, with an exception, none.

    Args:
        session: a write session.
        request_id: who holds them; the request's row exists.
        menu_id: from which menu.
        meals: how many people are fed, taken from the canteen's capacity.
        sets: set meals.
        dishes: menu item id → portions.

    Raises:
        Full: the canteen's capacity does not suffice.
        OutOf: a dish's portions, or the set meals, do not suffice.
    """
    with session.begin_nested():
        menu = update(Menu).where(Menu.id == menu_id)
        _decide(session, menu.values(capacity_left=Menu.capacity_left - meals), Full())
        if sets:
            _decide(session, menu.values(set_left=Menu.set_left - sets), OutOf(None))
        session.add(MealHold(request_id=request_id, menu_id=menu_id, meals=meals, sets=sets))
        for item_id, portions in sorted(dishes.items()):
            item = update(MenuItem).where(MenuItem.id == item_id)
            _decide(session, item.values(left=MenuItem.left - portions), OutOf(item_id))
            session.add(DishHold(request_id=request_id, menu_item_id=item_id, portions=portions))
        session.flush()


def release(session: Session, *, request_id: str) -> None:
    """Give back all that a request holds of a menu, if anything."""
    hold = session.get(MealHold, request_id)
    if hold is None:
        return
    session.execute(
        update(Menu)
        .where(Menu.id == hold.menu_id)
        .values(capacity_left=Menu.capacity_left + hold.meals, set_left=Menu.set_left + hold.sets)
        .execution_options(synchronize_session=False)
    )
    query = select(DishHold).where(DishHold.request_id == request_id).order_by(DishHold.menu_item_id)
    for dish in session.scalars(query).all():
        session.execute(
            update(MenuItem)
            .where(MenuItem.id == dish.menu_item_id)
            .values(left=MenuItem.left + dish.portions)
            .execution_options(synchronize_session=False)
        )
        session.expunge(dish)
    session.expunge(hold)
    session.execute(delete(DishHold).where(DishHold.request_id == request_id))
    session.execute(delete(MealHold).where(MealHold.request_id == request_id))


def _decide(session: Session, change: object, refusal: Exception) -> None:
    try:
        with session.begin_nested():
            session.execute(change.execution_options(synchronize_session=False))  # type: ignore[attr-defined]
    except IntegrityError:
        raise refusal from None
