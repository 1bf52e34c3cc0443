"""A microphone that reads sound from memory, and a loudspeaker that writes a wav file for each answer."""

from __future__ import annotations

import threading
import time
import wave
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from speech.models import FRAME_BYTES, FRAME_S, SAMPLE_BYTES, Sound


class SoundMicrophone:
    """Gives the frames of some sound, at once or in real time.

    Args:
        sound: 16 kHz.
        paced: give each frame when a microphone would.
        now: monotonic seconds.
    """

    def __init__(
        self, sound: Sound, *, paced: bool = False, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._pcm, self._paced, self._now = sound.pcm, paced, now
        self._closed = threading.Event()

    def frames(self) -> Iterator[bytes]:
        """Yield frames, the last one filled up with silence."""
        began = self._now()
        for number, at in enumerate(range(0, len(self._pcm), FRAME_BYTES)):
            if self._paced:
                self._closed.wait(max(began + (number + 1) * FRAME_S - self._now(), 0.0))
            if self._closed.is_set():
                return
            yield self._pcm[at : at + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")

    def close(self) -> None:
        """End the iteration."""
        self._closed.set()


class WavLoudspeaker:
    """Writes ``{stem}-01.wav``, ``{stem}-02.wav`` … into a folder."""

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder, self._stem = folder, stem
        self._stopped = threading.Event()
        self.files: list[Path] = []
        """What was written, oldest first."""

    def play(self, sounds: Iterable[Sound]) -> bool:
        """Write one answer; nothing where there is no sound in it."""
        self._stopped.clear()
        file: wave.Wave_write | None = None
        rate = 0
        try:
            for sound in sounds:
                if self._stopped.is_set():
                    return False
                if file is None:
                    rate = sound.rate
                    file = self._opened(rate)
                if sound.rate == rate:  # a wav file has one rate; a voice does not change it within a reply
                    file.writeframes(sound.pcm)
            return True
        finally:
            if file is not None:
                file.close()

    def _opened(self, rate: int) -> wave.Wave_write:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self._stem}-{len(self.files) + 1:02d}.wav"
        file = wave.open(str(path), "wb")  # noqa: SIM115 - closed by who plays
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        file.setframerate(rate)
        self.files.append(path)
        return file

    def stop(self) -> None:
        """End the file that is being written."""
        self._stopped.set()

    def close(self) -> None:
        """End the file that is being written."""
        self._stopped.set()
