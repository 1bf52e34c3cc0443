"""`kangban simulate`: days of a whole town, after which every promise was kept, told or escalated."""

from __future__ import annotations

import logging
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.cli.errors import PlainError
from assistant.cli.lines import tell, write_json, write_line
from assistant.cli.simulated_town import SimulatedTown
from assistant.vocabulary import OPEN_STATES, AlarmState, RequestState, Word
from backend.alarms.models import Alarm
from backend.audit import service as audit
from backend.checkins.models import Round, RoundState
from backend.clock import in_town
from backend.due.models import OPEN, Due, DueState
from backend.notifications.models import Occurrence, OccurrenceState
from backend.outbox.models import Message, MessageState, Why
from backend.requests.models import Request

KEPT, TOLD, ESCALATED = "kept", "told", "escalated"

OF_REMINDERS = {
    OccurrenceState.TAKEN: KEPT,
    OccurrenceState.HEARD: KEPT,
    OccurrenceState.REFUSED: TOLD,
    OccurrenceState.NO_ANSWER: TOLD,
    OccurrenceState.LATE: TOLD,
    OccurrenceState.WITHDRAWN: KEPT,
}
OF_CHECKINS = {
    RoundState.ANSWERED: KEPT,
    RoundState.HEARD: KEPT,
    RoundState.VISITED: ESCALATED,
    RoundState.PEOPLE_TOLD: ESCALATED,
    RoundState.LATE: TOLD,
}
OF_ALARMS = {AlarmState.CLOSED: ESCALATED, AlarmState.CANCELLED: KEPT}


def simulate(*, elders: int, days: int, seed: int, as_json: bool) -> None:
    """Live through the days, and print what became of every promise.

    Raises:
        PlainError: a promise is left in limbo.
    """
    logging.getLogger("backend").setLevel(logging.ERROR)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kangban-simulate-") as folder:
        town = SimulatedTown(
            f"sqlite:///{Path(folder) / 'town.db'}", elders=elders, days=days, seed_of_chance=seed
        )
        tell(f"{elders} 位长者 elders; {time.monotonic() - begun:.0f} s")

        def day_begins(now: datetime) -> None:
            tell(f"{in_town(now):%Y-%m-%d} {time.monotonic() - begun:.0f} s")

        town.live(day_begins)
        with town.database.session() as session:
            report, limbo = report_of(session)
        town.database.dispose()
    report |= {
        "elders": elders,
        "days": days,
        "wishes_refused": town.refused,
        "mails_delivered": town.post.delivered,
        "seconds": round(time.monotonic() - begun, 1),
        "limbo": len(limbo),
    }
    if as_json:
        write_json(report)
    else:
        for name, counts in report.items():
            write_line(f"{name}: {counts}")
    if limbo:
        for line in limbo[:20]:
            tell(line)
        raise PlainError(f"有 {len(limbo)} 件事没有着落 ({len(limbo)} promises are left in limbo)")


def report_of(session: Session) -> tuple[dict[str, Any], list[str]]:
    """Return how many promises were kept, told or escalated, and a line for each that is in limbo."""
    limbo: list[str] = []

    def count(what: str, rows: list[tuple[str, Word]], ends: dict[Any, str]) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for row_id, state in rows:
            end = ends.get(state)
            counts[f"{state}"] += 1
            counts[end or "limbo"] += 1
            if end is None:
                limbo.append(f"{what} {row_id}: {state}")
        return dict(sorted(counts.items()))

    def all_of(table: Any) -> list[tuple[str, Word]]:
        return [(row[0], row[1]) for row in session.execute(select(table.id, table.state))]

    report: dict[str, Any] = {
        "reminders": count("reminder", all_of(Occurrence), OF_REMINDERS),
        "checkins": count("check-in", all_of(Round), OF_CHECKINS),
        "alarms": count("alarm", all_of(Alarm), OF_ALARMS),
        "requests": _requests(session, limbo),
    }
    messages = select(Message.channel, Message.state, func.count()).group_by(Message.channel, Message.state)
    report["messages"] = {f"{row[0]} {row[1]}": row[2] for row in session.execute(messages)}
    rows = select(Due.state, Due.outcome, func.count()).group_by(Due.state, Due.outcome)
    report["due"] = {f"{row[0]} {row[1] or ''}".strip(): row[2] for row in session.execute(rows)}
    limbo += [f"due {key}" for key in session.scalars(select(Due.key).where(OPEN))]
    limbo += [f"failed {key}" for key in session.scalars(select(Due.key).where(Due.state == DueState.FAILED))]
    pending = select(Message.key).where(Message.state == MessageState.PENDING)
    limbo += [f"message {key}" for key in session.scalars(pending)]
    if not audit.verify(session).ok:
        limbo.append("the audit's chain is broken")
    return report, limbo


def _requests(session: Session, limbo: list[str]) -> dict[str, int]:
    """Count requests: kept when completed, escalated when missed and on the consoles, told when shown."""
    counts: Counter[str] = Counter()
    shown = set(session.scalars(select(Message.why_id).where(Message.why == Why.REQUEST)))
    standing = set(
        session.scalars(
            select(Message.why_id).where(
                Message.why == Why.REQUEST, Message.standing, Message.resolved_at.is_(None)
            )
        )
    )
    for request_id, state in session.execute(select(Request.id, Request.state)):
        counts[str(state)] += 1
        if state is RequestState.COMPLETED:
            end = KEPT
        elif state not in OPEN_STATES:
            end = TOLD
        elif state is RequestState.MISSED:
            end = ESCALATED if request_id in standing else "limbo"
        else:
            end = TOLD if request_id in shown else "limbo"
        counts[end] += 1
        if end == "limbo":
            limbo.append(f"request {request_id}: {state}")
    return dict(sorted(counts.items()))
