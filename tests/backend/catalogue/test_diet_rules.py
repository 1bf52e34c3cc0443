"""Which dish goes against which limit."""

from __future__ import annotations

import pytest

from assistant.vocabulary import Diet
from backend.catalogue.diet_rules import CLASHES, clashes


@pytest.mark.parametrize(
    ("traits", "limits", "expected"),
    [
        (["meat", "pork", "oily"], ["no_pork", "low_oil", "low_salt"], ["low_oil", "no_pork"]),
        (["meat", "pork"], ["halal"], ["halal"]),
        (["meat", "beef"], ["halal"], ["halal"]),
        (["meat", "beef", "halal"], ["halal"], []),
        (["meat", "pork", "halal"], ["halal"], ["halal"]),
        (["soft", "alcohol"], ["halal"], ["halal"]),
        (["fish", "seafood"], ["vegetarian", "no_seafood"], ["vegetarian", "no_seafood"]),
        (["egg", "soft"], ["vegetarian", "no_egg"], ["no_egg"]),
        (["lard"], ["no_pork", "vegetarian"], ["vegetarian", "no_pork"]),
        (["lamb"], ["no_beef_lamb"], ["no_beef_lamb"]),
        (["hard"], ["soft"], ["soft"]),
        (["sweet"], ["low_sugar", "low_salt"], ["low_sugar"]),
        (["spicy", "peanut"], ["no_spicy", "no_peanut"], ["no_spicy", "no_peanut"]),
        (["soft"], [limit.value for limit in Diet], []),
        (["meat", "pork"], [], []),
    ],
)
def test_a_dish_clashes_with_exactly_the_limits_it_goes_against(
    traits: list[str], limits: list[str], expected: list[str]
) -> None:
    wanted = [limit for limit in Diet if limit.value in limits]
    assert [limit.value for limit in clashes(traits, wanted)] == expected


def test_every_limit_of_the_vocabulary_has_its_rule() -> None:
    assert set(CLASHES) == set(Diet)
    assert all(CLASHES.values())
