"""What a worker hands to the rooms: one step of one promise, and how a room takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from backend.due.models import Outcome
from backend.due.service import Claimed
from backend.settings import Settings
from backend.wording import Wording


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: everything is done in ``session``, and committed with the end of the due row.

    Attributes:
        session: a write session.
        now: the present.
        row: the due row, already ended in this session.
        wording: how things are said to people.
        settings: the backend's settings.
    """

    session: Session
    now: datetime
    row: Claimed
    wording: Wording
    settings: Settings


Handler = Callable[[Step], Outcome]
"""A room's part of the engine: what it does when a row of its kind falls due. It may be run again after a
failure, never after a commit."""


class Errand(Protocol):
    """What has an effect outside the database, so that it cannot be part of a transaction."""

    def prepare(self, session: Session, row: Claimed, now: datetime) -> Any | None:
        """Return what is to be done, None where nothing is any more."""

    def go(self, job: Any) -> None:
        """Do it, with nothing locked.

        Raises:
            Exception: it did not work, and is tried again.
        """

    def settle(self, step: Step, error: str | None) -> Outcome | None:
        """Write what came of it; None has a failed errand tried again."""


@dataclass(frozen=True, kw_only=True)
class Lane:
    """Kinds that one worker sees to; slow errands have a lane of their own, and hold nothing up."""

    name: str
    handlers: Mapping[str, Handler]
    errands: Mapping[str, Errand]

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds of the lane."""
        return (*self.handlers, *self.errands)
