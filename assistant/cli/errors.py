"""The one error that a command shows: a plain sentence with what to do, and an exit status."""

from __future__ import annotations


class PlainError(Exception):
    """Something that the person at the terminal can do something about."""

    def __init__(self, message: str, *, status: int = 1) -> None:
        """Keep the sentence; ``status`` is the exit status."""
        super().__init__(message)
        self.message = message
        self.status = status
