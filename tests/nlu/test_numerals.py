"""Numbers as elders say them, by the table tests/corpora/numerals.yml and over any text."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nlu.numerals import find_numbers, read_number

TABLE = yaml.safe_load((Path(__file__).parents[1] / "corpora" / "numerals.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("said", "value"), TABLE["whole"])
def test_a_number_alone_has_its_value(said: str, value: float | None) -> None:
    assert read_number(said) == value


@pytest.mark.parametrize(("sentence", "values"), TABLE["inside"])
def test_the_numbers_of_a_sentence_are_found(sentence: str, values: list[float]) -> None:
    found = find_numbers(sentence)
    assert [number.value for number in found] == values
    assert all(sentence[number.start : number.end] == number.text for number in found)


def test_two_or_three_keeps_both_ends() -> None:
    (number,) = find_numbers("两三份")
    assert (number.value, number.upper, number.about) == (2, 3, True)


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=99_999_999))
def test_every_whole_number_said_is_read_back(value: int) -> None:
    from assistant.replies.phrasing import say_number

    assert read_number(say_number(value)) == value


@settings(deadline=None)
@given(st.text(alphabet="零一二两三四五六七八九十百千万亿半廿卅俩个点度块.,0123１２把来幺 ", max_size=60))
def test_no_text_of_numerals_raises(text: str) -> None:
    read_number(text)
    for number in find_numbers(text):
        assert text[number.start : number.end] == number.text


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_at_all_raises(text: str) -> None:
    read_number(text)
    find_numbers(text)
