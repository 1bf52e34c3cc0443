"""Scores slots: what was understood against what should be, counted value by value, slot by slot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CONTAINED = frozenset(("symptom", "reminder_text", "address"))
"""Slots in the elder's own words: right where one of expected and found contains the other."""


@dataclass(frozen=True, kw_only=True)
class SlotRow:
    """One sentence: the slots it should give and those found.

    ``unscored`` names slots whose right answer can be argued about: neither presence nor absence counts.
    """

    expected: Mapping[str, Any]
    found: Mapping[str, Any]
    unscored: frozenset[str] = frozenset()


@dataclass
class SlotCount:
    """Values found rightly, found wrongly, and missed, of one slot."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the found values that are right; 1 where none was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the expected values that were found; 1 where none was expected."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 1.0


@dataclass(frozen=True, kw_only=True)
class SlotTable:
    """Counts by slot, over all of them, and the share of sentences without any mistake."""

    slots: Mapping[str, SlotCount] = field(default_factory=dict)
    overall: SlotCount = field(default_factory=SlotCount)
    rows: int = 0
    whole: int = 0

    @property
    def exact(self) -> float:
        """Share of the sentences all of whose slots are right."""
        return self.whole / self.rows if self.rows else 1.0

    def lines(self) -> list[str]:
        """Return the table as lines of text, the slots in order of their names, the sum last."""
        shown = [f"{'slot':<16}{'right':>6}{'wrong':>6}{'missed':>7}{'P':>7}{'R':>7}{'F1':>7}"]
        for name, count in (*sorted(self.slots.items()), ("all", self.overall)):
            shown.append(
                f"{name:<16}{count.right:>6}{count.wrong:>6}{count.missed:>7}"
                f"{count.precision:>7.3f}{count.recall:>7.3f}{count.f1:>7.3f}"
            )
        shown.append(f"sentences without a mistake: {self.whole} of {self.rows} ({self.exact:.3f})")
        return shown


def score_slots(rows: Iterable[SlotRow]) -> SlotTable:
    """Return precision, recall and F1 of each slot; a list (dishes, limits, readings) counts by its members.

    A wrong value is one wrong and one missed. Repeats are compared as sets of their parts.
    """
    slots: dict[str, SlotCount] = {}
    overall = SlotCount()
    whole = count = 0
    for row in rows:
        count += 1
        flawless = True
        for name in sorted((set(row.expected) | set(row.found)) - row.unscored):
            right, wrong, missed = compare(name, row.expected.get(name), row.found.get(name))
            for counts in (slots.setdefault(name, SlotCount()), overall):
                counts.right += right
                counts.wrong += wrong
                counts.missed += missed
            flawless = flawless and not (wrong or missed)
        whole += flawless
    return SlotTable(slots=slots, overall=overall, rows=count, whole=whole)


def compare(name: str, expected: Any, found: Any) -> tuple[int, int, int]:
    """Return how many values of one slot are right, wrong and missed."""
    wanted, given = _values(expected), _values(found)
    left = list(given)
    right = 0
    for value in wanted:
        match = next((other for other in left if same(name, value, other)), None)
        if match is not None:
            left.remove(match)
            right += 1
    return right, len(left), len(wanted) - right


def same(name: str, expected: Any, found: Any) -> bool:
    """Say whether two values of a slot mean the same."""
    if name == "when":
        return bool(_when(expected) == _when(found))
    if name in CONTAINED and isinstance(expected, str) and isinstance(found, str):
        return bool(expected) and bool(found) and (expected in found or found in expected)
    return (type(expected) is type(found) and bool(expected == found)) or _number(expected, found)


def _number(expected: Any, found: Any) -> bool:
    numbers = (int, float)
    return (
        isinstance(expected, numbers)
        and isinstance(found, numbers)
        and not isinstance(expected, bool)
        and not isinstance(found, bool)
        and float(expected) == float(found)
    )


def _values(value: Any) -> Sequence[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _when(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if value.get("repeat"):
        return frozenset(str(value["repeat"]).split(";")), tuple(sorted((value.get("first") or {}).items()))
    return value.get("start"), value.get("end")
