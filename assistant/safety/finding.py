"""What the guard found, and in which order findings matter. Stdlib only."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.vocabulary import Emergency

URGENCY: tuple[Emergency, ...] = (
    Emergency.UNCONSCIOUS,
    Emergency.BREATHING,
    Emergency.CHEST_PAIN,
    Emergency.STROKE,
    Emergency.FIRE_GAS,
    Emergency.BLEEDING,
    Emergency.SELF_HARM,
    Emergency.FALL,
    Emergency.LOST,
    Emergency.SCAM,
    Emergency.HELP,
)
"""Most urgent first. A bare cry for help comes last because every other category says more: in
「救命，我摔倒了」 the one who comes should know that it was a fall."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """An emergency that was heard.

    Attributes:
        category: what kind of emergency.
        words: the words that triggered, as they were said.
        confidence: 0..1; lower where the words are mild or were recognised only by their sound.
    """

    category: Emergency
    words: str
    confidence: float


def by_urgency(finding: Finding) -> tuple[int, float]:
    """Sort key: the most urgent category first, then the most certain."""
    return URGENCY.index(finding.category), -finding.confidence
