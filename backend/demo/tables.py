"""The demo town's data tables: YAML files beside this module, which a carer can read and correct."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


def read(name: str) -> Mapping[str, Any]:
    """Return the table ``name``: town, elders, dishes, canteens, carers or health."""
    document = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    if not isinstance(document, dict):
        raise TypeError(f"{name}.yml is not a table")
    return document
