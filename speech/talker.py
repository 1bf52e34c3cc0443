"""Speaks answers: sentence by sentence, the next one made while the last one is played; silent at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence

from speech.errors import SpeechError
from speech.models import Manner, Sound
from speech.ports import Loudspeaker, Speaker

AHEAD = 32
"""Pieces of sound that are made ahead of the playing."""

_END = object()


class Talker:
    """One voice on one loudspeaker. ``say`` from one thread, ``stop`` from any."""

    def __init__(self, speaker: Speaker, loudspeaker: Loudspeaker) -> None:
        self._speaker, self._loudspeaker = speaker, loudspeaker
        self._stopped = threading.Event()
        self._active = threading.Event()

    @property
    def active(self) -> bool:
        """Whether we are speaking, or about to."""
        return self._active.is_set()

    @property
    def audible(self) -> bool:
        """Whether we are speaking and were not told to stop."""
        return self._active.is_set() and not self._stopped.is_set()

    def say(
        self,
        texts: Sequence[str],
        manner: Manner,
        *,
        first: Callable[[], None] = lambda: None,
        playing: Callable[[Sound], None] = lambda _sound: None,
    ) -> bool:
        """Speak, and return whether all of it was spoken.

        Args:
            texts: what to say.
            manner: how.
            first: called when the first sound is there.
            playing: called with each piece as it goes to the loudspeaker.

        Raises:
            SpeechError: the voice or the loudspeaker failed.
        """
        self._stopped.clear()
        self._active.set()
        finished = False
        made: queue.Queue[Sound | SpeechError | object] = queue.Queue(maxsize=AHEAD)
        maker = threading.Thread(target=self._make, args=(texts, manner, made), daemon=True, name="voice")
        maker.start()
        try:
            finished = self._loudspeaker.play(self._pieces(made, first, playing))
            return finished and not self._stopped.is_set()
        finally:
            if not finished:
                self._stopped.set()
                self._speaker.cancel()
            while maker.is_alive():  # it may wait for room
                _drain(made)
                maker.join(0.05)
            self._active.clear()

    def stop(self) -> None:
        """Be silent at once; nothing where nothing is said."""
        if self._active.is_set():
            self._stopped.set()
            self._loudspeaker.stop()
            self._speaker.cancel()

    def _make(
        self, texts: Sequence[str], manner: Manner, made: queue.Queue[Sound | SpeechError | object]
    ) -> None:
        try:
            for text in texts:
                for sound in self._speaker.speak(text, manner):
                    if self._stopped.is_set():
                        return
                    made.put(sound)
        except SpeechError as error:
            made.put(error)
        finally:
            made.put(_END)

    def _pieces(
        self,
        made: queue.Queue[Sound | SpeechError | object],
        first: Callable[[], None],
        playing: Callable[[Sound], None],
    ) -> Iterator[Sound]:
        begun = False
        while not self._stopped.is_set():
            piece = made.get()
            if isinstance(piece, SpeechError):
                raise piece
            if not isinstance(piece, Sound):
                return
            if not begun:
                begun = True
                first()
            playing(piece)
            yield piece


def _drain(made: queue.Queue[Sound | SpeechError | object]) -> None:
    while True:
        try:
            made.get_nowait()
        except queue.Empty:
            return
