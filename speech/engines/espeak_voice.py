"""The always-there voice: pyttsx3 with espeak-ng, given pinyin with tones, for it cannot read characters."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
import threading
import time
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from speech.aloud import as_said, pieces
from speech.engines.sound import silence, sound_of
from speech.errors import EngineError, EngineMissing
from speech.models import Manner, Sound
from speech.pronunciation import Spoken, pronounce

VOICE = "sit/cmn-latn-pinyin"
"""espeak-ng's Mandarin that reads pinyin; its plain ``cmn`` reads most characters as "Chinese letter"."""

WORDS_A_MINUTE = 150
"""espeak's measure of pace at 1.0: about four syllables a second, which elders follow."""

MOST_S = 10.0
"""Longest time for one piece, in seconds; it takes a tenth of a second."""

PAUSES = {"，": 0.2, "。": 0.4, "？": 0.4, "！": 0.4}
"""Silence after a piece that ends so, in seconds, at a pace of 1."""


class EspeakSpeaker:
    """espeak-ng through pyttsx3. One process may hold one of these: the library keeps global state."""

    name = "pyttsx3"
    voices: Sequence[str] = ("espeak",)

    def __init__(self) -> None:
        """Load the library.

        Raises:
            EngineMissing: espeak-ng or pyttsx3 is not there, or has no Mandarin.
        """
        try:
            import numpy
            import pyttsx3
            from pyttsx3.drivers import _espeak

            self._engine: Any = pyttsx3.init("espeak")
        except Exception as error:  # OSError, RuntimeError, KeyError: whatever the driver meets
            there = shutil.which("espeak-ng") is not None
            raise EngineMissing(
                f"The voice espeak-ng cannot be loaded ({type(error).__name__}: {error});"
                + (" run `make setup`." if there else " run `sudo apt-get install espeak-ng`.")
            ) from error
        self._numpy, self._library = numpy, _espeak
        if VOICE not in {voice.id for voice in self._engine.getProperty("voices")}:
            raise EngineMissing("This espeak-ng has no Mandarin in pinyin; install espeak-ng 1.51 or later.")
        self._engine.setProperty("voice", VOICE)
        self._engine.runAndWait()  # until its loop has run once it only queues what is set
        self._engine.connect("finished-utterance", self._finished)
        self._cancelled, self._made = threading.Event(), threading.Event()
        self._folder = tempfile.TemporaryDirectory(prefix="kangban-voice-")

    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Sound]:  # noqa: B008 - frozen
        """Yield the sound of each piece, with the silence that belongs after it."""
        self._cancelled.clear()
        for piece in pieces(as_said(text)):
            if self._cancelled.is_set():
                return
            pinyin = _pinyin(piece)
            if not any(sign.isalnum() for sign in pinyin):
                continue
            samples, rate = self._made_of(pinyin, manner.rate)
            yield sound_of(samples, rate, manner.volume)
            if pause := PAUSES.get(piece[-1]):
                yield silence(pause / manner.rate, rate)

    def cancel(self) -> None:
        """Stop after the piece that is being made."""
        self._cancelled.set()

    def close(self) -> None:
        """Let go of the library."""
        self._folder.cleanup()

    def _finished(self, completed: bool, **_more: object) -> None:
        if completed:
            self._made.set()

    def _set_pace(self, words_a_minute: int) -> None:
        """Set the pace and see that it is taken: set while a sentence ends, it is lost now and then."""
        until = time.monotonic() + MOST_S
        while time.monotonic() < until:
            self._engine.setProperty("rate", words_a_minute)
            for _ in range(20):
                if self._engine.getProperty("rate") == words_a_minute:
                    return
                time.sleep(0.005)
        raise EngineError("espeak-ng does not take the pace that it is given.")

    def _settle(self) -> None:
        """Wait until espeak's thread is idle, for it tells of the end of a piece twice.

        A piece begun between the two would be taken for ended at the second, and be silent.
        """
        idle, until = 0, time.monotonic() + MOST_S
        while idle < 3 and time.monotonic() < until:
            time.sleep(0.004)
            idle = 0 if self._library.IsPlaying() else idle + 1

    def _made_of(self, pinyin: str, rate: float) -> tuple[Any, int]:
        for _ in range(3):
            samples, frames_a_second = self._run(pinyin, rate)
            if samples.size:
                return samples, frames_a_second
            time.sleep(0.3)  # the piece that was not waited for is still being made, unheard
        raise EngineError("espeak-ng gave no sound.")

    def _run(self, pinyin: str, rate: float) -> tuple[Any, int]:
        path = Path(self._folder.name) / "piece.wav"
        path.unlink(missing_ok=True)
        self._set_pace(int(WORDS_A_MINUTE * rate))
        self._made.clear()
        with contextlib.redirect_stdout(io.StringIO()):  # the driver tells of each file that it writes
            self._engine.save_to_file(pinyin, str(path))
            self._engine.runAndWait()
            # It comes back before espeak's thread has written the file.
            if not self._made.wait(MOST_S):
                raise EngineError("espeak-ng gave no sound in time.")
        self._settle()
        try:
            with wave.open(str(path), "rb") as file:
                samples = self._numpy.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
                return samples.astype(self._numpy.float32) / 32768.0, file.getframerate()
        except (OSError, EOFError, wave.Error) as error:
            raise EngineError(f"espeak-ng gave no sound ({error}).") from error


def _pinyin(piece: str) -> str:
    """Return a piece as espeak reads it: syllables of a word together, words apart, stops as they are."""
    written: list[str] = []
    for part in pronounce(piece):
        if isinstance(part, Spoken):
            written.append("".join(syllable.replace("ü", "v") for syllable in part.syllables))
    return " ".join(written)
