"""Learning from failures: what was not understood, what was meant, and the review of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import yaml
from fastapi import APIRouter, Path, Response
from sqlalchemy import select

from assistant.vocabulary import Intent, word_of
from backend.console.frame import At, ConsoleRoute, Page
from backend.elders.models import Elder
from backend.errors import BackendError, BadInput, Forbidden
from backend.learning import service, trainings
from backend.learning.models import AliasKind, CorrectionState
from backend.rights import Action

router = APIRouter(route_class=ConsoleRoute)

TurnId = Annotated[int, Path(ge=1, le=2**62)]
BACK = timedelta(days=31)
"""How far back the queue looks."""

_REVIEWS = {
    "accept": CorrectionState.ACCEPTED,
    "dismiss": CorrectionState.DISMISSED,
    "withdraw": CorrectionState.WITHDRAWN,
}


@router.get("/console/learning")
def listed(page: At) -> Response:
    """Show what was not understood, and what is to be reviewed."""
    return _show(page)


@router.get("/console/learning/examples.yml")
def examples(page: At) -> Response:
    """Send the accepted sentences as Rasa's training data."""
    with page.here.database.session() as session:
        found = service.examples(session)
    document = {
        "version": "3.1",
        "nlu": [
            {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
            for intent, texts in found.items()
        ],
    }
    page.read("learning", "examples")
    return Response(
        yaml.safe_dump(document, allow_unicode=True, sort_keys=False),
        media_type="application/yaml",
        headers={"Content-Disposition": 'attachment; filename="learned.yml"'},
    )


@router.post("/console/trainings")
def train(page: At) -> Response:
    """Ask for a training, or for going back to the model before; the running system does it."""
    back = page.form.get("what") == "back"
    try:
        page.here.database.transact(
            lambda session: trainings.ask(session, is_back=back, actor=page.me.actor, at=page.now)
        )
    except BackendError as error:
        return _show(page, problem=error.reason, status=error.status)
    return page.back("/console/learning#trainings", "training_asked")


@router.post("/console/learning/{turn_id}")
def explain(page: At, turn_id: TurnId) -> Response:
    """Say what a turn meant."""
    form = page.form
    try:
        kind = word_of(AliasKind, form.get("alias_kind")) if form.get("alias_kind") else None
    except ValueError:
        raise BadInput from None
    try:
        page.here.database.transact(
            lambda session: service.explain(
                session,
                turn_id,
                intent=form.get("intent"),
                alias=form.get("alias"),
                alias_kind=kind,
                alias_of=form.get("alias_of"),
                note=form.get("note"),
                actor=page.me.actor,
                at=page.now,
            )
        )
    except BackendError as error:
        if error.status == 404:
            raise
        return _show(page, problem=error.reason, status=error.status)
    return page.back("/console/learning", "saved")


@router.post("/console/learning/{turn_id}/{step}")
def review(page: At, turn_id: TurnId, step: Annotated[str, Path(max_length=20)]) -> Response:
    """Accept, dismiss or take back."""
    if not page.may(Action.LEARNING_REVIEW):
        raise Forbidden
    if step not in _REVIEWS:
        raise BadInput
    page.here.database.transact(
        lambda session: service.review(session, turn_id, _REVIEWS[step], actor=page.me.actor, at=page.now)
    )
    return page.back("/console/learning", "done")


def _show(page: Page, *, problem: str = "", status: int = 200) -> Response:
    with page.here.database.session() as session:
        turns = service.queue(session, since=page.now - BACK)
        rows = service.corrections(session)
        ids = {turn.elder_id for turn in turns} | {row.elder_id for row in rows}
        names = {
            row.id: row.name for row in session.execute(select(Elder.id, Elder.name).where(Elder.id.in_(ids)))
        }
        values = {
            "trained": trainings.latest(session),
            "learned": sum(map(len, service.examples(session).values())),
        }
    page.read("turns", "learning")
    return page.show(
        "learning.html",
        status=status,
        turns=turns,
        rows=rows,
        names=names,
        intents=list(Intent),
        kinds=list(AliasKind),
        problem=problem,
        now=page.now,
        **values,
    )
