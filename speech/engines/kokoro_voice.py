"""Kokoro: a natural Mandarin voice, spoken piece by piece so that the first sound comes early."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from speech.aloud import as_said, pieces
from speech.engines.sound import silence, sound_of
from speech.errors import EngineMissing, ModelDamaged
from speech.models import Manner, Sound
from speech.pronunciation import Spoken, pronounce

RATE = 24_000
STYLE = 256
MOST_TOKENS = 500
"""The model's context, with its two ends."""

OWN_VOICE = "zf_xiaoxiao"
PAUSES = {"，": 0.12, "。": 0.35, "？": 0.35, "！": 0.35}
"""Silence after a piece that ends so, in seconds, at a pace of 1."""

SIGNS = {"，": ",", "。": ".", "？": "?", "！": "!"}
TONES = (("˧˩˧", "↓"), ("˧˥", "↗"), ("˥˩", "↘"), ("˥", "→"), ("ɻ̩", "ɨ"), ("ɹ̩", "ɨ"))
"""How the model writes tones and the two vowels after z and zh."""

LOUDNESS = 0.9
"""The model speaks at about half of full scale; this is the peak that a piece of 1.0 volume has at most."""


class KokoroSpeaker:
    """One Kokoro model with its voices."""

    name = "kokoro"

    def __init__(self, model: Path, *, threads: int = 2) -> None:
        """Load the model.

        Raises:
            EngineMissing: a library is not there.
            ModelDamaged: the folder is not the known model.
        """
        try:
            import numpy
            import onnxruntime
            from misaki.transcription import pinyin_to_ipa
        except (ImportError, OSError) as error:
            raise EngineMissing(
                f"onnxruntime or misaki cannot be loaded ({error}); run `make setup`."
            ) from error
        self._numpy, self._ipa = numpy, pinyin_to_ipa
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        try:
            self._vocabulary: dict[str, int] = json.loads((model / "vocab.json").read_text("utf-8"))["vocab"]
            self._styles = {
                path.stem: numpy.fromfile(path, dtype="<f4").reshape(-1, STYLE)
                for path in sorted((model / "voices").glob("*.bin"))
            }
            self._model: Any = onnxruntime.InferenceSession(
                str(model / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._styles[OWN_VOICE]
        except Exception as error:  # onnxruntime raises kinds of its own
            raise ModelDamaged(f"{model} is no Kokoro model that can be loaded ({error}).") from error
        self.voices: Sequence[str] = (OWN_VOICE, *(name for name in self._styles if name != OWN_VOICE))
        self._cancelled = threading.Event()
        self._syllables: dict[str, str] = {}

    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Sound]:  # noqa: B008 - frozen
        """Yield the sound of each piece, with the silence that belongs after it."""
        self._cancelled.clear()
        voice = manner.voice if manner.voice in self._styles else OWN_VOICE
        for piece in pieces(as_said(text)):
            if self._cancelled.is_set():
                return
            tokens = self.tokens(self.phonemes(piece))
            for at in range(0, len(tokens), MOST_TOKENS):
                samples = self.run(tokens[at : at + MOST_TOKENS], voice=voice, rate=manner.rate)
                if self._cancelled.is_set():
                    return
                yield sound_of(samples, RATE, manner.volume)
            if pause := PAUSES.get(piece[-1]):
                yield silence(pause / manner.rate, RATE)

    def cancel(self) -> None:
        """Stop after the piece that is being made."""
        self._cancelled.set()

    def close(self) -> None:
        """Let go of the model."""
        self._model = None

    def phonemes(self, piece: str) -> str:
        """Return what the model is given for a piece of text."""
        written = ""
        for part in pronounce(piece):
            if isinstance(part, Spoken):
                space = " " if written and written[-1] != " " else ""
                written += space + "".join(self._phones(syllable) for syllable in part.syllables)
            else:
                written += SIGNS[part.sign]
        return written

    def _phones(self, syllable: str) -> str:
        if syllable not in self._syllables:
            try:
                phones = "".join(next(iter(self._ipa(syllable))))
            except (ValueError, KeyError, StopIteration):
                phones = ""  # a syllable that Mandarin does not have: better a gap than no answer
            for plain, written in TONES:
                phones = phones.replace(plain, written)
            self._syllables[syllable] = phones.replace("\u032f", "").replace("\u0329", "")
        return self._syllables[syllable]

    def tokens(self, phonemes: str) -> list[int]:
        """Return the model's numbers for phonemes; a sign that it does not know is left out."""
        return [self._vocabulary[sign] for sign in phonemes if sign in self._vocabulary]

    def run(self, tokens: list[int], *, voice: str, rate: float) -> Any:
        """Return the samples (float) of at most MOST_TOKENS tokens in a voice."""
        numpy, style = self._numpy, self._styles[voice]
        given = {
            "tokens": numpy.array([[0, *tokens, 0]], dtype=numpy.int64),
            "style": style[min(len(tokens), len(style) - 1)][None, :],
            "speed": numpy.array([rate], dtype=numpy.float32),
        }
        samples = numpy.asarray(self._model.run(None, given)[0]).reshape(-1)
        peak = float(numpy.abs(samples).max()) if samples.size else 0.0
        return samples * (LOUDNESS / peak) if peak > LOUDNESS else samples
