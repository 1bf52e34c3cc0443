"""An answer to what we said first, once it is understood: what it does, and what is said to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said to an answer: a phrase, and the id of the row whose words are filled in."""

    phrase: str
    about: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An answer that was understood: when its question was put, and what it does.

    ``act`` returns None where the words are for the dialogue to answer, though they are noted.
    """

    asked_at: datetime
    act: Callable[[Session], Said | None]
