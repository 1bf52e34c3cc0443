"""Messages and addresses as they go over the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator
from typing_extensions import Self

from assistant.vocabulary import Role
from backend.outbox.models import Channel, MessageState, Why
from backend.wire import Instant, Wire


class AnnouncementOut(Wire):
    """Something to be said to an elder; it is offered again until ``…/heard`` says that it was said."""

    id: int
    text: str
    why: Why
    why_id: str
    urgent: bool
    loud: bool
    asks: str | None
    created_at: Instant
    expires_at: Instant | None


class AnnouncementsOut(Wire):
    """What is to be said, the most urgent first."""

    announcements: list[AnnouncementOut]


class MessageOut(Wire):
    """A message, and how far it got."""

    id: int
    to_role: Role
    to_id: str
    elder_id: str | None
    village_id: str | None
    channel: Channel
    address: str
    text: str
    why: Why
    why_id: str
    urgent: bool
    loud: bool
    asks: str | None
    state: MessageState
    attempts: int
    last_error: str
    created_at: Instant
    sent_at: Instant | None
    expires_at: Instant | None
    standing: bool
    resolved_at: Instant | None


class MessagesOut(Wire):
    """Messages."""

    messages: list[MessageOut]


class AddressIn(Wire):
    """One way to reach somebody."""

    channel: Channel
    value: Annotated[str, StringConstraints(min_length=3, max_length=400, pattern=r"^[\x21-\x7e]+$")]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.channel is Channel.EMAIL and not 0 < self.value.find("@") < len(self.value) - 1:
            raise ValueError("an e-mail address has an @")
        if self.channel is Channel.WEBHOOK and not self.value.startswith(("http://", "https://")):
            raise ValueError("a webhook is an http or https address")
        if self.channel not in (Channel.EMAIL, Channel.WEBHOOK):
            raise ValueError("an address is for e-mail or a webhook")
        return self


class AddressesIn(Wire):
    """All ways to reach somebody, in order."""

    addresses: Annotated[list[AddressIn], Field(max_length=10)]


class AddressOut(Wire):
    """One way to reach somebody."""

    channel: Channel
    value: str


class AddressesOut(Wire):
    """All ways to reach somebody."""

    owner: str
    addresses: list[AddressOut]
