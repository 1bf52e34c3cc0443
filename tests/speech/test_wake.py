"""The wake phrase is found by sound, at the beginning, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from speech.wake import PhraseSpotter

NEAR = str.maketrans({"g": None, "h": None})


def sounds(text: str) -> list[str]:
    return [syllable.translate(NEAR) for character in text for syllable in lazy_pinyin(character)]


SPOTTER = PhraseSpotter(["康伴康伴", "小康小康"], sounds)

HEARD = [
    ("康伴康伴我要订饭", "我要订饭"),
    ("康办康班我要订饭", "我要订饭"),
    ("看伴康办，我要订饭。", "我要订饭。"),
    ("哎，康伴康伴，几点了", "几点了"),
    ("小康小康", ""),
    ("康伴康伴康伴康伴，听得到吗", "听得到吗"),
    ("我要订饭", None),
    ("康伴", None),
    ("", None),
    ("今天电视里有人在说康伴康伴", None),
]


@pytest.mark.parametrize(("heard", "after"), HEARD)
def test_what_comes_after_the_wake_phrase(heard: str, after: str | None) -> None:
    found = SPOTTER.find(heard)
    assert (None if found is None else heard[found:]) == after


@given(heard=st.text(max_size=60))
def test_any_text_can_be_looked_at(heard: str) -> None:
    found = SPOTTER.find(heard)
    assert found is None or 0 < found <= len(heard)
