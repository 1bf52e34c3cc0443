"""A turn in which the guard heard an emergency: whatever fails, the alarm is committed and answered.

Plain functions, run in one visit to a thread: an alarm waits for nobody's turn and for no event loop.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.gateway.emergencies import OPEN_QUESTION, EmergencyDesk, question_left_open
from assistant.gateway.failpoints import FailPoints
from assistant.gateway.ports import EmergencyFinding, Inbox, InboxRow, Incoming, TurnResult
from assistant.gateway.results import answer

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class AlarmTurns:
    """Answers emergencies."""

    inbox: Inbox
    desk: EmergencyDesk
    now: Callable[[], datetime]
    failpoints: FailPoints
    lease_s: float

    def take(
        self, incoming: Incoming, finding: EmergencyFinding, *, leave: Callable[[TurnResult], TurnResult]
    ) -> tuple[TurnResult, InboxRow | None]:
        """Commit the alarm and word the answer; never raises.

        Args:
            incoming: the message, cleaned.
            finding: what the guard heard.
            leave: notes in the answer how long it took.

        Returns:
            The answer, and the inbox row in which it still has to be stored because another turn of the elder
            is in hand; None where there is nothing left to do.
        """
        row = self._receive(incoming)
        if row is not None and not row.same_message:
            # Another message under an old id: the old row is left alone, the alarm gets a key of its own.
            digest = hashlib.sha256(f"{incoming.elder_id}\n{incoming.text}".encode()).hexdigest()[:16]
            incoming = replace(incoming, message_id=f"{incoming.message_id[:100]}#{digest}")
            row = self._receive(incoming)
        if row is not None and row.result is not None:
            return row.result, None
        self.failpoints.reach("after_receive")
        alarm = self.desk.raise_alarm(incoming, finding, now=self.now())
        self.failpoints.reach("after_alarm")
        before = self._before(incoming.elder_id)
        result = answer(
            incoming.text,
            self.desk.words_for(finding, alarm, before=before),
            intent="report_emergency",
            confidence=finding.confidence,
            alarm=alarm,
        )
        if before is not None and "form" in before:
            result["form"] = before["form"]  # so that a second alarm knows of it, too
        question = question_left_open(before)
        if question is not None:
            result[OPEN_QUESTION] = question
        leave(result)
        if row is None or self._store(row, finding, result):
            return result, None
        return result, row

    def _receive(self, incoming: Incoming) -> InboxRow | None:
        try:
            return self.inbox.receive(incoming)
        except Exception:
            log.exception("emergency turn %s could not be entered in the inbox", incoming.turn_key)
            return None

    def _before(self, elder_id: str) -> TurnResult | None:
        try:
            return self.inbox.latest(elder_id)
        except Exception:
            log.exception("the last turn could not be read")
            return None

    def _store(self, row: InboxRow, finding: EmergencyFinding, result: TurnResult) -> bool:
        """Return whether the answer is stored, or cannot be; False while another turn is in hand."""
        try:
            self.inbox.note_finding(row.id, finding)
            if not self.inbox.claim(row.id, lease_s=self.lease_s):
                return False
            self.inbox.finish(row.id, result)
        except Exception:
            log.exception("the answer of an emergency turn could not be stored")
            return True
        self.failpoints.reach("after_finish")
        return True
