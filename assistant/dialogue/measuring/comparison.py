"""Compares what the intent model may be made of: `python -m assistant.dialogue.measuring.comparison`.

One JSON object a line: candidate × set × variant → accuracy, talk acted on, milliseconds a sentence. The
words of jieba are a candidate where jieba is installed (it is no part of the project); `--only` takes
the candidates whose name holds a text. Nothing of Rasa is trained here: `diet` does that.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys
import time
from collections.abc import Mapping
from dataclasses import replace

from assistant.dialogue.measuring.linear import Linear, Settings, settings
from assistant.dialogue.measuring.sets import SETS
from assistant.dialogue.measuring.understanding import measure_intents
from assistant.dialogue.measuring.variants import VARIANTS
from assistant.nlu.features import FeatureFamilies


def candidates(chosen: Settings) -> Mapping[str, Settings]:
    """Return name → settings: what is in use, and it with one thing changed."""
    families = chosen.families
    found = {
        "in use": chosen,
        "without misheard copies": replace(chosen, shares=()),
        "without pinyin": replace(chosen, families=replace(families, pinyin=False)),
        "without concept tags": replace(chosen, families=replace(families, concepts=False)),
        "characters only": replace(chosen, families=FeatureFamilies(pinyin=False, concepts=False)),
        "pinyin only": replace(chosen, families=FeatureFamilies(characters=False, concepts=False)),
    }
    try:
        jieba = importlib.import_module("jieba")
    except ImportError:
        return found
    jieba.setLogLevel(logging.ERROR)
    only = FeatureFamilies(pinyin=False, concepts=False)
    found["jieba words only"] = replace(chosen, words=jieba.lcut, families=only)
    found["jieba words, pinyin, tags"] = replace(chosen, words=jieba.lcut)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Train and measure each candidate; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m assistant.dialogue.measuring.comparison")
    parser.add_argument("--only", default="", help="candidates whose name holds this")
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=SETS)
    options = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    for name, chosen in candidates(settings()).items():
        if options.only not in name:
            continue
        begun = time.process_time()
        model = Linear(chosen)
        trained = time.process_time() - begun
        for measured in options.sets:
            for variant in VARIANTS:
                begun = time.process_time()
                row = next(measure_intents(model, measured, variant))
                each = (time.process_time() - begun) * 1000 / (row["rows"] + row["off_topic"])
                result = {"candidate": name, "features": model.features, "train_s": round(trained, 1)}
                sys.stdout.write(json.dumps({**result, **row, "ms": round(each, 2)}) + "\n")
                sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
