"""Several voices in order: when one fails before it is heard, the next one speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from speech.errors import EngineMissing, SpeechError
from speech.models import Manner, Sound
from speech.ports import Speaker


class FallbackSpeaker:
    """Voices in order of liking; itself a Speaker, named after the one that speaks now.

    A voice that cannot be opened is not tried again; one that failed over a sentence is, at the next.
    """

    def __init__(self, makers: Sequence[Callable[[], Speaker]]) -> None:
        """Open the first voice that can be opened.

        Raises:
            EngineMissing: none can.
        """
        self._makers = list(makers)
        self._open: list[Speaker] = []
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
        number = 0
        while True:
            speaker = self._current = self._at(number)
            heard = False
            fits = manner if manner.voice in speaker.voices else replace(manner, voice=None)
            try:
                for sound in speaker.speak(text, fits):
                    heard = True
                    yield sound
                return
            except SpeechError:
                number += 1
                # Half a sentence in one voice and all of it again in another would confuse.
                if heard or number >= len(self._open) + len(self._makers):
                    raise

    def cancel(self) -> None:
        """Stop soon."""
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
