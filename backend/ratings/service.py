"""What the ratings room does: it keeps how each finished service was found, and by whom that was said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.vocabulary import RequestState, Role
from backend.audit import service as audit
from backend.database import claim, settle
from backend.errors import Forbidden, NotAllowed
from backend.ratings.models import Rating
from backend.ratings.schemas import RatingIn
from backend.requests import service as requests

BAD = 2
"""From so few stars on people are told."""

_RATE = "ratings.rate"


class OwnWord(NotAllowed):
    """The elder has rated it herself; nobody else writes over that."""

    code = "own_word"
    message = "The elder has rated this herself."


def rate(session: Session, request_id: str, sent: RatingIn, *, now: datetime) -> Rating:
    """Write down how a finished request was found; said again, the last word counts.

    Raises:
        NotFound: ``unknown_request``.
        NotAllowed: the request is not completed.
        OwnWord: the elder has rated it herself, and this is not her.
        Forbidden: another elder's request.
    """
    body = {"request_id": request_id, **sent.model_dump(mode="json", exclude={"turn_key"})}
    if claim(session, turn_key=sent.turn_key, action=_RATE, body=body) is not None:
        return session.get_one(Rating, request_id)
    request = requests.get(session, request_id)
    if sent.by.role is Role.ELDER and sent.by.id != request.elder_id:
        raise Forbidden("An elder rates her own services only.")
    if request.state is not RequestState.COMPLETED:
        raise NotAllowed("Only what is completed is rated.", code="not_completed")
    row = session.get(Rating, request_id)
    if row is not None and row.role is Role.ELDER and sent.by.role is not Role.ELDER:
        raise OwnWord
    settle(session, turn_key=sent.turn_key, action=_RATE, body=body, target_id=request_id, at=now)
    if row is None:
        row = Rating(request_id=request_id, elder_id=request.elder_id)
        session.add(row)
    row.stars, row.said, row.turn_key, row.at = sent.stars, sent.said, sent.turn_key, now
    row.role, row.by_id = sent.by.role, sent.by.id
    session.flush()
    audit.record(
        session,
        actor=sent.by.actor,
        action=_RATE,
        target=f"request:{request_id}",
        detail={"elder_id": request.elder_id, "stars": sent.stars},
        at=now,
    )
    return row


def of_request(session: Session, request_id: str) -> Rating | None:
    """Return how a request was rated, None where nobody has."""
    return session.get(Rating, request_id)


def find(session: Session, *, elder_id: str | None = None, limit: int = 100) -> list[Rating]:
    """Return ratings, newest first."""
    query = select(Rating)
    if elder_id is not None:
        query = query.where(Rating.elder_id == elder_id)
    return list(session.scalars(query.order_by(Rating.at.desc(), Rating.request_id).limit(limit)))
