"""Measures models side by side for the gate: `python -m assistant.dialogue.measuring.gate`.

Prints one JSON object a model and set; who asked decides. Only figures of whole sets leave this process.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.dialogue.measuring.pipeline import Pipeline
from assistant.dialogue.measuring.scores import accuracy
from assistant.dialogue.measuring.understanding import measure_intents

SETS = (("frozen2", "clean"), ("frozen2", "misheard_10"), ("blind", "clean"))
"""Sentences that were never trained on: as said, with one character in ten misheard, and another hand's."""

LEARNED = "learned"
"""The set of the learned sentences themselves."""


def measure(model: Path, learned: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Yield the figures of one model."""
    pipeline = Pipeline(model)
    for name, variant in SETS:
        yield next(measure_intents(pipeline, name, variant))
    pairs = [(intent, said) for intent, texts in learned.items() for said in texts]
    heard = pipeline.intents([said for _, said in pairs])
    found = [(intent, got) for (intent, _), got in zip(pairs, heard)]  # noqa: B905 - 3.10, and of one length
    yield {
        "set": LEARNED,
        "variant": "clean",
        "rows": len(found),
        "accuracy": round(accuracy(found), 4) if found else 1.0,
        "acted_on": 0.0,
    }


def main(arguments: list[str] | None = None) -> int:
    """Measure each model, print; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m assistant.dialogue.measuring.gate")
    parser.add_argument("--learned", type=Path, required=True, help="JSON: intent → sentences")
    parser.add_argument("models", type=Path, nargs="+")
    options = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    learned = json.loads(options.learned.read_text(encoding="utf-8"))
    for model in options.models:
        for row in measure(model, learned):
            sys.stdout.write(json.dumps({"model": model.name, **row}, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
