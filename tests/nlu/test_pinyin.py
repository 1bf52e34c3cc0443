"""Sounds: readings, splitting, and how far apart two of them are."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nlu.pinyin import (
    DELETION,
    SAME_SOUND,
    SUBSTITUTION,
    character_distance,
    distance,
    fuzzy_key,
    readings,
    sound_key,
    split,
    syllables,
)

HANZI = st.text(alphabet="红烧肉清蒸鱼番茄炒蛋麻婆豆腐王黄里你是四风轰人能", min_size=1, max_size=6)


def test_a_character_has_the_syllable_it_is_commonly_read_with() -> None:
    assert syllables("心内科 A") == ("xin", "nei", "ke", None, None)
    assert syllables("绿") == ("lv",)


def test_a_character_of_several_readings_knows_them_all() -> None:
    assert {"chang", "zhang"} <= set(readings("长"))
    assert readings("A") == ()


@pytest.mark.parametrize(
    ("reading", "initial", "final"),
    [("zhuang", "zh", "uang"), ("zai", "z", "ai"), ("an", "", "an"), ("lv", "l", "v"), ("yi", "y", "i")],
)
def test_a_syllable_falls_into_initial_and_final(reading: str, initial: str, final: str) -> None:
    assert split(reading) == (initial, final)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        *(("是", "四"), ("吃", "次"), ("知", "资"), ("你", "里"), ("飞", "灰"), ("饭", "换"), ("软", "卵")),
        *(("山", "伤"), ("真", "正"), ("新", "星"), ("内", "类"), ("装", "专"), ("热", "乐")),
    ],
)
def test_what_jiangnan_ears_confuse_is_near_and_shares_a_key(heard: str, meant: str) -> None:
    assert SAME_SOUND < character_distance(heard, meant) < 0.6
    assert sound_key(heard) == sound_key(meant)


def test_what_nobody_confuses_is_far() -> None:
    assert character_distance("肉", "汤") == SUBSTITUTION
    assert sound_key("肉") != sound_key("汤")


def test_a_homophone_is_nearer_than_a_confusion_and_a_confusion_nearer_than_another_word() -> None:
    assert distance("心内科", "心内科") == 0
    assert distance("新内课", "心内科") < distance("心类科", "心内科") + 0.1 < distance("心外科", "心内科")


def test_a_filler_within_a_name_costs_less_than_a_word() -> None:
    assert distance("番茄嗯炒蛋", "番茄炒蛋") < distance("番茄鸭炒蛋", "番茄炒蛋")


def test_a_missing_word_of_cooking_costs_less_than_a_missing_ingredient() -> None:
    assert distance("番茄蛋", "番茄炒蛋") < distance("番茄炒", "番茄炒蛋") <= DELETION


@settings(deadline=None, max_examples=50)
@given(HANZI, HANZI)
def test_distance_is_zero_only_for_the_same_and_never_above_all_dropped_and_all_added(
    heard: str, meant: str
) -> None:
    assert (distance(heard, meant) == 0) == (heard == meant)
    assert 0 <= distance(heard, meant) <= len(heard) + len(meant)


@settings(deadline=None, max_examples=50)
@given(HANZI)
def test_a_confusable_pair_always_shares_its_key(text: str) -> None:
    assert len(sound_key(text)) == len(text)
    assert all(fuzzy_key(reading) == fuzzy_key(fuzzy_key(reading)) for reading in syllables(text) if reading)


def test_the_table_in_the_repository_is_what_the_command_writes() -> None:
    pytest.importorskip("pypinyin")
    script = (
        "from pathlib import Path; import assistant.nlu.build_pinyin as b;"
        "assert Path(b.__file__).with_name('pinyin.tsv').read_text(encoding='utf-8') == b.table()"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
