"""The fixed moment and the fixed small town of the understanding's tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.nlu.catalogue import Catalogue

CORPORA = Path(__file__).resolve().parents[1] / "corpora"


@pytest.fixture(scope="session")
def now() -> datetime:
    """A Sunday morning."""
    return datetime.fromisoformat("2026-11-22T10:00:00+08:00")


@pytest.fixture(scope="session")
def snapshot() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((CORPORA / "catalogue.yml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def catalogue(snapshot: dict[str, Any]) -> Catalogue:
    return Catalogue.from_snapshot(snapshot)
