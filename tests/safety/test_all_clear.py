"""The all-clear cancels an alarm, so only explicit words count."""

from __future__ import annotations

import pytest

from assistant.safety import is_all_clear


@pytest.mark.parametrize(
    "text",
    ["没事", "我没事了", "没事没事", "没事儿", "刚才说错了", "误报", "误报了", "不用来了", "不要紧",
     "我没摔倒，按错了",
     "别来了，我没事", "已经没事了", "虚惊一场", "取消报警", "我好好的", "没事了不疼了", "不用叫救护车"],
)  # fmt: skip
def test_explicit_words_are_an_all_clear(text: str) -> None:
    assert is_all_clear(text)


@pytest.mark.parametrize(
    "text",
    ["没事做", "没事找事", "没事的话来坐坐", "", "嗯", "好", "快来", "没事我想出去走走", "有没有事",
     "不是没事",
     "没事没事就是起不来", "说错了，是胸口疼", "我摔倒了", "安全账户", "今天挺好的天气"],
)  # fmt: skip
def test_anything_else_is_none(text: str) -> None:
    assert not is_all_clear(text)
