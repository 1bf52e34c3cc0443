"""How far a match by sound may be trusted: how many of its characters are other ones than the rule's."""

from __future__ import annotations

import re
from collections.abc import Set

from assistant.safety.everyday import everyday_pairs

IMPOSSIBLE = 99

_NEVER_MISHEARD = frozenset(
    "的一是十二三四五六七八九百千万年月我你他她这那个们有在也都和与要会可以好很看给对为之等及但而已使所每次第吗呢吧"
)
"""So common that they are what they seem; any other character may be the homophone of a rule's character."""


def substituted(characters: Set[str], masked: str, hit: re.Match[str]) -> int:
    """Return how many characters of ``hit`` are homophones of a rule's, or IMPOSSIBLE where one cannot be."""
    gaps = [span for span in hit.regs[1:] if span[0] >= 0]
    count = 0
    for at in range(hit.start(), hit.end()):
        if masked[at] not in characters and not any(low <= at < high for low, high in gaps):
            if masked[at] in _NEVER_MISHEARD or _heard_right(masked, at):
                return IMPOSSIBLE
            count += 1
    return count


def _heard_right(masked: str, at: int) -> bool:
    """Whether the character at ``at`` makes an everyday pair with a neighbour, and so was no mishearing."""
    pairs = everyday_pairs()
    return masked[at : at + 2] in pairs or masked[max(0, at - 1) : at + 1] in pairs


def gap_of(hit: re.Match[str]) -> int:
    """Return how many characters of ``hit`` lie in the gaps of its pattern."""
    return sum(high - low for low, high in hit.regs[1:] if low >= 0)


def allowed(length: int) -> int:
    """How many characters of a match of ``length`` may be homophones; words of two are never guessed."""
    if length <= 2:
        return 0
    return 1 if length <= 4 else 2
