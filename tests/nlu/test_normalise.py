"""Normalising brings a sentence into one shape and never loses the way back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nlu.normalise import MAX_LENGTH, normalise, trace


def test_spaces_between_characters_fall_and_those_between_latin_words_stay() -> None:
    assert normalise("我 要 吃 红烧肉") == "我要吃红烧肉"
    assert normalise("明天 8 点") == "明天8点"
    assert normalise("OK  thank you") == "OK thank you"


def test_full_width_letters_and_digits_become_half_width() -> None:
    assert normalise("８：３０ ＡＢ") == "8:30 AB"


def test_invisible_marks_and_control_characters_are_dropped() -> None:
    assert normalise("红\u200b烧\ufeff肉\x00\n") == "红烧肉"


def test_fillers_are_kept() -> None:
    assert normalise("嗯那个我想吃饭") == "嗯那个我想吃饭"


def test_a_very_long_text_is_cut() -> None:
    assert len(normalise("吃" * 10_000)) == MAX_LENGTH
    assert len(normalise("㍿" * 10_000)) == MAX_LENGTH


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60))
def test_every_character_knows_where_it_came_from(text: str) -> None:
    traced = trace(text)
    assert len(traced.text) == len(traced.starts) == len(traced.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(traced.starts, traced.ends, strict=True))
    assert list(traced.starts) == sorted(traced.starts)


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet="红烧肉明天 \u200b，Ａ１", max_size=40))
def test_a_span_of_the_normalised_text_is_the_same_words_as_given(text: str) -> None:
    traced = trace(text)
    for position, character in enumerate(traced.text):
        start, end = traced.span(position, position + 1)
        assert normalise(text[start:end]) == character or character == " "
