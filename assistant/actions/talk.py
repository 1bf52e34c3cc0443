"""What a conversation remembers between turns beside the slots: the slot `talk`, as a typed record."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

CONFIRM = "confirm"
"""Expecting a yes or no to the read-back."""
CHOICE = "choice"
"""Expecting one of several things that were named."""


@dataclass
class Talk:
    """The memory of one conversation. Everything in it is plain JSON."""

    form: str | None = None
    """What the running form arranges; None outside a form."""
    expecting: str | None = None
    """The slot just asked for, or CONFIRM, or CHOICE; None where nothing was asked."""
    question: list[str] = field(default_factory=list)
    """The question as it was put, to come back to after an interruption: phrase key first, then its text."""
    plan: dict[str, Any] | None = None
    """What was read back and is committed on a yes."""
    choices: list[dict[str, Any]] = field(default_factory=list)
    """What CHOICE chooses from: ``{"label", "slots"}`` or ``{"label", "target"}``."""
    queue: list[dict[str, Any]] = field(default_factory=list)
    """Wishes said in the same breath, still to come: ``{"kind", "text", "slots"}``."""
    opening: dict[str, Any] | None = None
    """The wish with which the form that opens now starts."""
    offer: dict[str, Any] | None = None
    """What we offered outside a form and a plain yes accepts: ``{"kind", "slots"}``."""
    target: dict[str, Any] | None = None
    """The request that is being changed or cancelled."""
    declined: int = 0
    """How often the read-back was denied without saying what is wrong."""
    misheard: int = 0
    """Sentences in a row that were not understood."""
    when_parts: list[str] = field(default_factory=list)
    """What kinds of time the slot `when` was said with (contracts, 1)."""
    notes: dict[str, str] = field(default_factory=dict)
    """Notes of a form's own on the wish in hand (which diet clash was put to her, and accepted)."""
    last_said: list[str] = field(default_factory=list)
    """The last answer, for 再说一遍."""
    last_request: str | None = None
    """The request last committed, for 刚才那个."""
    last_kind: str | None = None
    """What kind of service it is."""
    dropped: dict[str, Any] | None = None
    """What was cancelled last, and in which turn: 「那礼拜四再来」 wants it again."""
    unplaced: dict[str, Any] | None = None
    """The time in a sentence that was not understood, and in which turn: ``{"turn", "when", "parts"}``."""
    committed_turn: int | None = None
    """The turn in which it was committed, as `turns` counts."""
    touched_at: str | None = None
    """When the elder last spoke, ISO 8601."""
    turns: int = 0
    """Counts turns, so that wordings take turns as well."""

    @classmethod
    def from_slot(cls, value: Any) -> Talk:
        """Read the slot's value; unknown keys of an older version are dropped."""
        known = {item.name for item in fields(cls)}
        return cls(**{key: item for key, item in (value or {}).items() if key in known})

    def as_slot(self) -> dict[str, Any]:
        """Return the value to store: only what differs from a fresh memory."""
        fresh = asdict(Talk())
        return {key: value for key, value in asdict(self).items() if value != fresh[key]}

    def forget_wish(self) -> None:
        """Drop everything about the wish in hand."""
        self.form = None
        self.expecting = None
        self.question = []
        self.plan = None
        self.choices = []
        self.target = None
        self.declined = 0
        self.misheard = 0
        self.when_parts = []
        self.notes = {}
