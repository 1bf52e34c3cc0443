"""`kangban bench understanding`: how well sentences are understood, in tables, against the stored floors."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.cli.errors import PlainError
from assistant.cli.lines import write_json, write_line
from assistant.cli.settings import ROOT, CliSettings
from backend.clock import SystemClock


def bench_understanding(settings: CliSettings, *, quick: bool, as_json: bool) -> int:
    """Measure in the dialogue's environment, print, keep the rows; return 1 where a floor is missed.

    Raises:
        PlainError: the dialogue environment is missing, or nothing could be measured.
    """
    if not settings.dialogue_python.exists():
        raise PlainError(
            "还没有装对话环境，请运行 make setup"
            f" (the dialogue environment is missing: {settings.dialogue_python})"
        )
    command = [str(settings.dialogue_python), "-W", "ignore", "-m"]
    command += ["assistant.dialogue.measuring.understanding", *(["--quick"] if quick else [])]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, encoding="utf-8"
    )
    rows = list(_rows(done.stdout))
    if done.returncode not in (0, 1) or not rows:
        last = done.stderr.strip().splitlines()[-1:] or ["?"]
        raise PlainError(f"没有量成，请先运行 make train (nothing was measured: {last[0]})")
    for row in rows:
        if as_json:
            write_json(row)
        else:
            write_line(_line(row))
    folder = settings.home / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"understanding-{SystemClock().now():%Y%m%dT%H%M%SZ}.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    if not as_json:
        write_line(f"每一行 raw rows: {path}")
    return done.returncode


def _rows(printed: str) -> Iterator[dict[str, Any]]:
    """Yield the objects; what libraries print beside them is no row."""
    for line in printed.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def _line(row: dict[str, Any]) -> str:
    if "variant" in row:
        return (
            f"{row['set']:<8} {row['variant']:<13} {row['rows']:>4} 句  意图 accuracy {row['accuracy']:.3f}"
            f"  闲话 {row['off_topic']} 句: 当成预约 booked {row['booked']:.3f},"
            f" 当成办事 acted on {row['acted_on']:.3f}"
        )
    if "below_floor" in row:
        return f"低于底线 below the floor: {row['below_floor']}"
    if "confused" in row:
        return f"  {row['set']}: {row['confused']} → {row['with']} ×{row['count']}"
    if "latency" in row:
        return f"{row['latency']:>6} 个菜名 names: p50 {row['p50_ms']} ms, p95 {row['p95_ms']} ms"
    return _scores(row, ("intent", "slot", "slots"))


def _scores(row: dict[str, Any], kinds: Sequence[str]) -> str:
    kind = next(kind for kind in kinds if kind in row)
    where = f"{row['set']}: " if "set" in row else ""
    return (
        f"  {kind} {where}{row[kind]:<20} precision {row['precision']:.3f}  recall {row['recall']:.3f}"
        f"  F1 {row['f1']:.3f}  ({row['rows']})"
    )
