"""Bindings and their codes, as they go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from backend.bindings.models import BindingKind, Share
from backend.wire import Id, Instant, Name, Text, Wire, storable

Channel = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Account = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(storable)]


class CodeIn(Wire):
    """A code to be made."""

    elder_id: Id
    kind: BindingKind = BindingKind.ELDER
    consent: Annotated[Text, Field(description="in words, how the elder agreed")]
    name: Name = ""
    relation: Annotated[Name, Field(max_length=40)] = ""
    shares: list[Share] | None = Field(default=None, description="what a relative may see and do; null: all")
    hours: Annotated[int, Field(ge=1, le=168, description="how long it holds")] = 24


class CodeOut(Wire):
    """A code that can still be used, without its digits."""

    id: str
    elder_id: str
    kind: BindingKind
    name: str
    relation: str
    consent: str
    shares: list[Share] | None
    created_at: Instant
    created_by: str
    expires_at: Instant
    used_at: Instant | None
    revoked_at: Instant | None


class CodeMade(CodeOut):
    """A code that was just made; its digits are shown this once."""

    code: str


class CodesOut(Wire):
    """Codes that can still be used, the newest first."""

    codes: list[CodeOut]


class CodeTaken(Wire):
    """A code that somebody typed in a channel."""

    channel: Channel
    account: Account
    code: Annotated[str, StringConstraints(max_length=100)]
    address: Annotated[str, StringConstraints(max_length=100)] = ""


class BindingOut(Wire):
    """An account that stands, or stood, for an elder or a relative."""

    id: str
    channel: str
    account: str
    elder_id: str
    kind: BindingKind
    name: str
    relation: str
    consent: str
    consent_at: Instant
    shares: list[Share] | None
    created_at: Instant
    chosen_at: Instant
    seen_at: Instant | None
    revoked_at: Instant | None
    revoked_by: str | None
    revoked_why: str


class BindingsOut(Wire):
    """Bindings, the newest first."""

    bindings: list[BindingOut]


class Revoked(Wire):
    """Why a binding is ended."""

    why: Annotated[Name, Field(max_length=100)] = ""


class SharesIn(Wire):
    """What the elder lets a relative see and do from now on, and how she said so."""

    shares: list[Share]
    consent: Annotated[Text, Field(min_length=1)]
