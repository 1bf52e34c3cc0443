"""The sentences that understanding is measured on, and those it is trained on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.dialogue.settings import DATA, ROOT

CORPORA = ROOT / "tests" / "corpora"
SETS = ("dev", "frozen2", "blind")

_ANNOTATION = re.compile(r"\[(?P<said>[^\[\]]+)\](?:\([^()]*\)|\{[^{}]*\})")


@dataclass(frozen=True, kw_only=True)
class MeasuredSet:
    """Sentences with their intents, and sentences that must not start a booking."""

    name: str
    sentences: tuple[tuple[str, str], ...]
    """(what was said, intent)"""
    off_topic: tuple[str, ...]


def training_sentences() -> list[tuple[str, str]]:
    """Return (what was said, intent) of all training sentences, annotations taken off."""
    found: list[tuple[str, str]] = []
    for path in sorted((DATA / "nlu").glob("*.yml")):
        for block in read_yaml(path)["nlu"]:
            found.extend(
                (_ANNOTATION.sub(lambda match: match["said"], line[2:].strip()), str(block["intent"]))
                for line in str(block["examples"]).splitlines()
                if line.startswith("- ")
            )
    return found


def measured_set(name: str) -> MeasuredSet:
    """Return the set called ``name``: dev, frozen2 or blind."""
    if name == "blind":
        rows = read_yaml(CORPORA / "blind" / "intents.yml")
        sentences = [(str(row["text"]), str(row["intent"])) for row in rows]
        off_topic = [str(row["text"]) for row in read_yaml(CORPORA / "blind" / "off_topic.yml")]
    else:
        table = read_yaml(CORPORA / "intents" / f"{name}.yml")
        sentences = [(str(text), str(intent)) for intent, texts in table.items() for text in texts]
        off_topic = [str(text) for text in read_yaml(CORPORA / "intents" / f"{name}_off_topic.yml")]
    return MeasuredSet(name=name, sentences=tuple(sentences), off_topic=tuple(off_topic))


def read_yaml(path: Path) -> Any:
    """Read a YAML document with libyaml where it is there: the corpora are long."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def intents_of(sentences: Sequence[tuple[str, str]]) -> list[str]:
    """Return the intents, sorted."""
    return sorted({intent for _, intent in sentences})
