"""A log file that cannot fill the disk: at most two files of a given size."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread
from typing import IO

MAX_BYTES = 2_000_000
"""Size at which a log is put aside as ``….1`` and begun anew, in bytes."""


class BoundedLog:
    """Copies a child's output into a bounded file, in a thread of its own."""

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._path = path
        self._max_bytes = max_bytes

    def follow(self, stream: IO[bytes]) -> None:
        """Copy ``stream`` until it ends."""
        Thread(target=self._copy, args=(stream,), daemon=True, name="child-log").start()

    def last_lines(self, count: int = 3) -> list[str]:
        """Return the last lines that are not empty."""
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
        return [line.strip() for line in lines if line.strip()][-count:]

    def _copy(self, stream: IO[bytes]) -> None:
        with stream:
            for line in iter(lambda: stream.readline(8192), b""):
                self._write(line)

    def _write(self, line: bytes) -> None:
        try:
            if self._path.exists() and self._path.stat().st_size + len(line) > self._max_bytes:
                self._path.replace(self._path.with_name(self._path.name + ".1"))
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, line)
            finally:
                os.close(descriptor)
        except OSError:
            return  # a full disk must not stop the child, which blocks when nobody reads its output
