"""Measures understanding against its floors: `python -m assistant.dialogue.measuring.understanding`.

Prints one JSON object a line; `kangban bench understanding` makes tables of them. Exit status 1 when a
figure lies below its floor in tests/corpora/floors.yml.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from assistant.dialogue.measuring import slots
from assistant.dialogue.measuring.pipeline import Pipeline
from assistant.dialogue.measuring.scores import accuracy, confusions, percentile, tally_intents
from assistant.dialogue.measuring.sets import CORPORA, SETS, measured_set, read_yaml
from assistant.dialogue.measuring.variants import VARIANTS
from assistant.dialogue.model import newest_model
from assistant.vocabulary import ACTING_INTENTS, BOOKING_INTENTS

FLOORS = CORPORA / "floors.yml"
QUICK = (("frozen2", "clean"), ("frozen2", "misheard_10"))
"""What the quick form measures: unseen sentences as said, and with one character in ten misheard."""
CATALOGUES = (100, 10_000)
_ACTING = frozenset(intent.value for intent in ACTING_INTENTS)
_BOOKING = frozenset(intent.value for intent in BOOKING_INTENTS)


class Understands(Protocol):
    """Whatever is measured."""

    def intents(self, sentences: Sequence[str]) -> list[str]:
        """Return the intent of each sentence."""


def measure(*, quick: bool) -> Iterator[dict[str, Any]]:
    """Yield what was measured, an object a row.

    Raises:
        FileNotFoundError: no model has been trained.
    """
    model = newest_model()
    if model is None:
        raise FileNotFoundError("no dialogue model: run `make train`")
    pipeline = Pipeline(model)
    wanted = QUICK if quick else tuple((name, variant) for name in SETS for variant in VARIANTS)
    for name, variant in wanted:
        yield from measure_intents(pipeline, name, variant)
    for table, tally in slots.tables():
        for slot in tally.names():
            yield {"slot": slot, "set": table, **tally.row(slot)}
        yield {"slots": table, **tally.total()}
    said = [sentence for sentence, _ in measured_set("frozen2").sentences][: 100 if quick else None]
    for names in CATALOGUES:
        samples = pipeline.latencies_ms(said, names)
        yield {
            "latency": names,
            "p50_ms": round(percentile(samples, 0.5), 2),
            "p95_ms": round(percentile(samples, 0.95), 2),
        }


def measure_intents(model: Understands, name: str, variant: str) -> Iterator[dict[str, Any]]:
    """Yield the figures of one set in one variant; with them, of the clean one, those of each intent."""
    measured, change = measured_set(name), VARIANTS[variant]
    found = model.intents([change(said) for said, _ in measured.sentences])
    pairs = [(intent, heard) for (_, intent), heard in zip(measured.sentences, found)]  # noqa: B905
    talk = model.intents([change(said) for said in measured.off_topic])
    yield {
        "set": name,
        "variant": variant,
        "rows": len(pairs),
        "accuracy": round(accuracy(pairs), 4),
        "off_topic": len(talk),
        "booked": round(sum(intent in _BOOKING for intent in talk) / len(talk), 4),
        "acted_on": round(sum(intent in _ACTING for intent in talk) / len(talk), 4),
    }
    if variant == "clean":
        tally = tally_intents(pairs)
        for intent in tally.names():
            yield {"intent": intent, "set": name, **tally.row(intent)}
        for expected, heard, count in confusions(pairs)[:12]:
            yield {"confused": expected, "with": heard, "set": name, "count": count}


def below_floor(row: Mapping[str, Any], floors: Mapping[str, Any]) -> Iterator[str]:
    """Yield what in ``row`` is worse than its floor (or ceiling), in a sentence each."""
    if "variant" in row:
        where = f"{row['set']}/{row['variant']}"
        floor = floors["intents"].get(where)
        if floor and row["accuracy"] < floor["accuracy"]:
            yield f"{where}: accuracy {row['accuracy']} < {floor['accuracy']}"
        if floor and row["acted_on"] > floor["acted_on"]:
            yield f"{where}: talk acted on {row['acted_on']} > {floor['acted_on']}"
    if "slots" in row and row["f1"] < floors["slots"].get(row["slots"], 0.0):
        yield f"slots of {row['slots']}: F1 {row['f1']} < {floors['slots'][row['slots']]}"
    if "latency" in row and row["p50_ms"] > floors["latency_ms"]:
        yield f"{row['latency']} names: {row['p50_ms']} ms > {floors['latency_ms']} ms"


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, compare with the floors; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m assistant.dialogue.measuring.understanding")
    parser.add_argument("--quick", action="store_true", help="unseen sentences, clean and misheard, only")
    options = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    floors = read_yaml(FLOORS)
    failed: list[str] = []
    try:
        for row in measure(quick=options.quick):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
            sys.stdout.flush()
            failed += below_floor(row, floors)
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for sentence in failed:
        sys.stdout.write(json.dumps({"below_floor": sentence}, ensure_ascii=False) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
