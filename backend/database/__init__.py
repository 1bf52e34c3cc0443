"""The database: declarative base, column types, engine, write transactions, idempotency."""

from __future__ import annotations

from backend.database.base import Base
from backend.database.effects import Effect, claim, identify, settle
from backend.database.engine import Database
from backend.database.types import Json, UtcDateTime, word_of, words

__all__ = [
    "Base",
    "Database",
    "Effect",
    "Json",
    "UtcDateTime",
    "claim",
    "identify",
    "settle",
    "word_of",
    "words",
]
