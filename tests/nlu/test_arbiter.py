"""The last word on the intent: chance books nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.nlu.arbiter import decide
from assistant.nlu.catalogue import Catalogue
from assistant.nlu.understanding import understand
from assistant.vocabulary import FALLBACK_INTENT, Intent

NOW = datetime.fromisoformat("2026-11-22T09:00:00+08:00")
SURE_OF_YES = [("affirm", 0.79), ("order_meal", 0.1)]


def heard(text: str, catalogue: Catalogue) -> str:
    return decide(SURE_OF_YES, understand(text, now=NOW, catalogue=catalogue))[0]


@pytest.mark.parametrize("text", ["order_meal", "asdf qwer", "123", "...", "y/n"])
def test_what_has_no_character_is_not_taken_for_anything(text: str, catalogue: Catalogue) -> None:
    assert heard(text, catalogue) == FALLBACK_INTENT


@pytest.mark.parametrize(("text", "intent"), [("OK", Intent.AFFIRM), ("hello!", Intent.GREET)])
def test_the_few_foreign_words_that_everybody_says_are_known(
    text: str, intent: Intent, catalogue: Catalogue
) -> None:
    assert heard(text, catalogue) == intent


def test_a_yes_in_characters_is_the_models_to_say(catalogue: Catalogue) -> None:
    assert heard("好的呀", catalogue) == Intent.AFFIRM
