"""What the actions are connected to. rasa-sdk makes action objects itself, so they ask here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assistant.actions.client import Backend


@dataclass(frozen=True)
class Connections:
    """The backend's address and token."""

    base_url: str
    token: str

    @cached_property
    def backend(self) -> Backend:
        """The backend's client, made on first use."""
        return Backend(base_url=self.base_url, token=self.token)


_current: Connections | None = None


def use(connections: Connections) -> None:
    """Connect the actions of this process."""
    global _current
    _current = connections


def current() -> Connections:
    """Return the connections; a stock `rasa run actions` gets them from the environment."""
    if _current is None:
        secret = Path(os.environ.get("KANGBAN_HOME", "var")) / "secrets" / "service"
        token = secret.read_text(encoding="utf-8").strip() if secret.is_file() else ""
        use(Connections(os.environ.get("KANGBAN_BACKEND_URL", "http://127.0.0.1:8000"), token))
    assert _current is not None  # noqa: S101 - set above
    return _current
