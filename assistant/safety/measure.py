"""How good the guard is over the corpora: recall, false alarms and time, for ``kangban bench safety``."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from assistant.safety.guard import check_all
from assistant.safety.noise import KINDS, noisy

EMERGENCIES = ("core", "emergencies", "emergencies2", "emergencies3", "emergencies4", "emergencies5")
HARMLESS = (
    "confusable",
    "confusable2",
    "confusable3",
    "confusable4",
    "confusable5",
    "ordinary",
    "ordinary2",
    "ordinary3",
    "ordinary4",
    "ordinary5",
)

SHARES = (0.1, 0.2)
"""Of the characters that noise touches."""

FROZEN = ("frozen", "frozen2")
"""Rows that no rule was fitted to and nothing was learned from: written before it was tuned."""

_ROW = re.compile(r'^- \{set: (\w+), category: (\w+), text: (?:"((?:[^"\\]|\\.)*)"|([^"].*?))\}\s*$')


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a corpus: ``set`` is core, dev… or frozen…; ``category`` an Emergency or ``none``."""

    set: str
    category: str
    text: str


def read_rows(path: Path) -> list[Row]:
    """Read a corpus. The files are YAML, and written so that the guard needs no YAML package to read them.

    Raises:
        ValueError: where a line is neither a comment nor a row.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        hit = _ROW.match(line)
        if hit is None:
            raise ValueError(f"{path.name}:{number}: not a row: {line}")
        text = re.sub(r"\\(.)", r"\1", hit[3]) if hit[3] is not None else hit[4]
        rows.append(Row(set=hit[1], category=hit[2], text=text))
    return rows


def measure(corpora: Path, *, names: Iterable[str] = (*EMERGENCIES, *HARMLESS)) -> dict[str, Any]:
    """Run the guard over the corpora ``names`` in the folder ``corpora``.

    Returns:
        ``{"tables": {"emergencies.frozen": {"rows", "alarms", "ratio", "same_category", "wrong": [texts],
        "by_category": {category: [caught, rows]}}, …}, "p50_ms", "p95_ms", "samples_ms"}``. ``ratio`` is
        recall for emergencies, the false-alarm rate for the others. ``wrong`` is empty for frozen rows:
        nobody is to mend a rule by them. Times are of the processor, of one sentence.
    """
    tables: dict[str, Any] = {}
    samples: list[float] = []
    for name in names:
        rows = read_rows(corpora / f"{name}.yml")
        for which in sorted({row.set for row in rows}):
            key = name if which == name else f"{name}.{which}"
            tables[key] = _table([row for row in rows if row.set == which], name in EMERGENCIES, samples)
    ordered = sorted(samples)
    return {
        "tables": tables,
        "p50_ms": round(median(ordered), 3),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 3),
        "samples_ms": [round(sample, 4) for sample in samples],
    }


def measure_noise(
    corpora: Path, *, names: Iterable[str], which: Iterable[str], share: float, seed: int = 20261125
) -> dict[str, list[int]]:
    """Return, for each kind of noise, how many noisy rows of the sets ``which`` were heard, of how many."""
    wanted = set(which)
    rows = [row for name in names for row in read_rows(corpora / f"{name}.yml") if row.set in wanted]
    caught = {}
    for kind in KINDS:
        chance = Random(seed)  # noqa: S311 - no secret
        texts = [text for row in rows if (text := noisy(row.text, kind, share, chance)) != row.text and text]
        caught[kind] = [sum(bool(check_all(text)) for text in texts), len(texts)]
    return caught


def _table(rows: list[Row], wanted: bool, samples: list[float]) -> dict[str, Any]:
    found = []
    for row in rows:
        began = time.thread_time()
        findings = check_all(row.text)
        samples.append((time.thread_time() - began) * 1000)
        found.append((row, findings))
    alarms = sum(bool(findings) for _, findings in found)
    table: dict[str, Any] = {"rows": len(rows), "alarms": alarms, "ratio": round(alarms / len(rows), 4)}
    if wanted:
        table["same_category"] = sum(any(f.category == row.category for f in fs) for row, fs in found)
        table["by_category"] = _by_category(found)
    frozen = rows[0].set in FROZEN
    table["wrong"] = [] if frozen else [row.text for row, findings in found if bool(findings) != wanted]
    return table


def _by_category(found: Iterable[tuple[Row, Any]]) -> dict[str, list[int]]:
    table: dict[str, list[int]] = {}
    for row, findings in found:
        caught = table.setdefault(row.category, [0, 0])
        caught[0] += bool(findings)
        caught[1] += 1
    return table
