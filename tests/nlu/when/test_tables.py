"""Every row of the tables of spoken times (tests/corpora/when) is read as the table says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assistant.nlu.when import read, read_with_rejections

sys.path.insert(0, str(Path(__file__).parent))
from table import Row, holds, notation, plain, rows

ROWS = list(rows())


def test_the_tables_are_large_enough_to_mean_something() -> None:
    assert len(ROWS) >= 600
    assert len({(row.now, row.context, row.say) for row in ROWS}) == len(ROWS), "a row stands twice"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_sentence_is_read_as_the_table_says(row: Row) -> None:
    candidates, rejected = read_with_rejections(row.say, now=row.now, context=row.context)
    found = [notation(each, row.now) for each in candidates]
    if row.expected == ("none",):
        assert found == []
        return
    expected = [plain(each) for each in row.expected]
    assert found[:1] == expected[:1], found
    assert all(each in found for each in expected[1:]), found
    if row.rejected:
        assert [notation(each, row.now) for each in rejected] == [plain(each) for each in row.rejected]


@pytest.mark.parametrize("row", ROWS[::7], ids=str)
def test_a_candidate_says_where_its_words_stand(row: Row) -> None:
    for candidate in read(row.say, now=row.now, context=row.context):
        start, end = candidate.span
        assert row.say[start:end] == candidate.text != ""
        assert candidate.span[0] >= min(span[0] for span in candidate.spans)
        assert 0 < candidate.confidence <= 1


def test_of_the_frozen_tables_nearly_all_is_read_rightly() -> None:
    # Only their share is looked at: which rows fail is never printed, and no rule is made for them.
    frozen = list(rows(frozen=True))
    right = sum(holds(row, read(row.say, now=row.now, context=row.context)) for row in frozen)
    assert len(frozen) >= 150
    assert right >= 0.95 * len(frozen), f"{right} of {len(frozen)}"
