"""Lines in and lines out: UTF-8 whatever the terminal says, and never a crash over a byte."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

MAX_LINE_BYTES = 1_000_000
"""Longest line that is read, in bytes; the rest of a longer one is skipped."""


def tidy(text: str) -> str:
    """Return ``text`` without lone surrogates, which stand for bytes that were no UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if text else text


def read_lines(stream: BinaryIO | None = None) -> Iterator[str]:
    """Yield the lines of standard input as they come, without their ends; empty lines count, too."""
    source = stream if stream is not None else sys.stdin.buffer
    first = True
    while raw := source.readline(MAX_LINE_BYTES):
        whole = raw.endswith(b"\n")
        while not whole and len(raw) >= MAX_LINE_BYTES:
            rest = source.readline(MAX_LINE_BYTES)
            whole = not rest or rest.endswith(b"\n")
        line = raw.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
        yield line.removeprefix("\ufeff") if first else line
        first = False


def read_batches(size: int, *, descriptor: int | None = None) -> Iterator[list[str]]:
    """Yield the lines of standard input in batches of up to ``size``, never waiting for a batch to fill.

    What came together is answered together; somebody who writes a line and waits gets the answer to it.
    """
    source = sys.stdin.fileno() if descriptor is None else descriptor
    rest = b"\xef\xbb\xbf"  # a byte order mark is looked for once, below
    begun = False
    while chunk := os.read(source, 1 << 16):
        rest = rest + chunk if begun else chunk.removeprefix(rest)
        begun = True
        *whole, rest = rest.split(b"\n")
        yield from _cut(whole, size)
    if begun and rest:
        yield [_decoded(rest)]


def _cut(raw: list[bytes], size: int) -> Iterator[list[str]]:
    for start in range(0, len(raw), size):
        yield [_decoded(line) for line in raw[start : start + size]]


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").removesuffix("\r")


def is_interactive() -> bool:
    """Return whether a person sits at standard input."""
    return sys.stdin.isatty()


def write_json(value: dict[str, Any]) -> None:
    """Write one object on one line of standard output, at once."""
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def write_line(text: str) -> None:
    """Write one line to standard output, at once."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def tell(text: str) -> None:
    """Write one line of progress to standard error."""
    sys.stderr.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stderr.buffer.flush()
