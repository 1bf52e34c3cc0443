"""Reads a spreadsheet (xlsx or csv) into rows of plain text, and refuses what would fill the memory.

Nothing in a file is ever run: formulas come as text, external links and macros are not looked at, and XML is
read by defusedxml.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from backend.errors import BadInput

LARGEST = 5_000_000
"""Most bytes of a file: a county's survey as csv; more is several files."""

UNPACKED = 60_000_000
"""Most bytes that an xlsx may unpack to: twelve times the largest file; a zip bomb has thousands of times."""

MOST_ROWS, MOST_COLUMNS, LONGEST = 3000, 40, 500
"""Most rows, columns, and characters of a cell."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A spreadsheet's first sheet: its head, and its rows with their line numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read(name: str, data: bytes) -> Table:
    """Return the table in a file.

    Raises:
        BadInput: ``survey_…``: too large, not a spreadsheet, or without head or rows.
    """
    if len(data) > LARGEST:
        raise BadInput("The file is too large.", code="survey_too_large")
    if data[:4] == b"PK\x03\x04":
        return _table(_xlsx(data))
    if name.lower().endswith((".xlsx", ".xlsm", ".xls")) or b"\x00" in data[:4096]:
        raise BadInput("The file is no spreadsheet that can be read.", code="survey_not_readable")
    return _table(_csv(data))


def _table(lines: Iterable[tuple[str, ...]]) -> Table:
    head: tuple[str, ...] = ()
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, line in enumerate(lines, start=1):
        if not any(line):
            continue
        if not head:
            head = line
        elif len(rows) == MOST_ROWS:
            raise BadInput("There are too many rows.", code="survey_too_many_rows")
        else:
            rows.append((number, line))
    if not head or not rows:
        raise BadInput("There are no rows.", code="survey_empty")
    return Table(head=head, rows=tuple(rows))


def _csv(data: bytes) -> Iterator[tuple[str, ...]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # what a Chinese spreadsheet writes as CSV
        except UnicodeDecodeError:
            raise BadInput("The file is no text.", code="survey_not_readable") from None
    try:
        for line in csv.reader(io.StringIO(text, newline="")):
            yield tuple(_cell(value) for value in line[:MOST_COLUMNS])
    except csv.Error:
        raise BadInput("The file is no table.", code="survey_not_readable") from None


def _xlsx(data: bytes) -> Iterator[tuple[str, ...]]:
    # Only here: most processes never read a spreadsheet.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            found = packed.infolist()
            if len(found) > 1000 or sum(one.file_size for one in found) > UNPACKED:
                raise BadInput("The file unpacks to too much.", code="survey_too_large")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        # What a sheet says of its size is not believed: rows end where they end, and are counted.
        sheet.reset_dimensions()
        for line in sheet.iter_rows(max_row=MOST_ROWS + 50, max_col=MOST_COLUMNS, values_only=True):
            yield tuple(_cell(value) for value in line)
    except BadInput:
        raise
    except (
        zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, IndexError, ValueError, TypeError,
        AttributeError, EOFError, OSError, NotImplementedError, RuntimeError,
    ):  # fmt: skip
        raise BadInput("The file is no spreadsheet.", code="survey_not_readable") from None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a telephone number that the spreadsheet took for a quantity
    text = str(value)[: LONGEST + 1].replace("\x00", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join(text.split())
