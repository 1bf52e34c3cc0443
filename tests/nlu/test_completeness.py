"""Words that break off are waited for, whole answers are not, and wishes about the voice are only that."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.nlu.completeness import completeness, says_nothing_yet
from assistant.nlu.manner import read_manner

# what has been heard, what had been asked, what it says about more to come
HEARD = [
    ("", None, "open"),
    ("那个", None, "unfinished"),
    ("嗯，那个，", None, "unfinished"),
    ("我想订", None, "unfinished"),
    ("我想要", None, "unfinished"),
    ("帮我约一个", None, "unfinished"),
    ("我想订明天的", None, "unfinished"),
    ("要红烧肉还有", None, "unfinished"),
    ("我想订明天中午", None, "unfinished"),
    ("明天中午", "when", "open"),
    ("我要订一份午饭", None, "complete"),
    ("今天星期几呢", None, "complete"),
    ("我膝盖疼", None, "complete"),
    ("红烧肉", "dish", "open"),
    ("对", "confirm", "certain"),
    ("好的", "confirm", "certain"),
    ("不要", "confirm", "certain"),
    ("对", None, "open"),
    ("谢谢，再见", None, "certain"),
    ("没有了", None, "certain"),
]


@pytest.mark.parametrize(("text", "asked", "expected"), HEARD)
def test_whether_more_is_likely_to_come(text: str, asked: str | None, expected: str) -> None:
    assert completeness(text, asked=asked) == expected


def test_only_a_beginning_says_nothing_yet() -> None:
    assert all(says_nothing_yet(text) for text in ("嗯", "那个，那个", "我想", "就是，我要", ""))
    assert not any(says_nothing_yet(text) for text in ("我想订饭", "那个，红烧肉", "对", "不要", "救命"))


WISHES = [
    ("说慢点", -1, 0),
    ("你说慢一点好吗", -1, 0),
    ("慢点说", -1, 0),
    ("讲得太快了", -1, 0),
    ("说快一点", 1, 0),
    ("大声点", 0, 1),
    ("声音大一点", 0, 1),
    ("我听不见，你大声一点", 0, 1),
    ("响一点", 0, 1),
    ("声音太轻了", 0, 1),
    ("小声点", 0, -1),
    ("声音轻一点", 0, -1),
]


@pytest.mark.parametrize(("text", "rate", "volume"), WISHES)
def test_a_wish_about_the_voice(text: str, rate: int, volume: int) -> None:
    wish = read_manner(text)
    assert wish is not None, text
    assert (wish.rate, wish.volume) == (rate, volume)


OTHERS = [
    "",
    "快点送来",
    "大份的",
    "慢慢来",
    "我要大碗",
    "小份",
    "我走路慢",
    "菜烧得烂一点",
    "快点叫救护车",
    "大的",
    "早点送",
]


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_about_something_else_is_no_wish_about_the_voice(text: str) -> None:
    assert read_manner(text) is None


@given(text=st.text(alphabet="那个嗯我想订要的明天说慢点大声红烧肉，。 ab", max_size=200))
def test_any_words_can_be_judged(text: str) -> None:
    assert completeness(text) in ("certain", "complete", "open", "unfinished")
    says_nothing_yet(text)
    read_manner(text)


def test_a_long_hum_is_judged_at_once() -> None:
    for text in ("嗯" * 400 + "x", "太快" * 15, "谢谢好的" * 100 + "x"):
        began = time.perf_counter()
        completeness(text)
        says_nothing_yet(text)
        read_manner(text)
        assert time.perf_counter() - began < 0.2
