"""The words of each emergency in the notation of ``assistant.safety.rules``, a module for each group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assistant.safety.lexicon import (
    blood,
    body,
    breath,
    cries,
    falls,
    fire,
    lost,
    scams,
    scenes_body,
    scenes_world,
    sorrow,
)
from assistant.safety.openings import openings
from assistant.safety.rules import Rule
from assistant.safety.scenes import Scene


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


@dataclass(frozen=True)
class Index:
    """Which rules can match at all, by the characters of a text."""

    always: frozenset[int]
    by_character: dict[str, frozenset[int]]

    def worth_trying(self, text: str) -> set[int]:
        """Return the places in ``all_rules()`` of those that may match ``text``."""
        found = set(self.always)
        for character in set(text):
            found |= self.by_character.get(character, _NONE)
        return found


_NONE: frozenset[int] = frozenset()


def _index(patterns: list[tuple[int, str]]) -> Index:
    always: set[int] = set()
    by_character: dict[str, set[int]] = {}
    for place, pattern in patterns:
        first = openings(pattern)
        if first is None:
            always.add(place)
        for character in first or ():
            by_character.setdefault(character, set()).add(place)
    return Index(frozenset(always), {c: frozenset(places) for c, places in by_character.items()})


@cache
def by_character() -> Index:
    """Return the index for the search by character."""
    return _index([(at, rule.exact.pattern) for at, rule in enumerate(all_rules())])


@cache
def by_sound() -> Index:
    """Return the index for the search by sound."""
    return _index(
        [(at, rule.by_sound.pattern) for at, rule in enumerate(all_rules()) if rule.sound and not rule.wide]
    )


@cache
def all_scenes() -> tuple[Scene, ...]:
    """Return every scene of the guard."""
    return scenes_body.SCENES + scenes_world.SCENES
