"""The town's voice for whoever reads on a screen: one engine for all pages, opened when first asked.

What was made is kept in memory for a while, never on disk: replies name people and illnesses. After some
minutes without a call the engine is closed; a small box has other use for its memory.
"""

from __future__ import annotations

import io
import logging
import threading
import time
import wave
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from assistant.cli.voice_manner import manner_of
from assistant.cli.voice_socket import OpenEngines
from speech.errors import SpeechError
from speech.models import SAMPLE_BYTES, Manner, Sound
from speech.ports import Speaker

log = logging.getLogger(__name__)

KEPT_BYTES = 24_000_000
"""Sound that is kept, in bytes: some eight minutes."""

IDLE_S = 300.0
"""How long the engine stays open without a call, in seconds."""


class HouseVoice:
    """Makes wav files of sentences, one at a time.

    Args:
        make: opens the engine; may raise SpeechError.
        about: returns what is known of an elder's hearing and wishes, ``{"hearing","preferences"}``.
        borrow: returns engines that are open anyway and wait, or None; they are closed after each use.
    """

    def __init__(
        self,
        make: Callable[[], Speaker],
        about: Callable[[str], dict[str, Any]],
        *,
        borrow: Callable[[], OpenEngines | None] = lambda: None,
    ) -> None:
        self._make, self._about, self._borrow = make, about, borrow
        self._speaker: Speaker | None = None
        self._kept: OrderedDict[tuple[str, Manner], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._idle: threading.Timer | None = None
        self._used = 0.0

    def read(self, elder_id: str, text: str) -> bytes | None:
        """Return the wav of a sentence in the manner in which an elder wishes it; None without a voice."""
        manner = manner_of(self._about(elder_id))
        with self._lock:
            found = self._kept.get((text, manner))
            if found is not None:
                self._kept.move_to_end((text, manner))
                return found
            try:
                made = self._said(text, manner)
            except SpeechError as error:
                log.warning("a message could not be read aloud: %s", error)
                return None
            finally:
                self._close_later()
            self._kept[(text, manner)] = made
            while sum(map(len, self._kept.values())) > KEPT_BYTES and len(self._kept) > 1:
                self._kept.popitem(last=False)
            return made

    def _said(self, text: str, manner: Manner) -> bytes:
        borrowed = self._borrow() if self._speaker is None else None
        if borrowed is not None:
            try:
                return _wav(borrowed.speaker.speak(text, manner))
            finally:
                borrowed.close()
        if self._speaker is None:
            self._speaker = self._make()
        return _wav(self._speaker.speak(text, manner))

    def close(self) -> None:
        """Let go of the engine; the next call opens it anew."""
        with self._lock:
            if self._idle is not None:
                self._idle.cancel()
                self._idle = None
            speaker, self._speaker = self._speaker, None
        if speaker is not None:
            speaker.close()

    def _close_later(self) -> None:
        self._used = time.monotonic()
        if self._idle is None and self._speaker is not None:
            self._idle = threading.Timer(IDLE_S, self._look)
            self._idle.daemon = True
            self._idle.start()

    def _look(self) -> None:
        with self._lock:
            left = self._used + IDLE_S - time.monotonic()
            if left > 1:
                self._idle = threading.Timer(left, self._look)
                self._idle.daemon = True
                self._idle.start()
                return
        self.close()


def _wav(sounds: Iterable[Sound]) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(SAMPLE_BYTES)
        rate = 0
        for sound in sounds:
            if not rate:
                rate = sound.rate
                out.setframerate(rate)
            out.writeframes(sound.pcm)
        if not rate:
            out.setframerate(16_000)
    return file.getvalue()
