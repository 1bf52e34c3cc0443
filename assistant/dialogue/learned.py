"""The model that was trained with what a town's people explained: which one is in use, and which was before.

It lies in KANGBAN_HOME, never in the checkout: the sentences are elders' own words. Stdlib only.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant.dialogue.model import fingerprint, newest_model

_KEPT = 3
"""Learned models that are kept on disk: the one in use, and those to which one can go back."""


def folder(home: Path) -> Path:
    """Return where a town's learned models lie."""
    return home / "learned"


def current(home: Path) -> dict[str, Any] | None:
    """Return what is in use (``model``, ``fingerprint``, ``former``), None where nothing was learned."""
    try:
        found = json.loads((folder(home) / "current.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def learned_model(home: Path) -> Path | None:
    """Return the learned model in use; None where there is none, or its sources have changed since.

    One that was trained on other code or sentences would undo what a new release brings.
    """
    found = current(home)
    if found is None or found.get("fingerprint") != fingerprint():
        return None
    path = folder(home) / str(found.get("model"))
    return path if path.is_file() else None


def chosen_model(home: Path) -> Path | None:
    """Return the model that the dialogue process loads: the learned one, else the checkout's."""
    return learned_model(home) or newest_model()


def adopt(home: Path, candidate: Path) -> None:
    """Put a candidate to use; what was in use is kept, to be gone back to."""
    place = folder(home)
    before = current(home) if learned_model(home) is not None else None
    name = candidate.name
    if candidate.parent != place:
        candidate.replace(place / name)
    _write(home, {"model": name, "fingerprint": fingerprint(), "former": before})
    kept = set(_chain(current(home)))
    for old in place.glob("learned-*.tar.gz"):
        if old.name not in kept:
            old.unlink()


def go_back(home: Path) -> bool:
    """Put the former model to use; False where nothing learned is in use."""
    found = current(home)
    if found is None:
        return False
    former = found.get("former")
    if former is None:
        (folder(home) / "current.json").unlink()
    else:
        _write(home, former)
    return True


def _chain(found: dict[str, Any] | None) -> list[str]:
    names: list[str] = []
    while found is not None and len(names) < _KEPT:
        names.append(str(found["model"]))
        found = found.get("former")
    return names


def _write(home: Path, document: dict[str, Any]) -> None:
    # In one step: whoever reads meanwhile finds the one or the other, never half.
    path = folder(home) / "current.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)
