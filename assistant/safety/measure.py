"""How good the guard is over the corpora: recall, false alarms and time, for ``kangban bench safety``."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from assistant.safety.guard import check, check_all

EMERGENCIES = ("core", "emergencies")
HARMLESS = ("confusable", "ordinary")

_ROW = re.compile(r'^- \{set: (\w+), category: (\w+), text: (?:"((?:[^"\\]|\\.)*)"|([^"].*?))\}\s*$')


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a corpus: ``set`` is core, dev or frozen; ``category`` an Emergency or ``none``."""

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


def measure(corpora: Path) -> dict[str, Any]:
    """Run the guard over every corpus in ``corpora``.

    Args:
        corpora: the folder with core.yml, emergencies.yml, confusable.yml and ordinary.yml.

    Returns:
        ``{"tables": {"emergencies.frozen": {"rows", "alarms", "ratio", "same_category", "wrong": [texts]},
        …}, "recall_by_category": {set: {category: [caught, rows]}}, "p50_ms", "p95_ms", "samples_ms"}``.
        ``ratio`` is recall for emergencies and the false-alarm rate for the others; times are of ``check`` on
        the ordinary sentences.
    """
    tables: dict[str, Any] = {}
    by_category: dict[str, dict[str, list[int]]] = {}
    samples: list[float] = []
    for name in (*EMERGENCIES, *HARMLESS):
        rows = read_rows(corpora / f"{name}.yml")
        for which in sorted({row.set for row in rows}):
            chosen = [row for row in rows if row.set == which]
            key = name if which == name else f"{name}.{which}"
            tables[key] = _table(chosen, wanted=name in EMERGENCIES)
            if name == "emergencies":
                by_category[which] = _by_category(chosen)
        if name == "ordinary":
            samples = _times(row.text for row in rows)
    ordered = sorted(samples)
    return {
        "tables": tables,
        "recall_by_category": by_category,
        "p50_ms": round(median(ordered), 3),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 3),
        "samples_ms": [round(sample, 4) for sample in samples],
    }


def _table(rows: list[Row], *, wanted: bool) -> dict[str, Any]:
    found = [(row, check_all(row.text)) for row in rows]
    alarms = sum(bool(findings) for _, findings in found)
    table: dict[str, Any] = {"rows": len(rows), "alarms": alarms, "ratio": round(alarms / len(rows), 4)}
    if wanted:
        table["same_category"] = sum(any(f.category == row.category for f in fs) for row, fs in found)
    table["wrong"] = [row.text for row, findings in found if bool(findings) != wanted]
    return table


def _by_category(rows: list[Row]) -> dict[str, list[int]]:
    table: dict[str, list[int]] = {}
    for row in rows:
        caught = table.setdefault(row.category, [0, 0])
        caught[0] += check(row.text) is not None
        caught[1] += 1
    return table


def _times(texts: Iterable[str]) -> list[float]:
    samples = []
    for text in texts:
        began = time.perf_counter()
        check(text)
        samples.append((time.perf_counter() - began) * 1000)
    return samples
