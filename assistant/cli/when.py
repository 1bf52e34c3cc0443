"""`kangban when`: the time grammar alone; no server, no model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.cli.lines import read_lines, write_json, write_line
from assistant.cli.settings import CliSettings
from backend.clock import SystemClock, in_town

if TYPE_CHECKING:
    from assistant.nlu.when import Candidate


def when(settings: CliSettings, *, context: str | None, as_json: bool) -> None:
    """Read the times in each line of standard input, best reading first."""
    from assistant.nlu.when import read

    clock = SystemClock.starting_at(settings.now)
    for line in read_lines():
        candidates = read(line, now=in_town(clock.now()), context=context)
        if as_json:
            write_json({"text": line, "candidates": [as_object(candidate) for candidate in candidates]})
        else:
            for shown in _shown(line, candidates):
                write_line(shown)


def as_object(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as the contract of ``kangban when --json`` has it."""
    first = candidate.first
    shown: dict[str, Any] = {
        "start": _iso(candidate.start),
        "end": _iso(candidate.end),
        "repeat": candidate.repeat,
        "first": {"start": _iso(first[0]), "end": _iso(first[1])} if first is not None else None,
        "confidence": round(candidate.confidence, 4),
    }
    if candidate.past:
        shown["past"] = True
    return shown


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _shown(line: str, candidates: Sequence[Candidate]) -> list[str]:
    lines = [line]
    for candidate in candidates:
        if candidate.repeat is not None and candidate.first is not None:
            read = f"{candidate.repeat}  {_iso(candidate.first[0])}"
        else:
            read = f"{_iso(candidate.start)} – {_iso(candidate.end)}"
        lines.append(f"  {candidate.confidence:.2f}  {read}")
    return lines if candidates else [line, "  没有听到时间 (no time)"]
