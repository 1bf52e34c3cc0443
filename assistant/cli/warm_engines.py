"""Keeps a recogniser and a voice warm between two holds of a button: a model takes seconds to load.

One pair at most waits, for some minutes; then its memory is given back.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from assistant.cli.voice_socket import OpenEngines
from speech.models import Manner
from speech.pipeline import Pipeline
from speech.ports import Recognizer, Speaker

IDLE_S = 300.0
"""How long a pair waits for the next hold, in seconds."""


class _Lent:
    """A pair that goes back when it is closed."""

    def __init__(self, engines: OpenEngines, give_back: Callable[[OpenEngines], None]) -> None:
        self._engines: OpenEngines | None = engines
        self._give_back = give_back
        self.recognizer: Recognizer = engines.recognizer
        self.speaker: Speaker = engines.speaker

    def accompany(self, pipeline: Pipeline, manner: Callable[[], Manner], *, ahead: bool) -> None:
        if self._engines is not None:
            self._engines.accompany(pipeline, manner, ahead=ahead)

    def close(self) -> None:
        engines, self._engines = self._engines, None
        if engines is not None:
            self._give_back(engines)


class WarmEngines:
    """Lends pairs of engines.

    Args:
        make: opens a pair; may raise SpeechError.
        idle_s: how long a pair waits.
    """

    def __init__(self, make: Callable[[], OpenEngines], *, idle_s: float = IDLE_S) -> None:
        self._make, self._idle_s = make, idle_s
        self._lock = threading.Lock()
        self._waiting: OpenEngines | None = None
        self._timer: threading.Timer | None = None
        self._closed = False

    def lend(self) -> OpenEngines:
        """Return a pair; closing it gives it back."""
        with self._lock:
            engines = self._take()
        return _Lent(engines or self._make(), self._back)

    def borrow(self) -> OpenEngines | None:
        """Return the pair that waits, None where none does; closing it gives it back."""
        with self._lock:
            engines = self._take()
        return None if engines is None else _Lent(engines, self._back)

    def close(self) -> None:
        """End what waits; what is lent ends when it comes back."""
        with self._lock:
            self._closed = True
            engines = self._take()
        if engines is not None:
            engines.close()

    def _take(self) -> OpenEngines | None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        engines, self._waiting = self._waiting, None
        return engines

    def _back(self, engines: OpenEngines) -> None:
        with self._lock:
            if self._waiting is None and not self._closed:
                self._waiting = engines
                self._timer = threading.Timer(self._idle_s, self._idle, (engines,))
                self._timer.daemon = True
                self._timer.start()
                return
        engines.close()

    def _idle(self, engines: OpenEngines) -> None:
        with self._lock:
            if self._waiting is not engines:
                return
            self._take()
        engines.close()
