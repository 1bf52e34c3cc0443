"""The town's mark: its name, and whether its data is all for demonstration."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from backend.database import Database
from backend.elders.models import Town


def mark_town(session: Session, *, name: str, is_demo: bool) -> Town:
    """Name the town, and mark the database as demo data or as real; marked real, it stays real.

    Raises:
        ValueError: the database is marked as real, and would be marked as demo.
    """
    town = session.get(Town, 1)
    if town is None:
        town = Town(id=1, name=name, is_demo=is_demo)
        session.add(town)
        return town
    if is_demo and not town.is_demo:
        raise ValueError("a town with real data cannot be marked as demo")
    town.name, town.is_demo = name, is_demo
    return town


def is_demo_town(database: Database) -> bool:
    """Tell whether the database is marked as holding only demo data."""
    with database.session() as session:
        town = session.get(Town, 1)
        return town is not None and town.is_demo


def is_empty(database: Database) -> bool:
    """Tell whether the database has no town yet (nor, perhaps, tables)."""
    if not inspect(database.engine).has_table(Town.__tablename__):
        return True
    with database.session() as session:
        return session.get(Town, 1) is None
