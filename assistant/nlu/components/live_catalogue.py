"""The catalogue as the backend has it now, held by the process that understands."""

from __future__ import annotations

import http.client
import json
import logging
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.nlu.catalogue import Catalogue

logger = logging.getLogger(__name__)

TRAINING_CATALOGUE = Path(__file__).parents[3] / "data" / "dialogues" / "lookups" / "catalogue.json"
"""Typical names of a town, for training and for `rasa shell` without a backend."""


@dataclass
class LiveCatalogue:
    """Asks the backend for its catalogue with an ETag before each sentence; keeps the last good one.

    A new dish is so understood on the next sentence. One conditional request on a kept-alive loopback
    connection costs about a millisecond. Without a backend the training catalogue stands in.
    """

    backend_url: str | None
    token: str = ""
    timeout_s: float = 2.0
    _etag: str | None = None
    _current: Catalogue | None = None
    _connection: http.client.HTTPConnection | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Catalogue:
        """Return the newest catalogue that can be had."""
        with self._lock:
            if self.backend_url:
                self._refresh()
            if self._current is None:
                self._current = training_catalogue()
            return self._current

    def _refresh(self) -> None:
        for attempt in (1, 2):  # a kept-alive connection may have been closed by the other side
            try:
                status, etag, body = self._get()
            except (OSError, http.client.HTTPException) as error:
                self._connection = None
                if attempt == 2:
                    logger.warning("catalogue not refreshed: %s", error.__class__.__name__)
                continue
            if status == 200:
                self._current, self._etag = Catalogue.from_snapshot(json.loads(body)), etag
            elif status != 304:
                logger.warning("catalogue not refreshed: backend answered %s", status)
            return

    def _get(self) -> tuple[int, str | None, bytes]:
        if self._connection is None:
            parts = urllib.parse.urlsplit(str(self.backend_url))
            self._connection = http.client.HTTPConnection(
                str(parts.hostname), parts.port, timeout=self.timeout_s
            )
        headers = {"Authorization": f"Bearer {self.token}"}
        if self._etag and self._current is not None:
            headers["If-None-Match"] = self._etag
        self._connection.request("GET", "/api/v1/catalogue", headers=headers)
        answer = self._connection.getresponse()
        return answer.status, answer.getheader("ETag"), answer.read()


def training_catalogue() -> Catalogue:
    """Return the catalogue that the training sentences speak of."""
    snapshot: dict[str, Any] = json.loads(TRAINING_CATALOGUE.read_text(encoding="utf-8"))
    return Catalogue.from_snapshot(snapshot)


_source = LiveCatalogue(backend_url=None)


def use(source: LiveCatalogue) -> None:
    """Make ``source`` the catalogue of this process (called once by the dialogue process)."""
    global _source
    _source = source


_repairing: ContextVar[bool] = ContextVar("repairing", default=True)
"""Off only around a /parse that asks for it; a turn runs in a task of its own and never sees that."""


@contextmanager
def without_repair() -> Iterator[None]:
    """Find names only as they are written within this block of this task: for measuring."""
    token = _repairing.set(False)
    try:
        yield
    finally:
        _repairing.reset(token)


def catalogue() -> Catalogue:
    """Return the catalogue of this process as it is now."""
    current = _source.current()
    return current if _repairing.get() else current.without_repair()
