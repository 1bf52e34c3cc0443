"""The real models for tests, and how far what was heard is from what was said."""

from __future__ import annotations

import os
from pathlib import Path

from speech.aloud import as_said
from speech.model_store.store import ModelStore

ROOT = Path(__file__).resolve().parents[2]


def store() -> ModelStore:
    """Return the models that `make setup-test` fetched."""
    return ModelStore(Path(os.environ.get("KANGBAN_MODELS") or ROOT / "models" / "speech"))


def bare(text: str) -> str:
    """Return a text in characters only, digits as they are said: what two texts are compared by."""
    return "".join(sign for sign in as_said(text) if sign not in "，。？！")


def distance(said: str, heard: str) -> int:
    """Return the least number of characters to be put in, taken out or replaced."""
    row = list(range(len(heard) + 1))
    for number, sign in enumerate(said, 1):
        before, row[0] = row[0], number
        for at, other in enumerate(heard, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (sign != other))
    return row[-1]
