"""The town's book as the commands handle it: tables brought up to date, the demo town seeded."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from assistant.cli.errors import PlainError
from assistant.cli.settings import CliSettings
from backend.clock import Clock
from backend.database import Database
from backend.database.migrate import is_current, upgrade
from backend.demo.seeding import extend, seed
from backend.elders.models import Elder
from backend.elders.town import is_demo_town
from backend.errors import BackendError

FAVOURITE_DEMO_ELDER = "E0007"
"""The elder that the documentation talks as."""


def migrate(settings: CliSettings) -> None:
    """Bring the tables up to date.

    Raises:
        PlainError: the database cannot be reached or migrated.
    """
    try:
        upgrade(settings.database_url)
    except SQLAlchemyError as error:
        raise PlainError(
            "数据库打不开，请看看 KANGBAN_DATABASE_URL 和数据库是不是开着"
            f" (cannot open the database: {type(error).__name__})"
        ) from error


def seed_demo(settings: CliSettings, *, clock: Clock) -> bool:
    """Seed the demo town where there is no town yet; return whether this call did.

    Raises:
        PlainError: the database holds a real town.
    """
    database = Database(settings.database_url)
    try:
        return seed(database, now=clock.now())
    except ValueError as error:
        raise PlainError(
            "这里是真的镇，不能放示范资料，请去掉 --demo (this database holds a real town; leave --demo away)"
        ) from error
    finally:
        database.dispose()


def extend_demo(database: Database, *, clock: Clock) -> int:
    """Add the menus and slots that a demo town lacks for the coming days; a real town is left alone."""
    return extend(database, now=clock.now()) if is_demo_town(database) else 0


def first_elder(database: Database) -> str | None:
    """Return the id of an elder to try the chat with, or None while there is nobody."""
    with database.session() as session:
        if session.get(Elder, FAVOURITE_DEMO_ELDER) is not None:
            return FAVOURITE_DEMO_ELDER
        return session.scalars(select(Elder.id).order_by(Elder.id).limit(1)).one_or_none()


def problem_of_database(settings: CliSettings) -> str | None:
    """Return what is wrong with the database, or None when it is migrated and can be written to."""
    try:
        if not is_current(settings.database_url):
            return "表是旧的 (the tables are older than the program)"
        database = Database(settings.database_url)
        try:
            with database.write():
                return None
        finally:
            database.dispose()
    except (SQLAlchemyError, BackendError) as error:
        return f"打不开或写不进 (cannot be opened or written): {type(error).__name__}"
