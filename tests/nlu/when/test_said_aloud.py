"""Whatever the tables hold is said aloud in words that the grammar hears as the same time."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.nlu.when import Candidate, read
from assistant.replies.phrasing import say_repeat, say_when

sys.path.insert(0, str(Path(__file__).parent))
from table import Row, notation, rows


def said(row: Row, candidate: Candidate) -> str:
    assert candidate.start is not None
    assert candidate.end is not None
    if candidate.repeat is not None:
        return say_repeat(candidate.repeat, (candidate.start, candidate.end), now=row.now)
    return say_when(candidate.start, candidate.end, now=row.now)


@pytest.mark.parametrize("file", sorted({row.file for row in rows()}))
def test_a_time_said_aloud_is_heard_as_the_same_time(file: str) -> None:
    heard_otherwise = []
    for row in rows():
        if row.file != file:
            continue
        for candidate in read(row.say, now=row.now, context=row.context)[:1]:
            words = said(row, candidate)
            heard = read(words, now=row.now)[:1]
            # 一个小时前, said aloud, is only an hour: that it is past is for the reader to see.
            if [notation(replace(each, past=candidate.past), row.now) for each in heard] != [
                notation(candidate, row.now)
            ]:
                heard_otherwise.append(f"{row.say} → {words}")
    assert heard_otherwise == []
