"""The port by which a message leaves the house: one notifier a channel, and how it may fail.

NotDelivered        it did not work, and may work later
└── NeverDelivered  it cannot work: nobody is there, or nothing is set up
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from backend.outbox.models import Why


class NotDeliveredError(Exception):
    """A message did not get there; it is tried again."""


class NeverDeliveredError(NotDeliveredError):
    """A message cannot get there, however often it is tried."""


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A message on its way. ``key`` is the same at each attempt, so that a receiver can drop a second one."""

    key: str
    address: str
    text: str
    why: Why
    why_id: str
    elder_id: str | None
    urgent: bool
    at: datetime


class Notifier(Protocol):
    """Delivers messages of one channel."""

    def deliver(self, parcel: Parcel) -> None:
        """Deliver; return only when the other side has taken the message.

        Raises:
            NotDeliveredError: it has not.
        """
