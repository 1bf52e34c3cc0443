"""Whatever comes in, the guard answers, and in time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.safety import check, check_all, is_all_clear, partial, warm
from assistant.safety.heard import hear
from assistant.safety.lexicon import all_rules
from assistant.safety.masks import mask
from assistant.safety.sounds import SOUND_OF

CHARACTERS = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "我他老伴摔倒了没不起来胸口疼喘上气血流火煤救命死活家路钱转账叫醒去年昨天现在要是怎么办，。？ "
        ),
        st.characters(),
    ),
    max_size=60,
)


@settings(max_examples=80, deadline=None)
@given(CHARACTERS)
def test_no_text_raises(text: str) -> None:
    for finding in check_all(text):
        assert finding.words in text
        assert 0 < finding.confidence <= 1
    partial(text)
    is_all_clear(text)


@settings(max_examples=80, deadline=None)
@given(CHARACTERS)
def test_normalised_text_points_back_into_what_was_said(text: str) -> None:
    heard = hear(text)
    assert len(heard.text) == len(heard.offsets)
    assert list(heard.offsets) == sorted(heard.offsets)
    assert len(mask(heard.text)) == len(heard.text)


@pytest.mark.parametrize(
    "piece",
    [
        "摔倒了",
        "没摔倒",
        "血",
        "胸口",
        "我老伴出去",
        "叫我",
        "爸爸出门早上",
        "嘴也都",
        "大便里出来",
        "去年",
        "，",
        "啊",
    ],
)
def test_ten_thousand_hostile_characters_take_bounded_time(piece: str) -> None:
    warm()
    text = (piece * 10_000)[:10_000]
    began = time.process_time()
    check(text)
    assert (
        time.process_time() - began < 6
    )  # measured at most 1.7 s on a busy machine; a backtracking one never ends


def test_the_end_of_a_very_long_text_is_read() -> None:
    assert check("今天天气真好。" * 5_000 + "我摔倒了") is not None


def test_every_character_that_a_rule_by_sound_names_keeps_its_pattern_valid() -> None:
    for rule in all_rules():
        assert rule.exact.groups == rule.by_sound.groups
        assert 0 < rule.confidence <= 1


def test_what_sounds_alike_has_one_representative() -> None:
    for representative in SOUND_OF.values():
        assert SOUND_OF[ord(representative)] == representative
