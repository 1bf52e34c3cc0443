"""The declarative base of every room's tables, with the names that migrations rely on."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Constraint names are the same on SQLite and PostgreSQL, so that a migration can name what it alters."""


class Base(DeclarativeBase):
    """Base of all tables. A room's tables are declared in its ``models.py`` and nowhere else."""

    metadata = MetaData(naming_convention=NAMING)
