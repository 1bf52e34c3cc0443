"""What the WeChat channel needs of the others; the composition root plugs the backend in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from assistant.gateway.ports import TurnResult


@dataclass(frozen=True, kw_only=True)
class Bound:
    """An account stands for an elder, or for a relative of hers."""

    binding_id: str
    elder_id: str
    called: str
    """How the elder is called: 王奶奶."""
    family: bool


@dataclass(frozen=True, kw_only=True)
class Known:
    """A message that came before: as what it was taken in."""

    elder_id: str
    text: str
    result: TurnResult | None


@dataclass(frozen=True, kw_only=True)
class Debt:
    """An answer that is owed to an account."""

    message_id: str
    account: str
    elder_id: str
    text: str | None = None
    media_id: str | None = None
    owed_since: datetime | None = None


class Accounts(Protocol):
    """Who stands behind an account."""

    def of(self, account: str) -> Sequence[Bound]:
        """Return whom an account stands for; the first is whom it speaks as, or about."""

    def take_code(self, account: str, code: str) -> Bound | str:
        """Bind an account by a code; return the binding, or why there is none."""

    def choose(self, binding_id: str) -> None:
        """Let an account speak about another of its elders."""

    def end(self, binding_id: str, *, account: str) -> None:
        """End a binding, because who holds the account says so."""


class Nonces(Protocol):
    """Used signatures, for all processes and across restarts."""

    def use(self, key: str, *, message: str) -> bool:
        """Use a signature up for a message; False where it was used for another, or long ago."""


class Debts(Protocol):
    """Answers that took longer than the platform waits."""

    def owe(self, debt: Debt) -> None:
        """Write down that an answer is owed."""

    def of(self, account: str) -> Sequence[Debt]:
        """Return what is owed to an account, the oldest first."""

    def all(self) -> Sequence[Debt]:
        """Return what is owed to anybody."""

    def told_with(self, message_id: str) -> Sequence[Debt]:
        """Return what was told with a message: its re-send tells the same."""

    def tell(self, debts: Sequence[Debt], *, message_id: str) -> Sequence[Debt]:
        """Mark answers as told with a message; return those that were not told before."""

    def send(self, debt: Debt, text: str) -> None:
        """Send an answer afterwards by the outbox, once; it is told with that."""


class Log(Protocol):
    """The inbox, where the channel looks things up by itself."""

    def known(self, message_id: str) -> Known | None:
        """Return as what a message was taken in, None where it is new."""

    def latest(self, elder_id: str) -> tuple[str, TurnResult] | None:
        """Return the channel and the answer of the elder's last turn."""


class News(Protocol):
    """What a relative gets to know of an elder."""

    def of(self, elder_id: str) -> dict[str, Any]:
        """Return ``meals``, ``planned`` (lines), ``checkin`` (a line or None), ``alarms`` (how many)."""


class Ears(Protocol):
    """Hears a voice message that the platform did not write down."""

    async def hear(self, media_id: str) -> str | None:
        """Return what was said, None where it cannot be heard."""
