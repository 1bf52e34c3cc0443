"""Figures of merit: accuracy, precision, recall and F1 by name, confusions, percentiles. Stdlib only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Counts of what was right, what was found too much, and what was missed, by name."""

    right: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def row(self, name: str) -> dict[str, float]:
        """Return precision, recall and F1 of one name, and how often it should have been found."""
        return _row(self.right[name], self.extra[name], self.missed[name])

    def total(self) -> dict[str, float]:
        """Return the same over all names together (micro average)."""
        return _row(sum(self.right.values()), sum(self.extra.values()), sum(self.missed.values()))

    def names(self) -> list[str]:
        """Return the names that were expected or found."""
        return sorted({*self.right, *self.extra, *self.missed})


def tally_intents(pairs: Sequence[tuple[str, str]]) -> Tally:
    """Count (expected, found) intents."""
    tally = Tally()
    for expected, found in pairs:
        if expected == found:
            tally.right[expected] += 1
        else:
            tally.missed[expected] += 1
            tally.extra[found] += 1
    return tally


def accuracy(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the share of pairs whose halves agree."""
    return sum(expected == found for expected, found in pairs) / len(pairs)


def confusions(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """Return (expected, found, how often), the commonest first."""
    counted = Counter(pair for pair in pairs if pair[0] != pair[1])
    return [(expected, found, count) for (expected, found), count in counted.most_common()]


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the sample below which ``share`` (0..1) of them lie."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _row(right: int, extra: int, missed: int) -> dict[str, float]:
    precision = right / (right + extra) if right + extra else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    both = precision + recall
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / both, 4) if both else 0.0,
        "rows": right + missed,
    }
