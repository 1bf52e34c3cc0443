"""The worker: takes due rows in hand and sees to them, one transaction each, until told to stop.

It can be killed at any point: a row in hand is handed out again when its lease is over, and whatever a row
does to the database is committed with the row's own end, so that it is done once.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from backend.clock import Clock
from backend.database import Database
from backend.due import service
from backend.due.models import Outcome
from backend.due.service import Claimed
from backend.due.steps import Lane, Step
from backend.settings import Settings
from backend.wording import Wording

log = logging.getLogger(__name__)

BATCH = 16
"""Rows taken in hand at once."""

PAUSE_S = 1.0
"""Pause between two looks while nothing is due, in seconds: as late as anything can be told."""

BEAT_S = 10.0
"""Pause between two heartbeats, in seconds."""


class _InOtherHandsError(Exception):
    """The row's lease was over, and another worker has it."""


@dataclass(frozen=True, kw_only=True)
class WorkerParts:
    """What a worker works with.

    Attributes:
        gave_up: tells people, in the row's last transaction, that a row has failed for good.
        committed: called after each commit (whoever waits for messages looks again).
    """

    database: Database
    clock: Clock
    wording: Wording
    settings: Settings
    gave_up: Callable[[Step, str], None]
    committed: Callable[[], None] = lambda: None


class Worker:
    """Sees to the rows of one lane."""

    def __init__(self, parts: WorkerParts, lane: Lane) -> None:
        self._parts = parts
        self._lane = lane
        self._id = f"{lane.name}-{uuid.uuid4().hex[:12]}"
        self._told = threading.Event()

    def run(self) -> None:
        """Work until :meth:`stop`; whatever goes wrong is logged, and it goes on."""
        beaten = -BEAT_S
        while not self._told.is_set():
            worked = 0
            try:
                if time.monotonic() - beaten >= BEAT_S:
                    self.beat()
                    beaten = time.monotonic()
                worked = self.run_once()
            except Exception:
                log.exception("the worker %s could not go round", self._id)
            if worked < BATCH:
                self._told.wait(PAUSE_S)

    def stop(self) -> None:
        """Have :meth:`run` end after the row in hand."""
        self._told.set()

    def beat(self) -> None:
        """Write the heartbeat."""
        now = self._parts.clock.now()
        self._parts.database.transact(
            lambda session: service.beat(session, worker=self._id, lane=self._lane.name, now=now)
        )

    def run_once(self) -> int:
        """See to what is due now, at most one batch; return how many rows were taken in hand."""
        parts = self._parts
        now = parts.clock.now()
        parts.database.failpoints.reach("worker.before_claim")
        # A token of its own for each round: a row that comes back to the same worker is another claim.
        token = f"{self._id}.{uuid.uuid4().hex[:8]}"
        rows = parts.database.transact(
            lambda session: service.claim(session, kinds=self._lane.kinds, worker=token, now=now, limit=BATCH)
        )
        if rows:
            parts.database.failpoints.reach("worker.after_claim")
        for row in rows:
            self._see_to(row)
        return len(rows)

    def _see_to(self, row: Claimed) -> None:
        parts = self._parts
        try:
            if row.kind in self._lane.errands:
                self._run_errand(row)
            else:
                self._run_handler(row)
        except _InOtherHandsError:
            log.warning("due row %s was taken over meanwhile", row.key)
            return
        except Exception as error:
            log.warning("due row %s failed (attempt %d)", row.key, row.attempts, exc_info=True)
            self._put_off(row, f"{type(error).__name__}: {error}")
            return
        parts.database.failpoints.reach("worker.after_commit")
        parts.committed()

    def _run_handler(self, row: Claimed) -> None:
        handler = self._lane.handlers[row.kind]

        def work(step: Step) -> None:
            if not service.end(step.session, row, outcome=Outcome.KEPT, now=step.now):
                raise _InOtherHandsError
            self._parts.database.failpoints.reach("worker.before_effects")
            outcome = handler(step)
            if outcome is not Outcome.KEPT:
                service.note(step.session, row, outcome)
            self._parts.database.failpoints.reach("worker.after_effects")

        self._transact(row, work)

    def _run_errand(self, row: Claimed) -> None:
        errand = self._lane.errands[row.kind]
        with self._parts.database.session() as session:
            job = errand.prepare(session, row, self._parts.clock.now())
        error: str | None = None
        if job is not None:
            self._parts.database.failpoints.reach("outbox.before_delivery")
            try:
                errand.go(job)
            except Exception as failure:  # whatever a server or a library throws, the message stays ours
                log.warning("%s: %s: %s", row.key, type(failure).__name__, failure)
                error = f"{type(failure).__name__}: {failure}"
            self._parts.database.failpoints.reach("outbox.after_delivery")

        def work(step: Step) -> None:
            outcome = Outcome.NOT_NEEDED if job is None else errand.settle(step, error)
            if outcome is None:
                service.put_off(step.session, row, error=error or "", now=step.now)
            elif not service.end(step.session, row, outcome=outcome, now=step.now):
                raise _InOtherHandsError
            if job is not None:
                self._parts.database.failpoints.reach("outbox.settled")

        self._transact(row, work)

    def _put_off(self, row: Claimed, error: str) -> None:
        self._parts.database.failpoints.reach("worker.before_retry")

        def work(step: Step) -> None:
            if service.put_off(step.session, row, error=error, now=step.now):
                self._parts.gave_up(step, error)

        try:
            self._transact(row, work)
        except Exception:
            log.exception("due row %s could not be put off; its lease will end", row.key)

    def _transact(self, row: Claimed, work: Callable[[Step], None]) -> None:
        parts = self._parts
        now = parts.clock.now()
        parts.database.transact(
            lambda session: work(
                Step(session=session, now=now, row=row, wording=parts.wording, settings=parts.settings)
            )
        )
