"""Reads the tables of spoken times and puts candidates into the notation of those tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import yaml

from assistant.nlu.when import Candidate

TABLES = Path(__file__).parents[2] / "corpora" / "when"


@dataclass(frozen=True)
class Row:
    """One sentence and what it must mean."""

    file: str
    now: datetime
    context: str | None
    say: str
    expected: tuple[str, ...]
    rejected: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}:{self.now:%m%d%H%M}:{self.context or ''}:{self.say}"


def rows(*, frozen: bool = False) -> Iterator[Row]:
    """Yield every row of every table but the frozen ones (frozen*.yml), or only those of the frozen ones."""
    for path in sorted(TABLES.glob("*.yml")):
        if path.stem.startswith("frozen") != frozen:
            continue
        for group in yaml.safe_load(path.read_text(encoding="utf-8")):
            now = group["now"]
            now = now if isinstance(now, datetime) else datetime.fromisoformat(now)
            for say, *expected in group["rows"]:
                words = [str(each) for each in expected]
                yield Row(
                    path.stem,
                    now,
                    group.get("context"),
                    str(say),
                    tuple(each for each in words if not each.startswith("not ")),
                    tuple(each.removeprefix("not ") for each in words if each.startswith("not ")),
                )


def _day(day: datetime, now: datetime) -> str:
    return f"{day.month}/{day.day}" if day.year == now.year else f"{day.year}/{day.month}/{day.day}"


def written(start: datetime, end: datetime, now: datetime) -> str:
    """Return a time in the notation of the tables."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    days = (end - midnight) / timedelta(days=1)
    if start == end:
        return f"{_day(start, now)} {start:%H:%M}"
    if start == midnight and days == int(days):
        if days == 1:
            return _day(start, now)
        return f"{_day(start, now)}..{_day(end - timedelta(days=1), now)}"
    if days == 1:
        return f"{_day(start, now)} {start:%H:%M}~24:00"
    plus = f"+{int(days)} " if days > 1 else ""
    return f"{_day(start, now)} {start:%H:%M}~{plus}{end:%H:%M}"


def notation(candidate: Candidate, now: datetime) -> str:
    """Return a candidate in the notation of the tables."""
    assert candidate.start is not None
    assert candidate.end is not None
    if candidate.repeat is not None:
        assert candidate.first is not None
        return f"{candidate.repeat} @ {written(*candidate.first, now)}"
    return ("past " if candidate.past else "") + written(candidate.start, candidate.end, now)


def plain(expected: str) -> str:
    """Return an expectation with its spaces as ``notation`` writes them."""
    return re.sub(r"\s+", " ", expected.strip())


def holds(row: Row, candidates: list[Candidate]) -> bool:
    """Say whether candidates are what the table says: the best one first, the others among the rest."""
    found = [notation(each, row.now) for each in candidates]
    if row.expected == ("none",):
        return not found
    expected = [plain(each) for each in row.expected]
    return found[:1] == expected[:1] and all(each in found for each in expected[1:])
