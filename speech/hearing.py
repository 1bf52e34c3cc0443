"""One utterance on its way through a recogniser: word by word where it streams, at every pause where not.

A recogniser without streaming is asked at each pause of the speaker, while we wait to see whether she goes
on: the answer is there when the wait is over, and its words can already be looked at for an emergency.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from speech.models import FRAME_S, RATE, SAMPLE_BYTES, Transcript
from speech.ports import Recognition, Recognizer

FEED_FRAMES = 4
"""Frames that are given to an engine at once: 128 ms, a good length for Kaldi and few calls."""

PAUSE_S = 0.35
"""Silence after which a recogniser without streaming is asked, in seconds."""

TAIL_S = 0.3
"""Silence after the last speech that a recogniser gets to hear, in seconds; more of it invites inventions."""


class Hearing(Protocol):
    """One utterance."""

    def feed(self, frame: bytes, *, silence_s: float) -> str | None:
        """Take a frame; return the words so far where they are new.

        Args:
            frame: the sound.
            silence_s: how long nobody has spoken, this frame included.
        """
        ...

    def finish(self) -> Transcript:
        """Return what was heard."""
        ...

    def cancel(self) -> None:
        """Throw it away."""
        ...


class StreamingHearing:
    """Feeds the engine as the sound comes."""

    def __init__(self, recognizer: Recognizer, hints: Sequence[str]) -> None:
        self._session: Recognition = recognizer.start(hints=hints)
        self._frames: list[bytes] = []

    def feed(self, frame: bytes, *, silence_s: float) -> str | None:
        """Take a frame."""
        if silence_s > TAIL_S + FEED_FRAMES * FRAME_S:
            return None
        self._frames.append(frame)
        return self._flush() if len(self._frames) >= FEED_FRAMES else None

    def _flush(self) -> str | None:
        pcm = b"".join(self._frames)
        self._frames.clear()
        partial = self._session.feed(pcm) if pcm else None
        return partial.text if partial is not None else None

    def finish(self) -> Transcript:
        """Return what was heard."""
        self._flush()
        return self._session.finish()

    def cancel(self) -> None:
        """Throw it away."""
        self._session.cancel()


class PausingHearing:
    """Asks the engine at every pause, and at the end only where there is more than it was asked about.

    Args:
        recognizer: the engine.
        hints: names that are likely.
        pool: runs the engine beside the listening; one worker, for engines hold one session at a time.
        wait: wait for the words of a pause before the next frame is taken: for sound that comes faster than
            real time, so that a file is heard as a microphone would be.
        most_s: only so much of it is listened to, in seconds; None for all.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        hints: Sequence[str],
        *,
        pool: ThreadPoolExecutor,
        wait: bool,
        most_s: float | None = None,
    ) -> None:
        self._recognizer, self._hints, self._pool, self._wait = recognizer, hints, pool, wait
        self._most_bytes = None if most_s is None else int(most_s * RATE) * SAMPLE_BYTES
        self._pcm = bytearray()
        self._speech_bytes = 0
        self._asked: Future[Transcript] | None = None
        self._asked_bytes = -1
        self._told: Future[Transcript] | None = None

    def feed(self, frame: bytes, *, silence_s: float) -> str | None:
        """Take a frame."""
        if self._most_bytes is None or len(self._pcm) < self._most_bytes:
            self._pcm += frame
        if silence_s == 0.0:
            self._speech_bytes = len(self._pcm)
        if silence_s >= PAUSE_S and self._asked_bytes != self._speech_bytes and self._is_free():
            self._ask()
            if self._wait and self._asked is not None:
                self._asked.exception()
        if self._asked is None or self._asked is self._told or not self._asked.done():
            return None
        self._told = self._asked
        return self._asked.result().text

    def _is_free(self) -> bool:
        return self._asked is None or self._asked.done()

    def _ask(self) -> None:
        self._asked_bytes = self._speech_bytes
        tail = int(TAIL_S * RATE) * SAMPLE_BYTES
        self._asked = self._pool.submit(self._hear, bytes(self._pcm[: self._speech_bytes + tail]))

    def _hear(self, pcm: bytes) -> Transcript:
        session = self._recognizer.start(hints=self._hints)
        try:
            session.feed(pcm)
            return session.finish()
        finally:
            session.cancel()

    def finish(self) -> Transcript:
        """Return what was heard."""
        if self._asked is None or self._asked_bytes != self._speech_bytes:
            self._ask()
        if self._asked is None:
            raise ValueError("nothing was fed")
        return self._asked.result()

    def cancel(self) -> None:
        """Throw it away; an engine that is at work finishes what it does, and nobody looks at it."""
        if self._asked is not None:
            self._asked.cancel()
