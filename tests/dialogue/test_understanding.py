"""What the trained model understands of sentences it has never seen: the quick form of the bench."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from assistant.dialogue.importer import ReadOnceImporter
from assistant.dialogue.measuring.scores import Tally, percentile, tally_intents
from assistant.dialogue.measuring.sets import read_yaml
from assistant.dialogue.measuring.slots import count
from assistant.dialogue.measuring.understanding import FLOORS, below_floor, measure
from assistant.dialogue.settings import DATA
from assistant.nlu.components.character_tokenizer import CharacterTokenizer
from assistant.nlu.components.misheard_copies import MISHEARD, MisheardCopies


@pytest.fixture(scope="module")
def measured() -> list[dict[str, Any]]:
    return list(measure(quick=True))


def test_no_figure_is_below_its_floor(measured: list[dict[str, Any]]) -> None:
    floors = read_yaml(FLOORS)
    # How long a sentence takes depends on what else the machine does: the command judges it.
    floors["latency_ms"] = 1000.0
    assert [said for row in measured for said in below_floor(row, floors)] == []


def test_ten_thousand_names_take_hardly_longer_than_a_hundred(measured: list[dict[str, Any]]) -> None:
    few, many = (row["p50_ms"] for row in measured if "latency" in row)
    assert many < 2 * few


def test_every_kind_of_figure_has_a_floor_that_bites() -> None:
    floors = read_yaml(FLOORS)
    worse = [
        {"set": "frozen2", "variant": "clean", "accuracy": 0.5, "acted_on": 0.5},
        *({"slots": table, "f1": 0.1} for table in floors["slots"]),
        {"latency": 100, "p50_ms": 1e6},
    ]
    assert len([said for row in worse for said in below_floor(row, floors)]) == len(worse) + 1


def test_a_wrong_value_of_a_slot_is_both_missed_and_too_much() -> None:
    tally = Tally()
    count(tally, {"dish": ["甲", "乙"], "quantity": 2}, {"dish": ["乙", "甲"], "quantity": 3}, frozenset())
    assert tally.row("dish")["f1"] == 1.0
    assert (tally.right["quantity"], tally.extra["quantity"], tally.missed["quantity"]) == (0, 1, 1)


def test_precision_and_recall_are_counted_by_intent() -> None:
    tally = tally_intents([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    assert tally.row("b") == {"precision": 0.6667, "recall": 1.0, "f1": 0.8, "rows": 2}
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 3.0


def test_the_training_sentences_are_read_once_however_often_they_are_asked_for() -> None:
    first = ReadOnceImporter(training_data_paths=str(DATA / "nlu" / "greet.yml")).get_nlu_data()
    assert ReadOnceImporter(training_data_paths=str(DATA / "nlu" / "greet.yml")).get_nlu_data() is first
    assert ReadOnceImporter(training_data_paths=str(DATA / "nlu" / "thank.yml")).get_nlu_data() is not first


def test_misheard_copies_keep_intent_and_entities_and_are_marked() -> None:
    data = ReadOnceImporter(training_data_paths=str(DATA / "nlu" / "order_meal.yml")).get_nlu_data()
    before = copy.deepcopy(data.training_examples)
    after = MisheardCopies([0.3]).process_training_data(data).training_examples
    assert data.training_examples == before
    copies = [message for message in after if message.get(MISHEARD)]
    assert len(copies) > len(before) / 2
    assert {message.get("intent") for message in copies} == {"order_meal"}
    assert any(message.get("entities") for message in copies)


def test_two_characters_have_the_same_fingerprint_only_where_they_are_the_same() -> None:
    tokenizer = CharacterTokenizer(CharacterTokenizer.get_default_config())
    from rasa.shared.nlu.training_data.message import Message

    one = tokenizer.tokenize(Message(data={"text": "好好的OK"}), "text")
    assert len({token.fingerprint() for token in one}) == len(one) == 4
    again = tokenizer.tokenize(Message(data={"text": "好好的OK"}), "text")
    assert [token.fingerprint() for token in one] == [token.fingerprint() for token in again]
