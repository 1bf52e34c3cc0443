"""The words of each emergency, in the notation of ``assistant.safety.rules``; a module for each group of them."""

from __future__ import annotations

from functools import cache

from assistant.safety.lexicon import body, breath, falls, fire, people, scams, sorrow
from assistant.safety.rules import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule of the guard. The patterns are compiled when they are first used."""
    return (
        *falls.RULES,
        *breath.RULES,
        *body.RULES,
        *fire.RULES,
        *sorrow.RULES,
        *people.RULES,
        *scams.RULES,
    )
