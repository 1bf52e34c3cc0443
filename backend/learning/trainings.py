"""Trainings: asked for at the console or the machine, taken in hand once, and what came of each is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.errors import NotAllowed
from backend.learning.models import Training, TrainingState

_OPEN = (TrainingState.ASKED, TrainingState.RUNNING)

LONGEST = timedelta(hours=2)
"""A training that has run so long has died with its process."""


class AlreadyAsked(NotAllowed):
    """One training at a time."""

    code = "already_training"
    message = "A training is asked for or running."


def ask(session: Session, *, is_back: bool, actor: str, at: datetime) -> Training:
    """Ask for a training, or for going back to the model before.

    Raises:
        AlreadyAsked: one is waiting or running.
    """
    give_up_dead(session, now=at)
    if session.scalars(select(Training.id).where(Training.state.in_(_OPEN)).limit(1)).first() is not None:
        raise AlreadyAsked
    row = Training(
        is_back=is_back, state=TrainingState.ASKED, asked_by=actor, asked_at=at, ended_at=None, sentences=0,
        model="", figures=[], reasons=[],
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, row, actor, "learning.train" if not is_back else "learning.go_back", at)
    return row


def take(session: Session) -> Training | None:
    """Take the training that waits in hand, None where none does; two who try at once get it once."""
    first = select(Training.id).where(Training.state == TrainingState.ASKED).order_by(Training.id).limit(1)
    return session.scalars(
        update(Training)
        .where(Training.id == first.scalar_subquery(), Training.state == TrainingState.ASKED)
        .values(state=TrainingState.RUNNING)
        .returning(Training)
        .execution_options(synchronize_session=False)
    ).one_or_none()


def end(
    session: Session,
    training_id: int,
    state: TrainingState,
    *,
    sentences: int = 0,
    model: str = "",
    figures: Sequence[dict[str, Any]] = (),
    reasons: Sequence[str] = (),
    at: datetime,
) -> None:
    """Write down what came of a training."""
    row = session.get_one(Training, training_id)
    row.state, row.ended_at, row.sentences, row.model = state, at, sentences, model[:100]
    row.figures, row.reasons = list(figures), [reason[:400] for reason in reasons]
    session.flush()
    _record(session, row, "system", f"learning.{state}", at)


def latest(session: Session, *, limit: int = 10) -> list[Training]:
    """Return the latest trainings, newest first."""
    return list(session.scalars(select(Training).order_by(Training.id.desc()).limit(limit)))


def give_up_dead(session: Session, *, now: datetime) -> None:
    """End trainings whose process died."""
    query = select(Training).where(Training.state.in_(_OPEN), Training.asked_at < now - LONGEST)
    for row in session.scalars(query):
        end(session, row.id, TrainingState.FAILED, reasons=["训练的程序中途停了"], at=now)


def _record(session: Session, row: Training, actor: str, action: str, at: datetime) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        target=f"training:{row.id}",
        detail={"sentences": row.sentences, "model": row.model},
        at=at,
    )
