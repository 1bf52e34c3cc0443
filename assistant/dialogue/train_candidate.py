"""Train a model with learned sentences beside the checkout's: `python -m assistant.dialogue.train_candidate`.

Prints one JSON object: how many sentences were trained on, and how many were left out because understanding
is measured on them. The checkout's own model is left as it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import yaml

from assistant.dialogue.measuring.sets import measured_set
from assistant.dialogue.settings import DATA, PROJECT

HELD_OUT = ("frozen2", "blind")
"""Sets that are never trained on: the gate would measure what was learned by heart."""


def without_held_out(examples: dict[str, list[str]]) -> tuple[dict[str, list[str]], int]:
    """Return the examples that no held-out set holds, and how many were left out."""
    held = {said for name in HELD_OUT for said, _ in measured_set(name).sentences}
    held |= {said for name in HELD_OUT for said in measured_set(name).off_topic}
    kept = {intent: [said for said in texts if said not in held] for intent, texts in examples.items()}
    left_out = sum(map(len, examples.values())) - sum(map(len, kept.values()))
    return {intent: texts for intent, texts in kept.items() if texts}, left_out


def main(arguments: list[str] | None = None) -> int:
    """Train; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m assistant.dialogue.train_candidate")
    parser.add_argument("--learned", type=Path, required=True, help="JSON: intent → sentences")
    parser.add_argument("--output", type=Path, required=True, help="the model's file, *.tar.gz")
    options = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    examples, left_out = without_held_out(json.loads(options.learned.read_text(encoding="utf-8")))
    count = sum(map(len, examples.values()))
    if not count:
        sys.stdout.write(json.dumps({"sentences": 0, "left_out": left_out}) + "\n")
        return 0
    document = {
        "version": "3.1",
        "nlu": [
            {"intent": intent, "examples": "".join(f"- {_plain(said)}\n" for said in texts)}
            for intent, texts in examples.items()
        ],
    }
    folder = options.output.parent
    training = folder / "learned.yml"
    training.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    import rasa

    result = rasa.train(
        domain=str(PROJECT / "domain"),
        config=str(PROJECT / "config.yml"),
        training_files=[
            *(str(DATA / name) for name in ("nlu", "rules", "stories") if (DATA / name).is_dir()),
            str(training),
        ],
        output=str(folder),
        fixed_model_name=options.output.name.removesuffix(".tar.gz"),
        force_training=True,
    )
    if result.code != 0 or not options.output.is_file():
        sys.stderr.write("训练没有成功，上面说了原因 (training failed; the reason stands above).\n")
        return 1
    sys.stdout.write(json.dumps({"sentences": count, "left_out": left_out}) + "\n")
    return 0


def _plain(said: str) -> str:
    """Return a sentence without what Rasa would read as annotation or as a line of its own."""
    return " ".join("".join(" " if sign in "[](){}\n\r" else sign for sign in said).split())


if __name__ == "__main__":
    sys.exit(main())
