"""`kangban bench dialogues`: do elders reach what they wanted, and in how many turns?"""

from __future__ import annotations

import time
from pathlib import Path

from assistant.cli.dialogues import Played, play_all, read_dialogues
from assistant.cli.errors import PlainError
from assistant.cli.lines import write_json, write_line
from assistant.cli.settings import ROOT, CliSettings

DEV = ROOT / "tests" / "corpora" / "dialogues" / "dev.yml"


def bench_dialogues(
    settings: CliSettings,
    *,
    files: list[Path],
    only: str | None,
    floor: float,
    figures_only: bool,
    as_json: bool,
) -> bool:
    """Play the tables; return whether the share of goals reached is at least ``floor``.

    Args:
        settings: the command's settings.
        files: tables of dialogues; by default the ones to develop against.
        only: part of a name, to play just those.
        floor: the least share, 0 to 1.
        figures_only: print no transcript and no name, as is right for a blind set.
        as_json: one object a dialogue and one at the end.

    Raises:
        PlainError: a table does not exist.
    """
    went: list[Played] = []
    begun = time.perf_counter()
    for path in files or [DEV]:
        if not path.is_file():
            raise PlainError(f"没有这张对话表 (no such table of dialogues): {path}")
        for played in play_all(settings, read_dialogues(path), only=only):
            went.append(played)
            if not figures_only:
                _tell(played, as_json=as_json)
    if not went:
        raise PlainError("没有要演的对话 (there is no such dialogue)")
    reached = [played for played in went if played.reached]
    share = len(reached) / len(went)
    turns = sum(len(played.transcript) for played in went)
    summary = {
        "bench": "dialogues",
        "dialogues": len(went),
        "reached": len(reached),
        "share": round(share, 4),
        "floor": floor,
        "extra_turns": sum(played.extra for played in reached),
        "ms_a_turn": round((time.perf_counter() - begun) * 1000 / turns, 1),
    }
    if as_json:
        write_json(summary)
    else:
        write_line(
            f"办成 reached: {len(reached)}/{len(went)} = {share:.3f} (floor {floor});"
            f" 多说的句数 extra turns: {summary['extra_turns']}"
        )
    return share >= floor


def _tell(played: Played, *, as_json: bool) -> None:
    if as_json:
        write_json(
            {
                "name": played.name,
                "reached": played.reached,
                "wrong": played.wrong,
                "extra": played.extra,
                "transcript": [list(pair) for pair in played.transcript],
            }
        )
        return
    write_line(f"{'✓' if played.reached else '✗'} {played.name}")
    if not played.reached:
        for said, reply in played.transcript:
            write_line(f"    长者：{said}")
            write_line(f"    康伴：{reply}")
        for reason in played.wrong:
            write_line(f"    → {reason}")
