"""Text, ids and documents as they come over the wire: bounded, and storable in every database."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from assistant.vocabulary import Role
from backend.clock import TOWN_ZONE

ID_PATTERN = r"^[A-Za-z0-9_.:#-]{1,64}$"


def storable(text: str) -> str:
    """Return ``text``, or raise ``ValueError`` where a database could not hold it (NUL, lone surrogates)."""
    if "\x00" in text:
        raise ValueError("NUL is not allowed")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("lone surrogates are not allowed") from None
    return text


def storable_document(value: Any, *, _depth: int = 0) -> Any:
    """Return a JSON document whose every string is storable, or raise ``ValueError``; at most 8 deep."""
    if _depth > 8:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        for key, item in value.items():
            storable(str(key))
            storable_document(item, _depth=_depth + 1)
    elif isinstance(value, list):
        for item in value:
            storable_document(item, _depth=_depth + 1)
    elif isinstance(value, float) and (value != value or abs(value) == float("inf")):
        raise ValueError("only finite numbers are allowed")
    return value


def _reasonable(instant: datetime) -> datetime:
    # Years that no booking means, and that overflow when an offset is taken off.
    if not 1900 <= instant.year <= 2200:
        raise ValueError("the year must lie between 1900 and 2200")
    return instant.astimezone(TOWN_ZONE)


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""Id of a row: at most 64 letters, digits and ``_ . : # -``."""

TurnKey = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]
"""Idempotency key of a turn."""

Name = Annotated[str, StringConstraints(max_length=100), AfterValidator(storable)]
"""A name or other short text, up to 100 characters."""

Text = Annotated[str, StringConstraints(max_length=2000), AfterValidator(storable)]
"""Free text, up to 2000 characters."""

Document = Annotated[dict[str, Any], AfterValidator(storable_document)]
"""A JSON object."""

Instant = Annotated[AwareDatetime, AfterValidator(_reasonable)]
"""ISO 8601 with offset; outward always with ``+08:00``."""


class Wire(BaseModel):
    """Base of what comes in or goes out: frozen, unknown members refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class By(Wire):
    """Who does something; ``system`` where no person does."""

    role: Role | None = Field(default=None, description="None where the system itself acts")
    id: Id = "system"

    @property
    def actor(self) -> str:
        """The actor as the audit writes it."""
        return f"{self.role}:{self.id}" if self.role else self.id
