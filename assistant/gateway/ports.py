"""What the gateway needs of the others, as ports; the composition root plugs the backend and the dialogue in.

The ports of the backend are plain functions that may block on the disk: the gateway calls them in a thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

TurnResult = dict[str, Any]
"""The object of ``kangban chat --json``, as it is stored and sent."""


@dataclass(frozen=True, kw_only=True)
class ElderCard:
    """The little that the gateway must know of an elder."""

    id: str
    name: str
    called: str
    """How we call them: 王奶奶."""
    contact: str | None = None
    """Whom to ring when we cannot help, ready to be said: 「女儿王芳，电话13800000000」."""


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One message of one channel."""

    elder_id: str
    channel: str
    message_id: str
    text: str

    @property
    def turn_key(self) -> str:
        """Return the idempotency key of this turn."""
        return f"{self.channel}:{self.message_id}"


@dataclass(frozen=True, kw_only=True)
class InboxRow:
    """A turn as the inbox keeps it; ``result`` is None until it is done."""

    id: int
    result: TurnResult | None = None
    same_message: bool = True
    """False where the row's turn key came before with other words, or from another elder."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """An alarm that is committed."""

    id: str
    category: str
    joined: bool = False
    """True where these words were added to an alarm of some minutes ago that nobody has taken on yet."""


@dataclass(frozen=True, kw_only=True)
class EmergencyFinding:
    """What the guard heard."""

    category: str
    words: str
    confidence: float


class ElderBook(Protocol):
    """Who is known."""

    def find(self, elder_id: str) -> ElderCard | None:
        """Return the card of an elder, or None where the id is unknown."""


class Inbox(Protocol):
    """Turns, one row each, unique by turn key; at most one turn of an elder is in hand at a time."""

    def receive(self, incoming: Incoming) -> InboxRow:
        """Store the message, or return the row that already holds its turn key."""

    def claim(self, row_id: int, *, lease_s: float) -> bool:
        """Take a turn in hand for ``lease_s`` seconds; False while another of the same elder comes first."""

    def get(self, row_id: int) -> InboxRow | None:
        """Return a turn as it stands."""

    def latest(self, elder_id: str) -> TurnResult | None:
        """Return the result of the elder's last turn that is done."""

    def note_finding(self, row_id: int, finding: EmergencyFinding) -> None:
        """Store what the guard heard, whoever has the turn in hand."""

    def finish(self, row_id: int, result: TurnResult) -> None:
        """Store the reply of a turn in hand and let the elder's next turn begin."""

    def fail(self, row_id: int, *, code: str) -> None:
        """Give up a turn in hand: the same message may be run again."""


class Alarms(Protocol):
    """Alarms, committed before anything is said."""

    def raise_alarm(self, incoming: Incoming, finding: EmergencyFinding) -> Alarm:
        """Commit an alarm, once for a turn key; the elder's id is kept as it came, known or not."""

    def raised_since(self, elder_id: str, since: datetime) -> Sequence[Alarm]:
        """Return the elder's alarms that nobody has taken up yet, newest first."""

    def cancel(self, alarm_id: str, incoming: Incoming) -> None:
        """Mark an alarm as cancelled by the elder's own words; it stays visible."""


class Guard(Protocol):
    """The emergency guard."""

    def check(self, text: str) -> EmergencyFinding | None:
        """Return the emergency that is heard in ``text``."""

    def is_all_clear(self, text: str) -> bool:
        """Return whether ``text`` says explicitly that all is well."""


class Dialogue(Protocol):
    """The dialogue process."""

    async def turn(self, incoming: Incoming, *, text: str, now: datetime) -> Mapping[str, Any]:
        """Run one turn and return the dialogue's answer; raises DialogueError."""

    async def parse(
        self, texts: Sequence[str], *, now: datetime, repair: bool = True
    ) -> list[dict[str, Any]]:
        """Return what is understood of each text, without side effects; raises DialogueError.

        Without ``repair`` names count only as they are written: for measuring what the repair is worth.
        """


class Spool(Protocol):
    """Where an alarm is kept when even the database does not answer."""

    def keep(self, record: Mapping[str, Any]) -> str:
        """Write the record durably and return its id."""


class Promised(Protocol):
    """What we said first and wait to have answered: reminders, check-ins, somebody who did not come."""

    def answer(self, incoming: Incoming) -> Sequence[str] | None:
        """Take the message as an answer, commit it, and return what to say; None where it is none.

        The same message again gives the same words, and no second effect.
        """


class Phrases(Protocol):
    """The phrase book."""

    def say(self, key: str, *, variant: int = 0, **values: Any) -> str:
        """Return the sentence of ``key``."""
