"""The corpora: core phrases, recall, false alarms, and the cost of mishearing; floors are as measured."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.safety import check, check_all
from assistant.safety.measure import measure, read_rows
from assistant.safety.sounds import SYLLABLES
from assistant.vocabulary import Emergency, identifiers

CORPORA = Path(__file__).parent.parent / "corpora" / "safety"
NAMES = ("core", "emergencies", "confusable", "ordinary")

FROZEN_RECALL = 0.92
FROZEN_FALSE_ALARMS = 0.07
NOISE_RECALL = 0.80


@cache
def figures() -> dict[str, Any]:
    return measure(CORPORA)


def test_every_core_phrase_raises_an_alarm_of_its_category() -> None:
    rows = read_rows(CORPORA / "core.yml")
    assert len(rows) >= 50
    silent = [r.text for r in rows if all(f.category != r.category for f in check_all(r.text))]
    assert silent == []


def test_recall_on_the_development_rows() -> None:
    table = figures()["tables"]["emergencies.dev"]
    assert table["ratio"] >= 0.99, table["wrong"]


def test_recall_on_the_frozen_rows_stays_at_what_was_measured() -> None:
    assert figures()["tables"]["emergencies.frozen"]["ratio"] >= FROZEN_RECALL


def test_the_category_of_nearly_every_alarm_is_right() -> None:
    table = figures()["tables"]["emergencies.frozen"]
    assert table["same_category"] >= 0.98 * table["alarms"]


def test_false_alarms_on_what_only_looks_like_an_emergency() -> None:
    tables = figures()["tables"]
    assert tables["confusable.dev"]["ratio"] <= 0.02, tables["confusable.dev"]["wrong"]
    assert tables["confusable.frozen"]["ratio"] <= FROZEN_FALSE_ALARMS


def test_no_everyday_sentence_raises_an_alarm() -> None:
    tables = figures()["tables"]
    assert tables["ordinary.dev"]["wrong"] + tables["ordinary.frozen"]["wrong"] == []


def test_an_everyday_sentence_takes_little_time() -> None:
    assert figures()["p50_ms"] < 5  # measured 0.35; the margin is for a busy machine


def test_misheard_characters_cost_little() -> None:
    # One character in ten is replaced by another of its sound, as a recogniser does.
    chance = random.Random(20261122)
    by_character: dict[str, str] = {}
    for line in SYLLABLES.split("\n"):
        characters = line.partition(" ")[2]
        by_character.update({c: characters.replace(c, "") for c in characters if len(characters) > 1})
    rows = read_rows(CORPORA / "emergencies.yml")
    caught = total = 0
    for row in rows:
        noisy = "".join(
            chance.choice(by_character[c]) if c in by_character and chance.random() < 0.1 else c
            for c in row.text
        )
        if noisy != row.text:
            total += 1
            caught += check(noisy) is not None
    assert total > 300
    assert caught / total >= NOISE_RECALL, f"{caught} of {total}"


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_are_yaml_and_read_the_same_without_a_yaml_package(name: str) -> None:
    path = CORPORA / f"{name}.yml"
    ours = [(row.set, row.category, row.text) for row in read_rows(path)]
    theirs = [
        (row["set"], row["category"], row["text"]) for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    assert ours == theirs


@pytest.mark.parametrize(("name", "least"), [("emergencies", 550), ("confusable", 350), ("ordinary", 250)])
def test_the_tables_are_large_and_two_in_five_rows_are_frozen(name: str, least: int) -> None:
    rows = read_rows(CORPORA / f"{name}.yml")
    assert len(rows) >= least
    assert len({row.text for row in rows}) == len(rows)
    assert sum(row.set == "frozen" for row in rows) >= 0.4 * len(rows)
    categories = {row.category for row in rows}
    assert categories <= {*identifiers(Emergency), "none"}
    assert (categories == set(identifiers(Emergency))) == (name == "emergencies")


def test_a_line_that_is_no_row_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "core.yml"
    path.write_text("- 我摔倒了\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"core\.yml:1"):
        read_rows(path)
