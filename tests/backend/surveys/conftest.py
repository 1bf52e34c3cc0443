"""A town that needs no server, for what no database has to do with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.database import Database


@pytest.fixture
def sqlite_town(sqlite_templates: dict[bool, Path], tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "town.db"
    shutil.copy(sqlite_templates[True], file)
    opened = Database(f"sqlite:///{file}")
    yield opened
    opened.dispose()
