"""Fakes of every port, for tests of whoever uses them; they keep the ports' promises.

Sound of the fakes is a tone for speech and zeros for silence: ``spoken`` makes it, and the fake recogniser
"hears" a script as the tones go by.
"""

from __future__ import annotations

import math
import struct
import threading
from collections.abc import Iterable, Iterator, Sequence

from speech.errors import EngineHung
from speech.models import FRAME_BYTES, RATE, Alternative, Manner, Partial, Sound, Transcript, Word, seconds_of

SECONDS_PER_CHARACTER = 0.2
"""An elder's pace: five characters a second."""


def tone(seconds: float, *, hertz: float = 220.0, loud: float = 0.3, rate: int = RATE) -> bytes:
    """Return a tone of that length."""
    samples = int(seconds * rate)
    step = 2 * math.pi * hertz / rate
    return struct.pack(f"<{samples}h", *(int(32767 * loud * math.sin(step * at)) for at in range(samples)))


def silence(seconds: float, *, rate: int = RATE) -> bytes:
    """Return silence of that length."""
    return b"\0\0" * int(seconds * rate)


def spoken(text: str) -> bytes:
    """Return a tone as long as it takes to say ``text``."""
    return tone(len(text) * SECONDS_PER_CHARACTER)


def framed(pcm: bytes) -> Iterator[bytes]:
    """Yield ``pcm`` in frames, the last one filled up with silence."""
    for at in range(0, len(pcm), FRAME_BYTES):
        yield pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")


class FakeMicrophone:
    """Yields the frames of some sound, as fast as they are taken."""

    def __init__(self, pcm: bytes) -> None:
        self._pcm = pcm
        self._closed = threading.Event()

    def frames(self) -> Iterator[bytes]:
        """Yield frames."""
        for frame in framed(self._pcm):
            if self._closed.is_set():
                return
            yield frame

    def close(self) -> None:
        """End the iteration."""
        self._closed.set()


class FakeLoudspeaker:
    """Keeps what it was told to play; ``stop`` from another thread interrupts."""

    def __init__(self) -> None:
        self.played: list[Sound] = []
        self._stopped = threading.Event()

    def play(self, sounds: Iterable[Sound]) -> bool:
        """Keep the sounds."""
        self._stopped.clear()
        for sound in sounds:
            if self._stopped.is_set():
                return False
            self.played.append(sound)
        return not self._stopped.is_set()

    def stop(self) -> None:
        """Be silent."""
        self._stopped.set()

    def close(self) -> None:
        """Do nothing."""


class FakeDetector:
    """Takes any frame that is not silent for speech."""

    name = "fake"

    def probability(self, frame: bytes) -> float:
        """Return 1.0 where a sample differs from zero."""
        return 1.0 if frame.strip(b"\0") else 0.0

    def reset(self) -> None:
        """Do nothing."""


class FakeRecognition:
    """Hears its text at five characters a second of sound that is not silent."""

    def __init__(self, text: str, *, engine: str, alternatives: Sequence[str]) -> None:
        self._text, self._engine, self._alternatives = text, engine, alternatives
        self._fed = self._voiced = 0.0
        self._shown = ""
        self._over = False

    def feed(self, pcm: bytes) -> Partial | None:
        """Return a partial whenever another character has gone by."""
        if self._over:
            raise ValueError("this session is over")
        self._fed += seconds_of(pcm)
        if pcm.strip(b"\0"):
            self._voiced += seconds_of(pcm)
        heard = self._text[: int(self._voiced / SECONDS_PER_CHARACTER)]
        if heard == self._shown:
            return None
        self._shown = heard
        return Partial(text=heard, audio_s=self._fed)

    def finish(self) -> Transcript:
        """Return the whole text, or nothing where no sound was fed."""
        self._over = True
        text = self._text if self._voiced else ""
        words = tuple(
            Word(text=one, start=at * SECONDS_PER_CHARACTER, end=(at + 1) * SECONDS_PER_CHARACTER)
            for at, one in enumerate(text)
        )
        return Transcript(
            text=text,
            engine=self._engine,
            audio_s=self._fed,
            compute_s=0.0,
            words=words,
            alternatives=tuple(Alternative(text=one) for one in self._alternatives) if text else (),
        )

    def cancel(self) -> None:
        """End the session."""
        self._over = True


class FakeRecognizer:
    """Hears the texts of a script, one a session, in order; then nothing."""

    def __init__(
        self, script: Iterable[str] = (), *, streaming: bool = True, alternatives: Sequence[str] = ()
    ) -> None:
        self.name = "fake"
        self.streaming = streaming
        self.hints: list[tuple[str, ...]] = []
        self._script = iter(script)
        self._alternatives = alternatives

    def start(self, *, hints: Sequence[str] = ()) -> FakeRecognition:
        """Begin the next text of the script."""
        self.hints.append(tuple(hints))
        return FakeRecognition(next(self._script, ""), engine=self.name, alternatives=self._alternatives)

    def close(self) -> None:
        """Do nothing."""


class BrokenRecognizer(FakeRecognizer):
    """Fails whenever it is asked."""

    def start(self, *, hints: Sequence[str] = ()) -> FakeRecognition:
        """Raise EngineHung."""
        raise EngineHung(f"hung with {len(hints)} hints")


class FakeSpeaker:
    """Speaks a tone a character, and keeps what it was asked to say."""

    name = "fake"
    voices: Sequence[str] = ("tone",)

    def __init__(self) -> None:
        self.said: list[tuple[str, Manner]] = []
        self._cancelled = threading.Event()

    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Sound]:  # noqa: B008 - frozen
        """Yield a tone for each character."""
        self._cancelled.clear()
        self.said.append((text, manner))
        for _ in text:
            if self._cancelled.is_set():
                return
            length = SECONDS_PER_CHARACTER / manner.rate
            yield Sound(pcm=tone(length, loud=min(0.3 * manner.volume, 0.9)), rate=RATE)

    def cancel(self) -> None:
        """Stop soon."""
        self._cancelled.set()

    def close(self) -> None:
        """Do nothing."""
