"""Which trained model is right for the sources as they are now. Stdlib only, so that asking is quick."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from assistant.dialogue.settings import DATA, MODELS, PROJECT, ROOT

FIXED_NAME_PREFIX = "kangban-"


def sources() -> Iterator[Path]:
    """Yield every file that training depends on, in a fixed order."""
    yield PROJECT / "config.yml"
    yield from sorted((PROJECT / "domain").glob("*.yml"))
    for folder in ("nlu", "rules", "stories", "lookups"):
        yield from sorted(path for path in (DATA / folder).glob("*") if path.is_file())
    yield from sorted((ROOT / "assistant" / "nlu").rglob("*.py"))
    yield from sorted((ROOT / "assistant" / "nlu").rglob("*.tsv"))


def fingerprint() -> str:
    """Return the first 16 hex digits of the SHA-256 over names and contents of the sources."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def model_path() -> Path:
    """Return where the model of the present sources lies, or will lie once it is trained."""
    return MODELS / f"{FIXED_NAME_PREFIX}{fingerprint()}.tar.gz"


def newest_model() -> Path | None:
    """Return the right model where it is trained, else the newest of ours, else None."""
    right = model_path()
    if right.is_file():
        return right
    ours = sorted(MODELS.glob(f"{FIXED_NAME_PREFIX}*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return ours[-1] if ours else None
