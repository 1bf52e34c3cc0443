"""What the family view needs of the book, as a port; the composition root plugs the backend in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the view: what, and how it stands."""

    what: str
    state: str
    mark: str = ""
    """Something to look out for, in words: 本人说不要."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the view.

    Attributes:
        name: which (``asked``, ``meals``, ``plans``, ``checkins``, ``alarms``).
        title: its heading.
        shared: whether the elder lets this relative see it.
        rows: what there is, the newest or the next first.
    """

    name: str
    title: str
    shared: bool
    rows: Sequence[Row] = ()


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What can be ordered: a meal of a day with its dishes."""

    day: str
    meal: str
    title: str
    dishes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class View:
    """All that a relative sees of one elder.

    Attributes:
        binding_id: by which binding.
        called: how the elder is addressed.
        name: her name.
        consent: how she agreed, in words.
        consent_at: when, as one says it.
        others: the relative's other elders, binding → name.
        sections: the parts.
        may_order: whether the elder lets her order.
        offers: what can be ordered now.
    """

    binding_id: str
    called: str
    name: str
    consent: str
    consent_at: str
    others: Mapping[str, str]
    sections: Sequence[Section]
    may_order: bool
    offers: Sequence[Offer] = ()


@dataclass(frozen=True, kw_only=True)
class Relative:
    """A relative as the elder sees her: who, since when, and what is shared."""

    binding_id: str
    who: str
    since: str
    shares: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """share → its label, and whether it is given."""


class Family(Protocol):
    """The book as relatives see it. Plain functions that may block on the disk."""

    def view(self, token: str, of: str) -> View | None:
        """Return what a relative's browser may see, of the binding ``of`` or the last; None without one."""

    def order(self, token: str, of: str, wish: Mapping[str, Any]) -> str:
        """Order a meal; return "" where it is committed, else the code of what was in the way."""

    def leave(self, token: str, of: str) -> None:
        """End the relative's own binding."""

    def relatives(self, elder_id: str) -> Sequence[Relative]:
        """Return the relatives who see something of an elder."""

    def share(self, elder_id: str, binding_id: str, shares: Sequence[str]) -> bool:
        """Let a relative see this much from now on; nothing ends it. False where she is none of hers."""
