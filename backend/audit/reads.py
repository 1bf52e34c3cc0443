"""The audit's reads: gathered for a few seconds and written together, so that looking costs no commit.

What was read stands in the audit a moment later, or at once with :meth:`ReadLog.flush`; a process that is
killed within that moment loses the reads of it, never an act.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.clock import Clock
from backend.database import Database
from backend.errors import BackendError

PAUSE_S = 3.0
"""Seconds for which reads are gathered."""

FULL = 500
"""So many different reads are written without waiting longer."""

log = logging.getLogger(__name__)


class ReadLog:
    """Gathers reads of one process and writes them; the same read within the pause counts up."""

    def __init__(self, database: Database, clock: Clock, *, pause_s: float = PAUSE_S) -> None:
        """Write to ``database``; nothing runs before the first read."""
        self._database, self._clock, self._pause_s = database, clock, pause_s
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._reads: Counter[tuple[str, str, str, str]] = Counter()
        self._timer: threading.Timer | None = None

    def note(self, *, actor: str, action: str, target: str, detail: str = "") -> None:
        """Take down that ``actor`` read ``target``."""
        with self._lock:
            self._reads[(actor, action, target, detail)] += 1
            full = len(self._reads) >= FULL
            if self._timer is None and not full:
                self._timer = threading.Timer(self._pause_s, self.flush)
                self._timer.daemon = True
                self._timer.start()
        if full:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered; where the database does not take it, it is kept for the next time."""
        with self._writing:
            with self._lock:
                gathered, self._reads = self._reads, Counter()
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
            if not gathered:
                return
            try:
                self._database.transact(lambda session: self._write(session, gathered))
            except (SQLAlchemyError, BackendError):
                log.exception("reads could not be written into the audit yet")
                with self._lock:
                    self._reads.update(gathered)

    def _write(self, session: Session, gathered: Counter[tuple[str, str, str, str]]) -> None:
        now = self._clock.now()
        for (actor, action, target, detail), times in gathered.items():
            more = {"detail": detail} if detail else {}
            audit.record(
                session,
                actor=actor,
                action=action,
                target=target,
                detail=more | ({"times": times} if times > 1 else {}),
                at=now,
            )
