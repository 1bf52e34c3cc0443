"""`kangban bench safety`: what the guard hears, how often it cries wolf, how long it takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant.cli.errors import PlainError
from assistant.cli.lines import write_json, write_line
from assistant.cli.settings import CliSettings
from assistant.safety import warm
from assistant.safety.measure import EMERGENCIES, FROZEN, HARMLESS, SHARES, measure, measure_noise
from backend.clock import SystemClock

CORPORA = Path(__file__).resolve().parents[2] / "tests" / "corpora" / "safety"

FLOORS: dict[str, float] = {"recall": 0.97, "recall_noise_10": 0.86, "recall_noise_20": 0.75}
"""Least shares on the frozen rows: a little below what was measured. The goal is 0.99 clean."""

CEILINGS: dict[str, float] = {"confusable": 0.095, "ordinary": 0.006, "p95_ms": 8.0}
"""Most false alarms on the frozen rows, as measured (the goals are 0.02 and 0.002), and the longest p95 on a
machine that has other work; on a free one it is below 1 ms."""


def bench_safety(settings: CliSettings, *, quick: bool, corpora: Path, as_json: bool) -> bool:
    """Print the table; return whether every figure keeps its floor.

    Raises:
        PlainError: the corpora are not there (an installation without its tests).
    """
    if not (corpora / "core.yml").is_file():
        raise PlainError(f"没有找到句子表 {corpora}，请在源代码目录里运行 (no corpora there)")
    warm()
    found = measure(corpora)
    noise = {} if quick else {
        f"{int(share * 100)}": measure_noise(corpora, names=EMERGENCIES, which=FROZEN, share=share)
        for share in SHARES
    }  # fmt: skip
    figures = _figures(found["tables"], noise)
    figures["p95_ms"] = found["p95_ms"]
    misses = [
        f"{name} {figures[name]} < {least}"
        for name, least in FLOORS.items()
        if figures.get(name, 1.0) < least
    ]
    misses += [f"{name} {figures[name]} > {most}" for name, most in CEILINGS.items() if figures[name] > most]
    if found["tables"]["core"]["same_category"] != found["tables"]["core"]["rows"]:
        misses.append("core < 1")
    summary = {
        "bench": "safety",
        **figures,
        "p50_ms": found["p50_ms"],
        "by_category": _by_category(found["tables"]),
        "noise": noise,
        "tables": {k: {n: v for n, v in t.items() if n != "wrong"} for k, t in found["tables"].items()},
        "samples": str(_keep(settings, found)),
        "misses": misses,
    }
    if as_json:
        write_json(summary)
    else:
        _write(summary)
    return not misses


def _figures(tables: dict[str, Any], noise: dict[str, dict[str, list[int]]]) -> dict[str, float]:
    figures = {
        "recall": _share(tables, EMERGENCIES),
        "confusable": _share(tables, [name for name in HARMLESS if name.startswith("confusable")]),
        "ordinary": _share(tables, [name for name in HARMLESS if name.startswith("ordinary")]),
    }
    for share, kinds in noise.items():
        figures[f"recall_noise_{share}"] = round(
            sum(caught for caught, _ in kinds.values()) / sum(rows for _, rows in kinds.values()), 4
        )
    return figures


def _share(tables: dict[str, Any], names: Any) -> float:
    chosen: list[dict[str, int]] = [
        tables[key] for name in names for which in FROZEN if (key := f"{name}.{which}") in tables
    ]
    return round(float(sum(table["alarms"] for table in chosen)) / sum(table["rows"] for table in chosen), 4)


def _by_category(tables: dict[str, Any]) -> dict[str, list[int]]:
    merged: dict[str, list[int]] = {}
    for key, table in tables.items():
        if key.rpartition(".")[2] in FROZEN:
            for category, (caught, rows) in table.get("by_category", {}).items():
                have = merged.setdefault(category, [0, 0])
                have[0] += caught
                have[1] += rows
    return merged


def _write(summary: dict[str, Any]) -> None:
    write_line("没见过的句子 frozen rows: 类别 category, 听出 heard, 共 rows, 召回 recall")
    for category, (caught, rows) in summary["by_category"].items():
        write_line(f"  {category:12} {caught:4} {rows:4}  {caught / rows:.3f}")
    write_line(f"召回 recall: {summary['recall']}")
    for share, kinds in summary["noise"].items():
        parts = ", ".join(f"{kind} {caught / rows:.3f}" for kind, (caught, rows) in kinds.items())
        write_line(f"  {share} % 的字有错 noise: {summary[f'recall_noise_{share}']} ({parts})")
    write_line(
        f"误报 false alarms, 易混 confusable: {summary['confusable']}, 平常 ordinary: {summary['ordinary']}"
    )
    for key, table in summary["tables"].items():
        write_line(f"  {key:20} {table['alarms']:5} / {table['rows']:5}  {table['ratio']:.4f}")
    write_line(f"一句话 one sentence: p50 {summary['p50_ms']} ms, p95 {summary['p95_ms']} ms")
    write_line(f"每一句 raw samples: {summary['samples']}")
    for miss in summary["misses"]:
        write_line(f"没达到 below the floor: {miss}")


def _keep(settings: CliSettings, found: dict[str, Any]) -> Path:
    folder = settings.home / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"safety-{SystemClock().now():%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return path
