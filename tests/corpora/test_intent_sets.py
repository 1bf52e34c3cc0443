"""The sets of intents are complete, apart from one another and from what is taught, and have floors."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.vocabulary import Intent, identifiers

CORPORA = Path(__file__).parent
SETS = CORPORA / "intents"
TRAINING = CORPORA.parents[1] / "data" / "dialogues" / "nlu"
NAMES = ("dev", "frozen2", "dev_off_topic", "frozen2_off_topic")
ANNOTATION = re.compile(r"\[(?P<said>[^\[\]]+)\](?:\([^()]*\)|\{[^{}]*\})")


@cache
def table(name: str) -> Any:
    return yaml.load((SETS / f"{name}.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def sentences(name: str) -> tuple[str, ...]:
    loaded = table(name)
    return (
        tuple(loaded)
        if isinstance(loaded, list)
        else tuple(said for rows in loaded.values() for said in rows)
    )


def letters(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")


@cache
def taught() -> frozenset[str]:
    lines = (
        line for path in TRAINING.glob("*.yml") for line in path.read_text(encoding="utf-8").splitlines()
    )
    said = (ANNOTATION.sub(lambda match: match["said"], line.strip()[2:]) for line in lines if "- " in line)
    return frozenset(map(letters, said))


@pytest.mark.parametrize("name", ["dev", "frozen2"])
def test_a_set_holds_every_intent_often_enough(name: str) -> None:
    assert set(table(name)) == set(identifiers(Intent))
    assert min(len(rows) for rows in table(name).values()) >= 12


@pytest.mark.parametrize(("name", "least"), [("dev", 500), ("frozen2", 400)])
def test_a_set_is_as_long_as_was_promised(name: str, least: int) -> None:
    assert len(sentences(name)) >= least
    assert len(sentences(f"{name}_off_topic")) >= 300


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_twice_in_a_set_nor_taught(name: str) -> None:
    heard = [letters(said) for said in sentences(name)]
    assert all(isinstance(said, str) for said in sentences(name))
    assert len(heard) == len(set(heard))
    # Up to four characters there are only so many ways to say 「好的」: those may be in both.
    assert sorted(said for said in set(heard) & taught() if len(said) > 4) == []


def test_what_is_tuned_on_is_not_what_is_frozen() -> None:
    tuned = {letters(said) for name in NAMES[::2] for said in sentences(name)}
    frozen = {letters(said) for name in NAMES[1::2] for said in sentences(name)}
    assert sorted(said for said in tuned & frozen if len(said) > 4) == []


def test_the_floors_name_sets_and_variants_that_are_measured() -> None:
    floors = yaml.safe_load((CORPORA / "floors.yml").read_text(encoding="utf-8"))
    for where, floor in floors["intents"].items():
        name, variant = where.split("/")
        assert name in {"dev", "frozen2", "blind"}
        assert variant in {"clean", "misheard_10", "misheard_25", "unpunctuated", "dialect"}
        assert 0.5 < floor["accuracy"] <= 1
        assert 0 <= floor["acted_on"] < 0.1
