"""Answers to what we said first are told from wishes of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.nlu.promised import arrival_answer, feeling, refuses_order, reminder_answer, speaks_of

TABLE = yaml.safe_load((Path(__file__).parents[1] / "corpora" / "promised.yml").read_text(encoding="utf-8"))
ROWS = [(text, meaning) for meaning, texts in TABLE["reminder"].items() for text in texts]


@pytest.mark.parametrize(("text", "meaning"), ROWS)
def test_an_answer_to_a_reminder_is_understood(text: str, meaning: str) -> None:
    assert str(reminder_answer(text, fresh=True)).lower() == meaning


@pytest.mark.parametrize("text", ["好的", "知道了", "好了", "行", "过一会儿再吃"])
def test_a_bare_yes_answers_only_what_was_said_last(text: str) -> None:
    assert reminder_answer(text, fresh=False) is None


@pytest.mark.parametrize("text", ["吃了", "没吃", "不吃了", "等会儿"])
def test_clear_words_answer_a_reminder_also_later(text: str) -> None:
    assert reminder_answer(text, fresh=False) is not None


def test_an_answer_is_matched_with_what_it_speaks_of() -> None:
    assert speaks_of("吃了", "吃降压药")
    assert speaks_of("血压量好了", "量血压")
    assert not speaks_of("吃了", "量血压")


@pytest.mark.parametrize(
    ("asks", "text", "meaning"),
    [
        (asks, text, meaning)
        for asks in ("arrival", "moved")
        for meaning, texts in TABLE[asks].items()
        for text in texts
    ],
)
def test_an_answer_about_somebody_who_did_not_come_is_understood(asks: str, text: str, meaning: str) -> None:
    assert str(arrival_answer(text, asks=asks)).lower() == meaning


@pytest.mark.parametrize(
    ("text", "meaning"), [(text, mood) for mood, texts in TABLE["feeling"].items() for text in texts]
)
def test_how_she_is_is_understood(text: str, meaning: str) -> None:
    assert str(feeling(text)).lower() == meaning


@pytest.mark.parametrize(
    "text",
    [
        "我不要女儿订的饭",
        "女儿订的饭我不要",
        "儿子给我叫的饭退掉",
        "不要她们订的",
        "囡囡帮我订的不想吃",
        "取消女儿订的中饭",
    ],
)
def test_an_elder_refuses_what_a_relative_ordered(text: str) -> None:
    assert refuses_order(text)


@pytest.mark.parametrize(
    "text",
    ["女儿订的饭好吃", "我要订饭", "不要红烧肉", "女儿订的饭到了吗", "不要给女儿打电话", "女儿说不要来"],
)
def test_other_words_about_relatives_refuse_nothing(text: str) -> None:
    assert not refuses_order(text)
