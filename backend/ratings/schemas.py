"""Ratings, as they come and go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from assistant.vocabulary import Role
from backend.requests.schemas import Who
from backend.wire import Instant, Text, TurnKey, Wire

Stars = Annotated[int, Field(ge=1, le=5)]


class RatingIn(Wire):
    """How a finished request was found; ``by`` the elder where it is her own answer."""

    turn_key: TurnKey
    stars: Stars
    said: Text = ""
    by: Who


class RatingOut(Wire):
    """A rating."""

    request_id: str
    elder_id: str
    stars: int
    said: str
    role: Role
    by_id: str
    at: Instant


class RatingsOut(Wire):
    """Ratings, newest first."""

    ratings: list[RatingOut]
