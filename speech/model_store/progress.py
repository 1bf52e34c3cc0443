"""How far a fetch is, told to whoever shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Hears of each step of a fetch; the command draws a bar of it."""

    def step(self, text: str) -> None:
        """Say what is done now, in a few words."""
        ...

    def bytes_done(self, done: int, total: int | None) -> None:
        """Say how many bytes of the file are here; ``total`` is None where nobody knows."""
        ...


class Silent:
    """Tells nobody."""

    def step(self, text: str) -> None:
        """Say nothing."""

    def bytes_done(self, done: int, total: int | None) -> None:
        """Say nothing."""
