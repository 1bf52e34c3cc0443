"""Fixed phrases rendered ahead and kept on disk by voice, pace and text; nothing personal is kept."""

from __future__ import annotations

import hashlib
import os
import threading
import wave
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from speech.aloud import as_said, pieces
from speech.engines.sound import louder
from speech.errors import SpeechError
from speech.models import SAMPLE_BYTES, Manner, Sound
from speech.ports import Speaker

VERSION = "1"
"""Changed when the same text is to sound different from now on: older sound is then never found again."""


MOST_BYTES = 256 * 1024**2
"""Most that is kept: several voices and paces of all phrases; the oldest goes first."""


class CachedSpeaker:
    """A speaker that takes its fixed phrases from disk; itself a Speaker.

    Only sentences of ``fixed`` and the pieces ``openings`` (给您订好了，) are kept: what names an elder, an
    illness or a telephone number leaves no sound behind.
    """

    def __init__(
        self,
        speaker: Speaker,
        folder: Path,
        fixed: Iterable[str],
        *,
        openings: Iterable[str] = (),
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._speaker, self._folder, self._most_bytes = speaker, folder, most_bytes
        self._fixed = {piece for text in fixed for piece in pieces(as_said(text))}.union(openings)
        self._cancelled = threading.Event()
        self._cancels = 0

    @property
    def name(self) -> str:
        """The engine's name."""
        return self._speaker.name

    @property
    def pid(self) -> int | None:
        """The process id of the engine, where it has one of its own."""
        pid = getattr(self._speaker, "pid", None)
        return pid if isinstance(pid, int) else None

    @property
    def voices(self) -> Sequence[str]:
        """The engine's voices."""
        return self._speaker.voices

    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Sound]:  # noqa: B008 - frozen
        """Yield the sound of ``text``, the fixed pieces of it from disk."""
        self._cancelled.clear()
        plain = replace(manner, volume=1.0)
        for part in self._parts(text):
            if self._cancelled.is_set():
                return
            for sound in self._piece(part, plain):
                if self._cancelled.is_set():
                    return
                yield louder(sound, manner.volume)

    def _parts(self, text: str) -> list[str]:
        """Return the text in fixed pieces and in what stands between them, which the engine cuts."""
        parts: list[str] = []
        joins = False
        for piece in pieces(as_said(text)):
            fixed = piece in self._fixed
            if joins and not fixed:
                parts[-1] += piece
            else:
                parts.append(piece)
            joins = not fixed
        return parts

    def render_ahead(self, manner: Manner = Manner()) -> Iterator[str]:  # noqa: B008 - frozen
        """Render the fixed pieces that are not on disk yet, yielding each before it is made; stop at will."""
        plain = replace(manner, volume=1.0)
        for piece in sorted(self._fixed, key=len):
            if not self._path(piece, plain).exists():
                yield piece
                list(self._piece(piece, plain))

    def cancel(self) -> None:
        """Stop soon."""
        self._cancelled.set()
        self._cancels += 1
        self._speaker.cancel()

    def close(self) -> None:
        """Let go of the engine."""
        self._speaker.close()

    def _piece(self, piece: str, manner: Manner) -> Iterator[Sound]:
        if piece not in self._fixed:
            yield from self._speaker.speak(piece, manner)
            return
        path = self._path(piece, manner)
        if (kept := _read(path)) is not None:
            yield kept
            return
        made: list[Sound] = []
        cancels = self._cancels
        for sound in self._speaker.speak(piece, manner):
            made.append(sound)
            yield sound
        # What was cut short is not kept; it may be another thread that was told to be silent.
        if made and cancels == self._cancels and _write(path, made):
            _keep_within(self._folder, self._most_bytes)

    def _path(self, piece: str, manner: Manner) -> Path:
        voice = manner.voice if manner.voice in self.voices else self.voices[0]
        key = "\0".join((VERSION, self.name, str(voice), f"{manner.rate:.2f}", piece))
        return self._folder / (hashlib.sha256(key.encode()).hexdigest()[:32] + ".wav")


def _read(path: Path) -> Sound | None:
    try:
        with wave.open(str(path), "rb") as file:
            return Sound(pcm=file.readframes(file.getnframes()), rate=file.getframerate())
    except (OSError, EOFError, wave.Error):
        return None


def _write(path: Path, sounds: Sequence[Sound]) -> bool:
    """Write whole or not at all; a full disk costs the cache, never the answer."""
    fresh = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_wav(fresh, sounds)
        fresh.replace(path)
        return True
    except (OSError, SpeechError):
        with suppress(OSError):
            fresh.unlink()
        return False


def _keep_within(folder: Path, most_bytes: int) -> None:
    """Let go of the oldest sound while there is more than that."""
    with suppress(OSError):
        found = [
            (status.st_mtime, status.st_size, path) for path in folder.iterdir() if (status := path.stat())
        ]
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= most_bytes:
                return
            path.unlink()
            total -= size


def write_wav(path: Path, sounds: Iterable[Sound]) -> float:
    """Write sounds of one rate to a wav file; return its length in seconds. Raises OSError."""
    seconds = 0.0
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SAMPLE_BYTES)
        for sound in sounds:
            if not seconds:
                file.setframerate(sound.rate)
            file.writeframes(sound.pcm)
            seconds += sound.seconds
        if not seconds:
            file.setframerate(16_000)
    return seconds
