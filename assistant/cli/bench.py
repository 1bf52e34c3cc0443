"""`kangban bench turns`: does a turn get slower when the conversation grows long?"""

from __future__ import annotations

import json
import time
import uuid
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from assistant.cli.api import Api
from assistant.cli.chat import take_turn
from assistant.cli.errors import PlainError
from assistant.cli.lines import tell, write_json, write_line
from assistant.cli.running import find_running, temporary_town
from assistant.cli.settings import CliSettings
from backend.clock import SystemClock

WINDOW = 20
"""Turns over which a median is taken: around the 10th, and the last ones."""

SENTENCES = (
    "你好",
    "今天星期几",
    "有什么好吃的",
    "我要订明天的午饭",
    "红烧肉",
    "一份",
    "送到家里",
    "算了不要了",
    "我昨天晚上睡得不好",
    "谢谢你",
)
"""A day's small talk, with an order that is begun and dropped; nothing is booked, so nothing runs out."""


def bench_turns(settings: CliSettings, *, turns: int, elder_id: str, here: bool, as_json: bool) -> None:
    """Measure one long conversation, print medians, their ratio and where the samples lie.

    Raises:
        PlainError: ``here`` was asked for, and nothing runs.
    """
    with _system(settings, here=here) as api:
        samples = _converse(api, turns=turns, elder_id=elder_id)
    early, late = samples[:WINDOW], samples[-WINDOW:]
    summary: dict[str, Any] = {
        "bench": "turns",
        "turns": len(samples),
        "around_10th_ms": round(median(sample["wall_ms"] for sample in early), 1),
        "last_ms": round(median(sample["wall_ms"] for sample in late), 1),
        "samples": str(keep(settings, samples, bench="turns")),
    }
    summary["ratio"] = round(summary["last_ms"] / summary["around_10th_ms"], 2)
    if as_json:
        write_json(summary)
        return
    write_line(f"第 10 句前后 around the 10th turn: {summary['around_10th_ms']} ms (median of {WINDOW})")
    write_line(f"最后几句 around turn {len(samples)}: {summary['last_ms']} ms (median of {WINDOW})")
    write_line(f"慢了几倍 ratio: {summary['ratio']}")
    write_line(f"每一句 raw samples: {summary['samples']}")


def _system(settings: CliSettings, *, here: bool) -> AbstractContextManager[Api]:
    if not here:
        return temporary_town(settings)
    found = find_running(settings)
    if found is None:
        raise PlainError("没有正在运行的康伴，请先运行 kangban up --demo (nothing is running here)")
    return _Borrowed(found)


class _Borrowed(AbstractContextManager[Api]):
    def __init__(self, api: Api) -> None:
        self._api = api

    def __enter__(self) -> Api:
        return self._api

    def __exit__(self, *_: object) -> None:
        return None


def _converse(api: Api, *, turns: int, elder_id: str) -> list[dict[str, Any]]:
    conversation = f"bench-{uuid.uuid4().hex[:12]}"
    samples = []
    for number in range(1, turns + 1):
        text = SENTENCES[(number - 1) % len(SENTENCES)]
        begun = time.perf_counter()
        answered = take_turn(api, elder_id=elder_id, message_id=f"{conversation}-{number}", text=text)
        wall_ms = (time.perf_counter() - begun) * 1000
        samples.append(
            {
                "turn": number,
                "text": text,
                "wall_ms": round(wall_ms, 2),
                "latency_ms": answered["latency_ms"],
                "error": answered.get("error"),
            }
        )
        if number % 50 == 0:
            tell(f"{number}/{turns} …")
    failed = sum(1 for sample in samples if sample["error"])
    if failed:
        raise PlainError(f"{failed} 句没有答上来，数字不算数，请运行 kangban doctor ({failed} turns failed)")
    return samples


def keep(settings: CliSettings, samples: list[dict[str, Any]], *, bench: str) -> Path:
    """Write raw samples into the home, a line each; return the file."""
    folder = settings.home / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    at: datetime = SystemClock().now()
    path = folder / f"{bench}-{at:%Y%m%dT%H%M%SZ}.jsonl"
    path.write_text(
        "".join(json.dumps(sample, ensure_ascii=False) + "\n" for sample in samples), encoding="utf-8"
    )
    return path
