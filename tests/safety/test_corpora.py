"""The corpora: core phrases, recall, false alarms, and the cost of mishearing; floors are as measured."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.safety import check_all
from assistant.safety.measure import EMERGENCIES, FROZEN, HARMLESS, measure, measure_noise, read_rows
from assistant.vocabulary import Emergency, identifiers

CORPORA = Path(__file__).parent.parent / "corpora" / "safety"
NAMES = (*EMERGENCIES, *HARMLESS)

FROZEN_RECALL = 0.978
FROZEN_FALSE_ALARMS = 0.075
FROZEN_ORDINARY = 0.004
NOISE_RECALL = 0.86


@cache
def figures() -> dict[str, Any]:
    return measure(CORPORA)


def test_every_core_phrase_raises_an_alarm_of_its_category() -> None:
    rows = read_rows(CORPORA / "core.yml")
    assert len(rows) >= 50
    silent = [r.text for r in rows if all(f.category != r.category for f in check_all(r.text))]
    assert silent == []


def share(names: tuple[str, ...], key: str = "alarms") -> float:
    tables = figures()["tables"]
    chosen = [tables[f"{n}.{f}"] for n in names for f in FROZEN if f"{n}.{f}" in tables]
    assert sum(table["rows"] for table in chosen) > 500
    return float(sum(table[key] for table in chosen) / sum(table["rows"] for table in chosen))


@pytest.mark.parametrize(
    "table", ["emergencies.dev", "emergencies2.dev2", "emergencies3.dev3", "emergencies4.dev4"]
)
def test_recall_on_the_development_rows(table: str) -> None:
    assert figures()["tables"][table]["ratio"] >= 0.99, figures()["tables"][table]["wrong"]


def test_recall_on_the_frozen_rows_stays_at_what_was_measured() -> None:
    assert share(EMERGENCIES[1:]) >= FROZEN_RECALL


def test_the_category_of_nearly_every_alarm_is_right() -> None:
    assert share(EMERGENCIES[1:], "same_category") >= 0.94


@pytest.mark.parametrize(
    "table", ["confusable.dev", "confusable2.dev2", "confusable3.dev3", "confusable4.dev4"]
)
def test_false_alarms_on_what_only_looks_like_an_emergency(table: str) -> None:
    assert figures()["tables"][table]["ratio"] <= 0.02, figures()["tables"][table]["wrong"]


def test_false_alarms_on_frozen_rows_stay_at_what_was_measured() -> None:
    assert share(("confusable", "confusable2")) <= FROZEN_FALSE_ALARMS
    assert share(("ordinary", "ordinary2")) <= FROZEN_ORDINARY


def test_no_everyday_sentence_that_was_looked_at_raises_an_alarm() -> None:
    tables = figures()["tables"]
    assert [tables[f"ordinary{n}.dev{n}"]["wrong"] for n in ("", "2", "3", "4", "5")] == [[]] * 5


def test_frozen_rows_are_never_shown() -> None:
    assert all(t["wrong"] == [] for k, t in figures()["tables"].items() if k.rpartition(".")[2] in FROZEN)


def test_an_everyday_sentence_takes_little_time() -> None:
    assert figures()["p50_ms"] < 2  # of the processor; measured 0.6


def test_misheard_dropped_and_doubled_characters_cost_little() -> None:
    noise = measure_noise(CORPORA, names=("emergencies2",), which=FROZEN, share=0.1)
    assert sum(rows for _, rows in noise.values()) > 1_000
    assert (
        sum(caught for caught, _ in noise.values()) / sum(rows for _, rows in noise.values()) >= NOISE_RECALL
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_are_yaml_and_read_the_same_without_a_yaml_package(name: str) -> None:
    path = CORPORA / f"{name}.yml"
    ours = [(row.set, row.category, row.text) for row in read_rows(path)]
    theirs = [
        (row["set"], row["category"], row["text"]) for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    assert ours == theirs


@pytest.mark.parametrize("kind", [EMERGENCIES[1:], HARMLESS])
def test_the_tables_are_large_without_repeats_and_more_than_a_thousand_rows_are_frozen(
    kind: tuple[str, ...],
) -> None:
    rows = [row for name in kind for row in read_rows(CORPORA / f"{name}.yml")]
    assert len({row.text for row in rows}) == len(rows)
    assert sum(row.set in FROZEN for row in rows) >= 900
    categories = {row.category for row in rows}
    assert categories == (set(identifiers(Emergency)) if kind[0] == "emergencies" else {"none"})


def test_a_line_that_is_no_row_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "core.yml"
    path.write_text("- 我摔倒了\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"core\.yml:1"):
        read_rows(path)
