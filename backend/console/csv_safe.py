"""CSV that a spreadsheet opens without running anything, and without breaking Chinese."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

BOM = "\ufeff"
"""So that a spreadsheet knows the file is UTF-8."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what begins a formula somewhere


def cell(value: object) -> str:
    """Return a value as a cell that is only ever text: a formula gets an apostrophe before it (OWASP)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text


def lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the file piece by piece."""
    yield BOM
    yield _line(head)
    for found in rows:
        yield _line([cell(value) for value in found])


def _line(row: Sequence[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(row)
    return buffer.getvalue()
