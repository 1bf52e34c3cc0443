"""The two tables of spoken sentences hold, row by row."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.nlu.catalogue import Catalogue
from assistant.nlu.understanding import understand

CORPORA = Path(__file__).resolve().parents[1] / "corpora"
NAMED = ("dish", "department", "care_item", "doctor", "facility", "person")


def rows(table: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((CORPORA / table).read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("row", rows("names.yml"), ids=lambda row: row["heard"])
def test_what_was_heard_is_the_name_that_was_meant(
    row: dict[str, Any], now: datetime, catalogue: Catalogue
) -> None:
    understood = understand(
        row["heard"], now=now, catalogue=catalogue, context=row.get("context"), expecting=row.get("expecting")
    )
    entities = [entity for entity in understood.entities if entity.entity in NAMED]
    if row.get("nothing"):
        assert [(entity.value, entity.text) for entity in entities if entity.entity != "person"] == []
    elif "ask" in row:
        assert set(row["ask"]) in [set(entity.alternatives) for entity in entities]
    else:
        for kind in NAMED:
            if kind in row:
                meant = row[kind] if isinstance(row[kind], list) else [row[kind]]
                assert [entity.value for entity in entities if entity.entity == kind] == meant
                assert not any(entity.alternatives for entity in entities if entity.entity == kind)


@pytest.mark.parametrize("row", rows("slots.yml"), ids=lambda row: f"{row['say']}-{row.get('asked', '')}")
def test_a_sentence_gives_its_slots_and_nothing_else(
    row: dict[str, Any], now: datetime, catalogue: Catalogue
) -> None:
    understood = understand(
        row["say"], now=now, catalogue=catalogue, context=row.get("in"), expecting=row.get("asked")
    )
    slots = {slot: value for slot, value in understood.slots.items() if slot != "when"}
    rejected = {slot: values for slot, values in understood.rejected.items() if slot != "when"}
    assert (slots, rejected) == (row["slots"], row.get("not", {}))
    when = understood.slots.get("when")
    start = (when.get("first") or when)["start"] if when else ""
    if row.get("day") != "any":
        assert start[:10] == str(row.get("day", ""))
    if "clock" in row:
        assert start[11:16] == row["clock"]
    if "not_when" in row:
        assert [refused["start"][:10] for refused in understood.rejected["when"]] == [str(row["not_when"])]


def test_the_tables_are_as_long_as_was_promised() -> None:
    names = rows("names.yml")
    assert len(names) >= 120
    assert sum(bool(row.get("nothing")) for row in names) >= 40
    assert len(rows("slots.yml")) >= 250
