"""The gateway's ports, plugged into the backend's services and the guard."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from assistant.gateway.ports import (
    Alarm,
    ElderCard,
    EmergencyFinding,
    InboxRow,
    Incoming,
    TurnResult,
)
from assistant.safety import guard
from assistant.safety.finding import URGENCY
from assistant.vocabulary import AlarmState, Emergency, Role
from backend.alarms import service as alarms
from backend.alarms.models import Alarm as AlarmRow
from backend.clock import Clock
from backend.database import Database, word_of
from backend.elders.models import Elder
from backend.turns.service import Inbox, LeaseLost, TurnRow
from backend.wire import By

RECENT_TURNS = 5
"""Turns looked back at to find the last one that is done; the others are running or have failed."""


class BackendElders:
    """The elders' room as the gateway's book of elders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, elder_id: str) -> ElderCard | None:
        """See the port."""
        with self._database.session() as session:
            elder = session.get(Elder, elder_id)
            if elder is None:
                return None
            contact = elder.contacts[0] if elder.contacts else None
            return ElderCard(
                id=elder.id,
                name=elder.name,
                called=elder.called,
                contact=f"{contact.relation}{contact.name}，电话{contact.phone}" if contact else None,
            )


class BackendInbox:
    """The turns room's inbox, with this process as the owner of what it takes in hand."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._inbox = Inbox(database)
        self._clock = clock
        self._owner = f"gateway-{uuid.uuid4().hex}"

    def receive(self, incoming: Incoming) -> InboxRow:
        """See the port."""
        return _row(
            self._inbox.receive(
                channel=incoming.channel,
                message_id=incoming.message_id,
                elder_id=incoming.elder_id,
                text=incoming.text,
                at=self._clock.now(),
            )
        )

    def claim(self, row_id: int, *, lease_s: float) -> bool:
        """See the port."""
        return self._inbox.claim(row_id, owner=self._owner, now=self._clock.now(), lease_s=lease_s)

    def get(self, row_id: int) -> InboxRow | None:
        """See the port."""
        row = self._inbox.get(row_id)
        return None if row is None else _row(row)

    def latest(self, elder_id: str) -> TurnResult | None:
        """See the port."""
        done = [row.result for row in self._inbox.recent(elder_id, limit=RECENT_TURNS) if row.result]
        return done[-1] if done else None

    def note_finding(self, row_id: int, finding: EmergencyFinding) -> None:
        """See the port."""
        self._inbox.note_finding(row_id, _as_json(finding))

    def finish(self, row_id: int, result: TurnResult) -> None:
        """See the port."""
        self._inbox.finish(
            row_id,
            owner=self._owner,
            result=result,
            now=self._clock.now(),
            latency_ms=round(result["latency_ms"]),
        )

    def fail(self, row_id: int, *, code: str) -> None:
        """See the port; a turn that was taken over meanwhile is somebody else's to end."""
        try:
            self._inbox.fail(row_id, owner=self._owner, note=code, now=self._clock.now())
        except LeaseLost:
            return


class BackendAlarms:
    """The alarms room as the gateway's alarms."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def raise_alarm(self, incoming: Incoming, finding: EmergencyFinding) -> Alarm:
        """See the port."""
        now = self._clock.now()
        category = word_of(Emergency, finding.category)
        urgent_first = URGENCY.index(category) + 1
        alarm_id, joined = self._database.transact(
            lambda session: _id_of(
                alarms.raise_or_join(
                    session,
                    elder_id=incoming.elder_id,
                    category=category,
                    words=incoming.text,
                    channel=incoming.channel,
                    turn_key=incoming.turn_key,
                    at=now,
                    outranked_by=frozenset(URGENCY[:urgent_first]),
                )
            )
        )
        return Alarm(id=alarm_id, category=finding.category, joined=joined)

    def raised_since(self, elder_id: str, since: datetime) -> Sequence[Alarm]:
        """See the port."""
        with self._database.session() as session:
            raised = frozenset({AlarmState.RAISED})
            return [
                _alarm(row) for row in alarms.find(session, elder_id=elder_id, states=raised, since=since)
            ]

    def cancel(self, alarm_id: str, incoming: Incoming) -> None:
        """See the port."""
        now = self._clock.now()
        by = By(role=Role.ELDER, id=incoming.elder_id)
        self._database.transact(
            lambda session: alarms.cancel(session, alarm_id, by=by, note=incoming.text, at=now)
        )


class SafetyGuard:
    """The safety package as the gateway's guard."""

    def check(self, text: str) -> EmergencyFinding | None:
        """See the port."""
        finding = guard.check(text)
        if finding is None:
            return None
        return EmergencyFinding(
            category=str(finding.category), words=finding.words, confidence=finding.confidence
        )

    def is_all_clear(self, text: str) -> bool:
        """See the port."""
        return guard.is_all_clear(text)

    def warm(self) -> None:
        """Compile every pattern, so that the first cry does not wait for it."""
        guard.warm()


def _row(row: TurnRow) -> InboxRow:
    return InboxRow(id=row.id, result=row.result, same_message=row.same_body)


def _id_of(raised: tuple[AlarmRow, bool]) -> tuple[str, bool]:
    return raised[0].id, raised[1]


def _alarm(row: AlarmRow) -> Alarm:
    return Alarm(id=row.id, category=str(row.category))


def _as_json(finding: EmergencyFinding) -> dict[str, object]:
    return {"category": finding.category, "words": finding.words, "confidence": finding.confidence}
