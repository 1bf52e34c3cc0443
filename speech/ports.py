"""What the pipeline asks of microphones, detectors, recognisers and voices: Protocols, no code.

All are blocking and meant for one thread at a time, except ``cancel``, ``close`` and ``stop``, which any
thread may call at any time. Every method may raise a SpeechError; nothing else leaves an engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from speech.models import Manner, Partial, Sound, Transcript


class Microphone(Protocol):
    """A source of frames: a device, a file, a satellite's socket."""

    def frames(self) -> Iterator[bytes]:
        """Yield frames of FRAME_BYTES as they come, until there are no more or it is closed.

        A device that is unplugged yields nothing until it is back; it does not end the iteration.
        """
        ...

    def close(self) -> None:
        """End the iteration."""
        ...


class Loudspeaker(Protocol):
    """Where sound goes to."""

    def play(self, sounds: Iterable[Sound]) -> bool:
        """Play until the end, or until ``stop``; return whether it was played to its end."""
        ...

    def stop(self) -> None:
        """Be silent at once."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


class VoiceDetector(Protocol):
    """Tells speech from everything else, a frame at a time."""

    name: str

    def probability(self, frame: bytes) -> float:
        """Return how likely somebody speaks in this frame (FRAME_BYTES), 0 to 1."""
        ...

    def reset(self) -> None:
        """Forget what came before: another stream begins."""
        ...


class WakeWord(Protocol):
    """Spots the wake phrase in what has been heard so far."""

    def find(self, heard: str) -> int | None:
        """Return where the words after the wake phrase begin in ``heard``, or None where it was not said."""
        ...


class Recognition(Protocol):
    """One utterance while it is being recognised."""

    def feed(self, pcm: bytes) -> Partial | None:
        """Take more sound (16 kHz, any even length); return a partial where there is a new one.

        An engine without streaming may return None always, or now and then a partial of what it has.
        """
        ...

    def finish(self) -> Transcript:
        """Return what was heard. The session is over."""
        ...

    def cancel(self) -> None:
        """Throw the session away. Safe after ``finish``, and twice."""
        ...


class Recognizer(Protocol):
    """Turns speech into words. One session at a time."""

    name: str
    streaming: bool
    """Whether partials come while somebody speaks."""

    def start(self, *, hints: Sequence[str] = ()) -> Recognition:
        """Begin an utterance.

        Args:
            hints: names that are likely to be said (dishes, doctors …), most likely first. An engine uses as
                many as it can.
        """
        ...

    def close(self) -> None:
        """Let go of the model."""
        ...


class Speaker(Protocol):
    """Turns words into speech."""

    @property
    def name(self) -> str:
        """The engine's name."""
        ...

    @property
    def voices(self) -> Sequence[str]:
        """Voices by name, its own first."""
        ...

    def speak(self, text: str, manner: Manner = ...) -> Iterator[Sound]:
        """Yield the sound of ``text`` piece by piece, so that the first is heard early.

        Args:
            text: a reply as an elder is to hear it; may hold digits and punctuation.
            manner: pace, loudness and voice. An unknown voice is the speaker's own.
        """
        ...

    def cancel(self) -> None:
        """End a running ``speak`` soon: its iterator stops."""
        ...

    def close(self) -> None:
        """Let go of the model."""
        ...
