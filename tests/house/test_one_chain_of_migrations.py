"""The migrations are one chain: two that follow the same one would stop every start."""

from __future__ import annotations

from backend.database.migrate import newest


def test_there_is_one_newest_migration() -> None:
    assert len(newest()) == 1
