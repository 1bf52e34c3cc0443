"""Column types: instants in UTC, words of the vocabulary with their CHECK, JSON documents."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from assistant.vocabulary import Word
from assistant.vocabulary import word_of as word_of

WORD_LENGTH = 40
"""Longest identifier a word column can hold."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware datetimes in, aware UTC datetimes out.

    SQLite has no zone in its datetimes, so what is stored there is UTC without one; text order is time order.
    A naive datetime is refused with ``ValueError``: nobody knows which instant it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware datetime to what the database stores."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without an offset cannot be stored")
        utc = value.astimezone(timezone.utc)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert what the database stores to an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON document; on PostgreSQL it is stored as jsonb."""


def _identifiers(kind: type[Word]) -> list[str]:
    return [str(word.value) for word in kind]


def words(kind: type[Word], *, name: str | None = None) -> Any:
    """Return the column type that holds words of ``kind``: a string with a CHECK of the identifiers.

    ``name`` names the CHECK where one table has two columns of the same kind; else it is the kind's name.
    """
    return Enum(
        kind,
        name=name or kind.__name__.lower(),
        values_callable=_identifiers,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=WORD_LENGTH,
    )
