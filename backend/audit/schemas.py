"""What the audit shows over the wire."""

from __future__ import annotations

from backend.wire import Wire


class VerificationOut(Wire):
    """Whether the audit is whole."""

    ok: bool
    entries: int
    head: str
    problems: tuple[str, ...]
