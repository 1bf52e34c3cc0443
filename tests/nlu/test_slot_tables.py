"""Sentences of elders give their slots: row by row in the open table, by their share in the frozen one."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.cli.slot_scores import SlotRow, SlotTable, compare, score_slots
from assistant.nlu.catalogue import Catalogue
from assistant.nlu.understanding import understand

sys.path.insert(0, str(Path(__file__).parent / "when"))
from table import written

CORPORA = Path(__file__).resolve().parents[1] / "corpora"


def rows(table: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((CORPORA / table).read_text(encoding="utf-8"))
    return loaded


def found_in(row: dict[str, Any], now: datetime, catalogue: Catalogue) -> dict[str, Any]:
    """Return the slots understood, `when` in the notation of the tables."""
    understood = understand(
        row["text"], now=now, catalogue=catalogue, context=row.get("in"), expecting=row.get("asked")
    )
    slots = dict(understood.slots)
    when = slots.pop("when", None)
    if when is not None:
        span = when.get("first") or when
        said = written(datetime.fromisoformat(span["start"]), datetime.fromisoformat(span["end"]), now)
        slots["when"] = f"{when['repeat']} @ {said}" if "repeat" in when else said
    return slots


@pytest.mark.parametrize(
    "row", rows("slots_elders.yml"), ids=lambda row: f"{row['text']}-{row.get('asked', '')}"
)
def test_a_sentence_of_an_elder_gives_its_slots(
    row: dict[str, Any], now: datetime, catalogue: Catalogue
) -> None:
    found = found_in(row, now, catalogue)
    for name in (set(row["slots"]) | set(found)) - set(row.get("unscored", ())):
        _, wrong, missed = compare(name, row["slots"].get(name), found.get(name))
        assert (wrong, missed) == (0, 0), f"{name}: {found.get(name)}"


def frozen(now: datetime, catalogue: Catalogue) -> SlotTable:
    return score_slots(
        SlotRow(
            expected=row["slots"],
            found=found_in(row, now, catalogue),
            unscored=frozenset(row.get("unscored", ())),
        )
        for row in rows("slots_frozen2.yml")
    )


def test_of_the_frozen_slots_nearly_all_are_found_and_nothing_else(
    now: datetime, catalogue: Catalogue
) -> None:
    # Only the shares are looked at: which rows fail is never printed, and no rule is made for them.
    table = frozen(now, catalogue)
    assert table.rows >= 150
    assert table.overall.f1 >= 0.93, "\n".join(table.lines())


def test_the_open_table_is_as_long_as_was_promised() -> None:
    assert len(rows("slots_elders.yml")) >= 250


def test_a_wrong_value_counts_as_wrong_and_as_missed() -> None:
    table = score_slots(
        [
            SlotRow(
                expected={"dish": ["红烧肉", "酱鸭"], "quantity": 2}, found={"dish": ["酱鸭"], "quantity": 3}
            ),
            SlotRow(expected={"symptom": "腰疼"}, found={"symptom": "腰疼得厉害", "mode": "call"}),
            SlotRow(expected={}, found={"meal": "lunch"}, unscored=frozenset(("meal",))),
        ]
    )
    assert (table.slots["dish"].right, table.slots["dish"].missed, table.slots["dish"].wrong) == (1, 1, 0)
    assert (table.slots["quantity"].wrong, table.slots["quantity"].missed) == (1, 1)
    assert table.slots["symptom"].f1 == 1.0
    assert (table.overall.right, table.overall.wrong, table.overall.missed) == (2, 2, 2)
    assert (table.rows, table.whole) == (3, 1)


def test_the_parts_of_a_repeat_may_stand_in_any_order() -> None:
    first = {"start": "2026-11-23T08:00:00+08:00", "end": "2026-11-23T08:00:00+08:00"}
    one = {"repeat": "FREQ=WEEKLY;BYDAY=MO", "first": first}
    other = {"repeat": "BYDAY=MO;FREQ=WEEKLY", "first": first}
    assert compare("when", one, other) == (1, 0, 0)
    assert compare("when", one, {**other, "repeat": "BYDAY=TU;FREQ=WEEKLY"}) == (0, 1, 1)
