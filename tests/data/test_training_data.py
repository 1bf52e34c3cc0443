"""The training data as a whole: complete, without contradiction, and apart from the blind tests."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from assistant.vocabulary import (
    BOOKING_INTENTS,
    CareItem,
    Delivery,
    Department,
    Diet,
    Intent,
    Meal,
    Mode,
    Person,
    Slot,
    identifiers,
)

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "data" / "dialogues" / "nlu"
BLIND = ROOT / "tests" / "corpora"
INTENTS = identifiers(Intent)
BOOKING = {intent.value for intent in BOOKING_INTENTS}

LEAST_FOR_BOOKING = 40
LEAST = 20

CLOSED: Mapping[str, frozenset[str]] = {
    "care_item": frozenset(identifiers(CareItem)),
    "department": frozenset(identifiers(Department)),
    "meal": frozenset(identifiers(Meal)),
    "diet": frozenset(identifiers(Diet)),
    "delivery": frozenset(identifiers(Delivery)),
    "mode": frozenset(identifiers(Mode)),
    "person": frozenset(identifiers(Person)),
    "accompaniment": frozenset({"true", "false"}),
}
"""Slots whose values are identifiers: an annotation of one of these must say which."""

ANNOTATION = re.compile(r"\[(?P<surface>[^\[\]]+)\](?:\((?P<entity>[^()]*)\)|(?P<fields>\{[^{}]*\}))")


class Annotation(NamedTuple):
    """One marked piece of a training sentence."""

    surface: str
    entity: str
    value: str | None


def load(path: Path) -> object:
    """Read a YAML document with libyaml where it is there: the corpora are long."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def training(intent: str) -> dict[str, Any]:
    """Return the training file of one intent."""
    document = load(TRAINING / f"{intent}.yml")
    assert isinstance(document, dict)
    return document


@cache
def sentences(intent: str) -> tuple[str, ...]:
    """Return the training sentences of one intent as written, annotations and all."""
    lines = [
        line for block in training(intent)["nlu"] for line in block["examples"].splitlines() if line.strip()
    ]
    for line in lines:
        assert line.startswith("- "), f"{intent}: {line!r} is dropped by Rasa, it does not begin with '- '"
    return tuple(line[2:].strip() for line in lines)


@cache
def plain(sentence: str) -> str:
    """Return what the elder said, without the annotations."""
    return ANNOTATION.sub(lambda match: match["surface"], sentence)


@cache
def letters(text: str) -> str:
    """Return only what is heard: no punctuation, no spaces, one width, one case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


def marks(sentence: str) -> list[Annotation]:
    """Return the annotations of a sentence; malformed JSON raises, as it would in Rasa."""
    found = []
    for match in ANNOTATION.finditer(sentence):
        fields = json.loads(match["fields"]) if match["fields"] else {"entity": match["entity"]}
        found.append(Annotation(match["surface"], fields["entity"], fields.get("value")))
    return found


def strings(node: object) -> Iterator[str]:
    """Yield every string of a YAML document, keys too: the tables' shape is no concern of this test."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from strings(key)
            yield from strings(value)
    elif isinstance(node, list):
        for item in node:
            yield from strings(item)


def test_every_intent_has_a_file_and_no_file_stands_for_anything_else() -> None:
    assert {path.stem for path in TRAINING.iterdir()} == set(INTENTS)


@pytest.mark.parametrize("intent", INTENTS)
def test_a_file_teaches_the_intent_that_it_is_named_after(intent: str) -> None:
    document = training(intent)
    assert document["version"] == "3.1"
    assert {block["intent"] for block in document["nlu"]} == {intent}


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_has_sentences_enough(intent: str) -> None:
    different = {letters(plain(sentence)) for sentence in sentences(intent)}
    least = LEAST_FOR_BOOKING if intent in BOOKING else LEAST
    assert len(different) >= least


@pytest.mark.parametrize("intent", INTENTS)
def test_no_sentence_is_written_twice_in_one_file(intent: str) -> None:
    written = [plain(sentence) for sentence in sentences(intent)]
    assert sorted(written) == sorted(set(written))


def test_no_sentence_stands_under_two_intents() -> None:
    under: dict[str, set[str]] = {}
    for intent in INTENTS:
        for sentence in sentences(intent):
            # What is left when punctuation goes: a recogniser writes none, and 「啊？」 is then 「啊」.
            under.setdefault(letters(plain(sentence)), set()).add(intent)
    assert {heard: intents for heard, intents in under.items() if len(intents) > 1} == {}


@pytest.mark.parametrize("intent", INTENTS)
def test_no_bracket_is_left_over_outside_a_well_formed_annotation(intent: str) -> None:
    for sentence in sentences(intent):
        assert not set(plain(sentence)) & set("[](){}"), sentence


@pytest.mark.parametrize("intent", INTENTS)
def test_annotations_speak_the_vocabulary(intent: str) -> None:
    slots = set(identifiers(Slot))
    for sentence in sentences(intent):
        for surface, entity, value in marks(sentence):
            assert entity in slots, f"{sentence}: no slot is called {entity}"
            if entity in CLOSED and entity != "person":
                assert value in CLOSED[entity], f"{sentence}: 「{surface}」 needs a value of {entity}"
            if entity == "person" and value is not None:
                assert value in CLOSED[entity], f"{sentence}: {value} is no person of the vocabulary"


def test_the_same_words_are_never_annotated_with_two_values() -> None:
    values: dict[tuple[str, str], set[str | None]] = {}
    for intent in INTENTS:
        for sentence in sentences(intent):
            for surface, entity, value in marks(sentence):
                values.setdefault((entity, surface), set()).add(value)
    assert {words: meant for words, meant in values.items() if len(meant) > 1} == {}


@pytest.mark.parametrize("intent", sorted(BOOKING))
def test_a_good_part_of_the_booking_sentences_is_annotated(intent: str) -> None:
    marked = sum(bool(marks(sentence)) for sentence in sentences(intent))
    assert marked >= len(sentences(intent)) / 4


@pytest.mark.parametrize("intent", INTENTS)
def test_no_sentence_is_longer_than_a_breath(intent: str) -> None:
    assert [sentence for sentence in sentences(intent) if not 1 <= len(plain(sentence)) <= 80] == []


def test_no_sentence_of_the_blind_tests_is_taught() -> None:
    asked = {letters(text) for path in sorted(BLIND.glob("blind/**/*.yml")) for text in strings(load(path))}
    taught = {letters(plain(sentence)) for intent in INTENTS for sentence in sentences(intent)}
    # Up to four characters there are only so many ways to say 「好的」: those may be in both.
    assert sorted(text for text in asked & taught if len(text) > 4) == []
