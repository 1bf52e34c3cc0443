"""The last word on the intent: chance books nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from assistant.nlu.arbiter import decide, doubted
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


UNSURE = [("order_meal", 0.6), ("chitchat", 0.3)]


def test_what_and_when_and_nothing_told_needs_less_evidence(catalogue: Catalogue) -> None:
    said = understand("明天夜饭清蒸鱼", now=NOW, catalogue=catalogue)
    assert decide(UNSURE, said)[0] == Intent.ORDER_MEAL


@pytest.mark.parametrize("text", ["昨天夜饭清蒸鱼", "以前明天一到就吃清蒸鱼", "明天清蒸鱼好吃吗", "清蒸鱼"])
def test_a_story_a_question_or_a_bare_name_needs_all_the_evidence(text: str, catalogue: Catalogue) -> None:
    assert decide(UNSURE, understand(text, now=NOW, catalogue=catalogue))[0] == FALLBACK_INTENT


def test_a_wish_that_is_doubted_is_asked_about_and_talk_is_not() -> None:
    assert doubted(UNSURE) == Intent.ORDER_MEAL
    assert doubted([("nlu_fallback", 0.4), ("chitchat", 0.6), ("order_meal", 0.2)]) is None
    assert doubted([("chitchat", 1.0)], "你说要不要去看看医生呀") == Intent.BOOK_APPOINTMENT


def test_adding_to_what_stands_is_a_change(catalogue: Catalogue) -> None:
    said = understand("再加个青菜豆腐到明天中午那个里面", now=NOW, catalogue=catalogue)
    assert decide(UNSURE, said)[0] == Intent.CHANGE_REQUEST
