"""What the learning room does: it keeps what was meant, reviews it, and lets the catalogue know other names.

A sentence becomes an example for the next training; another name works at once, because the companion matches
names against the live catalogue. Both can be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from assistant.vocabulary import FALLBACK_INTENT, Intent
from backend.appointments.models import Doctor, Facility
from backend.audit import service as audit
from backend.care.models import Carer
from backend.catalogue.models import Canteen, Dish
from backend.elders.models import Village
from backend.errors import BadInput, NotAllowed, NotFound
from backend.learning.models import AliasKind, Correction, CorrectionState
from backend.turns.models import Turn, TurnState

UNSURE = 0.6
"""Below this a turn counts as not surely understood; the dialogue asks again below it."""

_TABLES: Mapping[AliasKind, type[Any]] = {
    AliasKind.DISH: Dish,
    AliasKind.CANTEEN: Canteen,
    AliasKind.FACILITY: Facility,
    AliasKind.DOCTOR: Doctor,
    AliasKind.CARER: Carer,
    AliasKind.VILLAGE: Village,
}


class UnknownTurn(NotFound):
    """No turn has this id."""

    code = "unknown_turn"
    message = "There is no such turn."


def queue(session: Session, *, since: datetime, limit: int = 50) -> list[Turn]:
    """Return the turns that were hardly or not understood and that nobody has explained, newest first."""
    # Two ranges of the log's indexes, each at its end; the newest of both are the newest of all.
    explained = select(Correction.turn_id)
    first = _first_since(since)
    ids: set[int] = set()
    for condition in (Turn.confidence < UNSURE, Turn.intent == FALLBACK_INTENT):
        query = select(Turn.id).where(condition, Turn.id >= first, Turn.id.not_in(explained))
        ids |= set(session.scalars(query.order_by(Turn.id.desc()).limit(limit)))
    chosen: Select[Any] = select(Turn).where(Turn.id.in_(sorted(ids)[-limit:]), Turn.state == TurnState.DONE)
    return list(session.scalars(chosen.order_by(Turn.id.desc())))


def explain(
    session: Session,
    turn_id: int,
    *,
    intent: str,
    alias: str,
    alias_kind: AliasKind | None,
    alias_of: str,
    note: str,
    actor: str,
    at: datetime,
) -> Correction:
    """Write down what a turn meant; said again before it is reviewed, the last words count.

    Args:
        session: a write session.
        turn_id: the turn.
        intent: an intent's identifier, "" where it meant nothing that can be learned.
        alias: a word of it that is another name, "" where there is none.
        alias_kind: of what kind of thing.
        alias_of: the official name of that thing.
        note: what else there is to say.
        actor: who says so.
        at: the instant, aware.

    Raises:
        UnknownTurn: there is no such turn, or not for her.
        BadInput: there is no such intent or thing, or the word was not said.
        NotAllowed: it was reviewed already.
    """
    turn = session.get(Turn, turn_id)
    if turn is None:
        raise UnknownTurn
    if intent and intent not in {str(one) for one in Intent}:
        raise BadInput("There is no such intent.", code="unknown_intent")
    alias = alias.strip()
    if alias:
        if alias not in turn.text or len(alias) > 30 or len(alias) < 2:
            raise BadInput("That word was not said.", code="alias_not_said")
        if alias_kind is None or _thing(session, alias_kind, alias_of) is None:
            raise BadInput("There is no such thing in the catalogue.", code="unknown_name")
    row = session.get(Correction, turn_id)
    if row is not None and row.state is not CorrectionState.PROPOSED:
        raise NotAllowed("It was reviewed already.")
    if row is None:
        row = Correction(turn_id=turn_id, elder_id=turn.elder_id, text=turn.text, heard_as=turn.intent)
        session.add(row)
    row.intent, row.note = intent or None, note[:200]
    row.alias, row.alias_kind = alias, alias_kind if alias else None
    row.alias_of = alias_of.strip() if alias else ""
    row.state, row.by, row.at = CorrectionState.PROPOSED, actor, at
    row.reviewed_by = row.reviewed_at = None
    session.flush()
    _record(session, actor, "learning.explain", row, at)
    return row


def review(session: Session, turn_id: int, state: CorrectionState, *, actor: str, at: datetime) -> Correction:
    """Accept, dismiss or take back a correction; an accepted name works from the next turn on.

    Raises:
        UnknownTurn: there is no such correction.
        NotAllowed: it cannot become that.
    """
    row = session.get(Correction, turn_id)
    if row is None:
        raise UnknownTurn
    before = CorrectionState.ACCEPTED if state is CorrectionState.WITHDRAWN else CorrectionState.PROPOSED
    if row.state is not before:
        raise NotAllowed(f"A correction that is {row.state} cannot become {state}.")
    if row.alias and row.alias_kind is not None:
        thing = _thing(session, row.alias_kind, row.alias_of)
        if thing is not None and state is CorrectionState.ACCEPTED and row.alias not in thing.aliases:
            thing.aliases = [*thing.aliases, row.alias]
        if thing is not None and state is CorrectionState.WITHDRAWN:
            thing.aliases = [alias for alias in thing.aliases if alias != row.alias]
    row.state, row.reviewed_by, row.reviewed_at = state, actor, at
    session.flush()
    _record(session, actor, f"learning.{state}", row, at)
    return row


def corrections(session: Session, *, limit: int = 100) -> list[Correction]:
    """Return the corrections, those to be reviewed first, then the newest."""
    rows = session.scalars(select(Correction).order_by(Correction.turn_id.desc()).limit(limit)).all()
    return sorted(rows, key=lambda row: row.state is not CorrectionState.PROPOSED)


def examples(session: Session) -> dict[str, list[str]]:
    """Return intent → the accepted sentences that mean it, each once, for the next training."""
    found: dict[str, list[str]] = {}
    query = select(Correction.intent, Correction.text).where(
        Correction.state == CorrectionState.ACCEPTED, Correction.intent.is_not(None)
    )
    for intent, text in session.execute(query.order_by(Correction.turn_id)):
        sentence = " ".join(text.split())
        if sentence and sentence not in found.setdefault(str(intent), []):
            found[str(intent)].append(sentence)
    return dict(sorted(found.items()))


def _thing(session: Session, kind: AliasKind, name: str) -> Any:
    table = _TABLES[kind]
    found = session.scalars(select(table).where(table.name == name.strip()).limit(2)).all()
    return found[0] if len(found) == 1 else None


def _first_since(since: datetime) -> Any:
    turns = Turn.__table__
    query = select(turns.c.id).where(turns.c.received_at >= since).order_by(turns.c.received_at).limit(1)
    return query.scalar_subquery()


def _record(session: Session, actor: str, action: str, row: Correction, at: datetime) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        target=f"turn:{row.turn_id}",
        detail={"intent": row.intent or "", "alias": row.alias, "of": row.alias_of},
        at=at,
    )
