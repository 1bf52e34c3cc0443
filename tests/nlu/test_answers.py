"""Short answers mean what they mean to a person: no said twice, 不要了 in dialect, all of it, one more."""

from __future__ import annotations

import pytest

from assistant.nlu import answers


@pytest.mark.parametrize("text", ["不不，让他来", "不，不，错了", "不要不要", "不是的，不是"])
def test_a_no_said_twice_is_a_no(text: str) -> None:
    assert answers.is_no(text)
    assert not answers.is_yes(text)


@pytest.mark.parametrize("text", ["没错", "不错", "没问题", "不知道几点", "好的"])
def test_what_only_looks_like_a_no_is_none(text: str) -> None:
    assert not answers.is_no(text)


@pytest.mark.parametrize("text", ["勿要哉，阿拉囡儿来哉", "伐要嘞", "覅哉", "不要了"])
def test_it_is_dropped_in_dialect_too(text: str) -> None:
    assert answers.gives_up(text)


def test_all_is_all() -> None:
    assert answers.means_all("都不要了，我要去女儿家住几天")
    assert not answers.means_all("早饭那个不要了")


@pytest.mark.parametrize(
    ("text", "more"),
    [("后天也要一份", True), ("老头子也来一份", True), ("后天晚上也一样", True), ("改到后天", False)],
)
def test_one_more_like_it(text: str, more: bool) -> None:
    assert answers.also(text) is more


def test_what_stays_is_not_what_is_dropped() -> None:
    assert answers.without_kept("看病不去了，饭还要的") == "看病不去了"
    assert answers.without_kept("明天的饭不要了") == "明天的饭不要了"
