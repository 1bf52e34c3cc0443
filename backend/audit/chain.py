"""The chain itself: what an entry's hash covers. Pure: anybody can check it with ten lines of code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any


def canonical(document: Mapping[str, Any]) -> str:
    """Return a JSON text that is the same for equal documents: sorted keys, no spaces, no escapes.

    Raises:
        TypeError: something in it is not JSON.
        ValueError: a number is not finite.
    """
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def entry_hash(
    *, seq: int, at: datetime, actor: str, action: str, target: str, detail: str, prev_hash: str
) -> str:
    """Return the SHA-256 (hexadecimal) of an entry.

    Args:
        seq: number of the entry, from 1.
        at: when, aware; hashed as ISO 8601 in UTC with microseconds.
        actor: who.
        action: what was done.
        target: to what.
        detail: the canonical JSON text of the particulars.
        prev_hash: hash of the entry before, 64 zeros before the first.
    """
    content = canonical(
        {
            "seq": seq,
            "at": at.astimezone(timezone.utc).isoformat(timespec="microseconds"),
            "actor": actor,
            "action": action,
            "target": target,
            "detail": detail,
            "prev_hash": prev_hash,
        }
    )
    return hashlib.sha256(content.encode("utf-8")).hexdigest()
