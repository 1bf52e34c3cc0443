"""The head file: marks of the chain's head, one JSON object a line, each added below the last."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class HeadMark:
    """The chain's head at one moment: number and hash of its last entry (0 and zeros before the first)."""

    seq: int
    hash: str
    at: datetime


def append_mark(path: Path, mark: HeadMark) -> None:
    """Add a mark and see it onto the disk; a missing file is made, for its owner only."""
    line = json.dumps({"seq": mark.seq, "hash": mark.hash, "at": mark.at.isoformat()}) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_marks(path: Path) -> list[HeadMark]:
    """Return the marks of a head file, oldest first; marks of the empty chain are left out.

    Raises:
        ValueError: a line is not a mark.
    """
    if not path.exists():
        return []
    marks = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            document = json.loads(line)
            mark = HeadMark(
                seq=int(document["seq"]),
                hash=str(document["hash"]),
                at=datetime.fromisoformat(document["at"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"line {number} of the head file is not a mark of the audit's head") from error
        if mark.seq > 0:
            marks.append(mark)
    return marks
