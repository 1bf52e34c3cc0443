"""The last resort for an alarm when the database does not answer: a line in a file, synced to the disk."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


class AlarmSpool:
    """A file of alarms that still have to be entered in the book; lines are JSON objects."""

    def __init__(self, path: Path) -> None:
        """Use ``path``; it is created (0600, it holds health data) when the first alarm is kept."""
        self._path = path

    def keep(self, record: Mapping[str, Any]) -> str:
        """Write the record and wait for the disk; return its id.

        Raises:
            OSError: not even the file can be written.
        """
        spool_id = f"spool-{uuid.uuid4().hex}"
        line = json.dumps({"spool_id": spool_id, **record}, ensure_ascii=False) + "\n"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return spool_id

    def drain(self, enter: Callable[[Mapping[str, Any]], None]) -> int:
        """Enter every kept alarm with ``enter`` and empty the file; return how many there were.

        ``enter`` must be idempotent: after a crash between entering and emptying, lines come again. A line
        that is not whole (the box lost power while writing) is put aside in ``….damaged``, never dropped.
        """
        if not self._path.exists():
            return 0
        taken = self._path.with_suffix(".draining")
        if not taken.exists():
            self._path.replace(taken)
        entered = 0
        for line in taken.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                with self._path.with_suffix(".damaged").open("a", encoding="utf-8") as damaged:
                    damaged.write(line + "\n")
                continue
            enter(record)
            entered += 1
        taken.unlink()
        return entered
