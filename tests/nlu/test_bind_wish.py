"""Whether an elder asks for a bind code."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.nlu.bind_wish import wants_code

ROWS = yaml.safe_load((Path(__file__).parents[1] / "corpora" / "bind_wishes.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_who_wants_a_code(row: dict[str, str | None]) -> None:
    assert wants_code(str(row["text"])) == row["who"]
