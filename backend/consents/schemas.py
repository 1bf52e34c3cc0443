"""Consents, as they come and go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.consents.models import ConsentKind
from backend.wire import Instant, Name, Wire


class ConsentIn(Wire):
    """What was agreed to, by whom, and how."""

    kind: ConsentKind
    given_by: Annotated[Name, Field(min_length=1, max_length=60)]
    how: Annotated[Name, Field(min_length=1)]


class ConsentWithdrawn(Wire):
    """Why a consent is taken back; nobody has to say it."""

    why: Name = ""


class ConsentOut(Wire):
    """A consent, standing or withdrawn."""

    id: str
    elder_id: str
    kind: ConsentKind
    given_by: str
    how: str
    given_at: Instant
    written_by: str
    withdrawn_at: Instant | None
    withdrawn_by: str | None
    withdrawn_why: str


class ConsentsOut(Wire):
    """An elder's consents, the newest first."""

    consents: list[ConsentOut]
