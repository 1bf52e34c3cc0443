"""What the backend can be told from outside; built by the composition root, never read at import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from assistant.vocabulary import Meal

CUT_OFFS: Mapping[Meal, time] = {
    Meal.BREAKFAST: time(6, 0),
    Meal.LUNCH: time(10, 0),
    Meal.DINNER: time(16, 0),
}
"""Until when, town time on the day itself, the kitchen takes, changes and takes back orders of a meal."""

SERVING_TIMES: Mapping[Meal, tuple[time, time]] = {
    Meal.BREAKFAST: (time(6, 30), time(8, 0)),
    Meal.LUNCH: (time(11, 0), time(12, 30)),
    Meal.DINNER: (time(17, 0), time(18, 30)),
}
"""When a meal is served or brought, town time; a meal request's start and end where the caller gave none."""


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How many days what is personal is kept; docs/privacy.md has the reasons.

    Attributes:
        words_days: the words of a turn, and what was answered.
        turns_days: a turn's row: its time, what was understood, what was booked by it.
        remembered_days: what an elder told of her life.
    """

    words_days: int = 180
    turns_days: int = 1095
    remembered_days: int = 365


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of one backend.

    Attributes:
        database_url: SQLAlchemy URL (``sqlite:///…`` file or ``postgresql+psycopg://…``).
        service_token: bearer token of the town's own services; empty means nobody has it.
        pool_size: database connections kept.
        max_body_bytes: largest request body accepted.
        cut_offs: see :data:`CUT_OFFS`.
        serving_times: see :data:`SERVING_TIMES`.
        retention: how long what is personal is kept.
    """

    database_url: str
    service_token: str = field(repr=False)
    pool_size: int = 20
    max_body_bytes: int = 8_000_000
    cut_offs: Mapping[Meal, time] = field(default_factory=lambda: dict(CUT_OFFS))
    serving_times: Mapping[Meal, tuple[time, time]] = field(default_factory=lambda: dict(SERVING_TIMES))
    retention: Retention = field(default_factory=Retention)


def sqlite_url(home: Path) -> str:
    """Return the URL of the embedded database in a ``KANGBAN_HOME``."""
    return f"sqlite:///{home.resolve() / 'kangban.db'}"
