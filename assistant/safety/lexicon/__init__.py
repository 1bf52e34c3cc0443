"""The words of each emergency in the notation of ``assistant.safety.rules``, a module for each group."""

from __future__ import annotations

from functools import cache

from assistant.safety.lexicon import blood, body, breath, cries, falls, fire, lost, scams, sorrow
from assistant.safety.rules import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule of the guard. The patterns are compiled when they are first used."""
    return (
        *falls.RULES,
        *breath.RULES,
        *body.RULES,
        *blood.RULES,
        *fire.RULES,
        *sorrow.RULES,
        *lost.RULES,
        *cries.RULES,
        *scams.RULES,
    )
