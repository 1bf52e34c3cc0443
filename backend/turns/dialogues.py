"""Dialogues: the turns from the first wish to the yes, and how surely they were understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.vocabulary import Intent
from backend.requests import service as requests
from backend.turns.models import Turn, TurnState

PAUSE = timedelta(minutes=30)
"""After so long a silence a new dialogue begins."""

LONGEST = 40
"""Most turns that are looked at."""

_ANSWERS = frozenset({str(Intent.AFFIRM), str(Intent.DENY), str(Intent.ASK_REPEAT)})


def before(session: Session, turn: Turn) -> list[Turn]:
    """Return the turns of the dialogue that ends with ``turn``, oldest first, ``turn`` the last.

    An earlier turn belongs to it while it left a form open and was answered within :data:`PAUSE`.
    """
    query = (
        select(Turn)
        .where(Turn.elder_id == turn.elder_id, Turn.id < turn.id, Turn.state == TurnState.DONE)
        .order_by(Turn.id.desc())
        .limit(LONGEST)
    )
    found = [turn]
    for earlier in session.scalars(query):
        if not (earlier.result or {}).get("form") or found[-1].received_at - earlier.received_at > PAUSE:
            break
        found.append(earlier)
    return found[::-1]


def take_down(session: Session, turn: Turn) -> None:
    """Write down, of a turn that was just answered, what the log is filtered by."""
    result: Mapping[str, Any] = turn.result or {}
    intent, confidence = result.get("intent"), result.get("confidence")
    turn.intent = str(intent)[:40] if intent is not None else None
    turn.confidence = _number(confidence) if intent is not None else None
    repaired = result.get("repaired")
    turn.repaired = isinstance(repaired, str) and repaired != turn.text if intent is not None else None
    ids = [str(one["id"]) for one in result.get("committed") or () if isinstance(one, dict) and one.get("id")]
    if not ids:
        return
    session.flush()
    sure = surely(before(session, turn))
    if sure is not None:
        requests.note_confidence(session, ids, sure)


def surely(turns: Sequence[Turn]) -> float | None:
    """Return how surely a dialogue's wish was understood: the least of its turns but mere answers."""
    told = [turn.confidence for turn in turns if turn.confidence is not None and turn.intent not in _ANSWERS]
    return min(told) if told else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
