"""Several voices in order: where one fails or is too slow, the next one says the sentence, whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from speech.aloud import as_said, sentences
from speech.errors import EngineMissing, SpeechError
from speech.models import Manner, Sound
from speech.phrase_cache import CachedSpeaker
from speech.ports import Speaker

REST_S = 60.0
"""How long a voice that failed is left alone, in seconds: a reply is not to be said by turns."""

Told = Callable[[str, str, SpeechError], None]
"""Told which voice was left, which one speaks instead, and why."""


class FallbackSpeaker:
    """Voices in order of liking; itself a Speaker, named after the one that speaks now.

    A voice that cannot be opened is not tried again; one that failed rests for a minute. A sentence is never
    half in one voice and half in another: it is said again from its beginning.
    """

    def __init__(
        self,
        makers: Sequence[Callable[[], Speaker]],
        *,
        told: Told = lambda _left, _instead, _why: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open the first voice that can be opened.

        Raises:
            EngineMissing: none can.
        """
        self._makers, self._told, self._now = list(makers), told, now
        self._open: list[Speaker] = []
        self._rests_until: dict[int, float] = {}
        self._cancelled = threading.Event()
        self._current = self._at(0)

    @property
    def name(self) -> str:
        """The engine that speaks."""
        return self._current.name

    @property
    def voices(self) -> Sequence[str]:
        """The voices of the engine that speaks."""
        return self._current.voices

    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Sound]:  # noqa: B008 - frozen
        """Yield the sound of ``text``."""
        self._cancelled.clear()
        for sentence in sentences(as_said(text)):
            if self._cancelled.is_set():
                return
            yield from self._sentence(sentence, manner)

    def _sentence(self, sentence: str, manner: Manner) -> Iterator[Sound]:
        number = self._rested()
        while True:
            speaker = self._current = self._at(number)
            fits = manner if manner.voice in speaker.voices else replace(manner, voice=None)
            try:
                yield from speaker.speak(sentence, fits)
                return
            except SpeechError as error:
                self._rests_until[number] = self._now() + REST_S
                number += 1
                if self._cancelled.is_set() or number >= len(self._open) + len(self._makers):
                    raise
                self._told(speaker.name, self._at(number).name, error)

    def _rested(self) -> int:
        """Return the number of the best voice that is not at rest, of the best where all are."""
        at = self._now()
        return next(
            (
                number
                for number in range(len(self._open) + len(self._makers))
                if self._rests_until.get(number, at) <= at
            ),
            0,
        )

    @property
    def opened(self) -> Sequence[Speaker]:
        """The voices that run, the best first."""
        return tuple(self._open)

    def render_ahead(self, manner: Manner = Manner()) -> Iterator[str]:  # noqa: B008 - frozen
        """Render the best voice's fixed phrases, yielding each before it is made, if it keeps any."""
        best = self._open[0]
        if isinstance(best, CachedSpeaker):
            fits = manner if manner.voice in best.voices else replace(manner, voice=None)
            yield from best.render_ahead(fits)

    def cancel(self) -> None:
        """Stop soon."""
        self._cancelled.set()
        self._current.cancel()

    def close(self) -> None:
        """Let go of all engines."""
        for speaker in self._open:
            speaker.close()

    def _at(self, number: int) -> Speaker:
        reasons: list[str] = []
        while len(self._open) <= number:
            if not self._makers:
                raise EngineMissing("No voice can be used. " + " ".join(reasons))
            try:
                self._open.append(self._makers.pop(0)())
            except SpeechError as error:
                reasons.append(error.message)
        return self._open[number]
