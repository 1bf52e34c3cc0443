"""Which dish goes against which diet limit: one table, for a nurse to read and correct."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assistant.vocabulary import Diet
from backend.catalogue.words import Trait
from backend.database import word_of

CLASHES: Mapping[Diet, frozenset[Trait]] = {
    Diet.LOW_SALT: frozenset({Trait.SALTY}),
    Diet.LOW_SUGAR: frozenset({Trait.SWEET}),
    Diet.LOW_OIL: frozenset({Trait.OILY}),
    Diet.SOFT: frozenset({Trait.HARD}),
    # Egg and milk are left to those who keep from them (no_egg); lard makes greens unfit.
    Diet.VEGETARIAN: frozenset(
        {
            Trait.MEAT,
            Trait.PORK,
            Trait.LARD,
            Trait.POULTRY,
            Trait.BEEF,
            Trait.LAMB,
            Trait.FISH,
            Trait.SEAFOOD,
        }
    ),
    Diet.HALAL: frozenset({Trait.PORK, Trait.LARD, Trait.POULTRY, Trait.BEEF, Trait.LAMB, Trait.ALCOHOL}),
    Diet.NO_SPICY: frozenset({Trait.SPICY}),
    Diet.NO_PORK: frozenset({Trait.PORK, Trait.LARD}),
    Diet.NO_SEAFOOD: frozenset({Trait.FISH, Trait.SEAFOOD}),
    Diet.NO_BEEF_LAMB: frozenset({Trait.BEEF, Trait.LAMB}),
    Diet.NO_EGG: frozenset({Trait.EGG}),
    Diet.NO_PEANUT: frozenset({Trait.PEANUT}),
}
"""limit → traits of dishes that go against it."""

HALAL_SLAUGHTER = frozenset({Trait.POULTRY, Trait.BEEF, Trait.LAMB})
"""Meat that is halal where the dish is marked so; pork and alcohol never are."""


def clashes(traits: Iterable[str], limits: Iterable[Diet]) -> list[Diet]:
    """Return the limits that a dish with ``traits`` goes against, in the vocabulary's order."""
    found = {word_of(Trait, trait) for trait in traits}
    wanted = set(limits)
    return [limit for limit in Diet if limit in wanted and _against(found, limit)]


def _against(traits: set[Trait], limit: Diet) -> bool:
    bad = CLASHES[limit]
    if limit is Diet.HALAL and Trait.HALAL in traits:
        bad = bad - HALAL_SLAUGHTER
    return bool(traits & bad)
