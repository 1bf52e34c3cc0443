"""Vosk: words while they are spoken, with times and confidences; other readings at the end."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from speech.engines.text import plain
from speech.errors import EngineMissing, ModelDamaged
from speech.models import RATE, SAMPLE_BYTES, Alternative, Partial, Transcript, Word, seconds_of

READINGS = 5
"""Other readings asked for."""

SURE = 0.9
"""From this confidence on no other readings are sought: they cost a second pass."""


class VoskRecognizer:
    """One Vosk model, one session at a time. No hints: a Vosk grammar would close the vocabulary."""

    name = "vosk"
    streaming = True

    def __init__(self, model: Path) -> None:
        """Load the model.

        Raises:
            EngineMissing: the library is not there.
            ModelDamaged: the folder is no Vosk model.
        """
        try:
            import vosk
        except (ImportError, OSError) as error:
            raise EngineMissing(f"The library vosk cannot be loaded ({error}); run `make setup`.") from error
        vosk.SetLogLevel(-1)
        if not (model / "am/final.mdl").is_file():
            raise ModelDamaged(f"{model} is no Vosk model; run `kangban models fetch`.")
        try:
            self._model = vosk.Model(str(model))
        except Exception as error:  # vosk raises bare Exceptions
            raise ModelDamaged(f"{model} is no Vosk model that can be loaded ({error}).") from error
        self._vosk = vosk

    def start(self, *, hints: Sequence[str] = ()) -> VoskRecognition:  # noqa: ARG002 - see the class
        """Begin an utterance."""
        return VoskRecognition(self)

    def decoder(self, readings: int = 0) -> Any:
        """Return a decoder of Vosk's that gives word confidences, or that many readings instead."""
        decoder = self._vosk.KaldiRecognizer(self._model, RATE)
        decoder.SetWords(True)
        decoder.SetMaxAlternatives(readings)
        return decoder

    def close(self) -> None:
        """Let go of the model."""
        self._model = None


class VoskRecognition:
    """One utterance; Vosk may see several stretches in it, we see one."""

    def __init__(self, engine: VoskRecognizer) -> None:
        self._engine = engine
        self._decoder = engine.decoder()
        self._pcm = bytearray()
        self._stretches: list[dict[str, Any]] = []
        self._shown = ""
        self._compute_s = 0.0
        self._rest = b""
        self._over = False

    def feed(self, pcm: bytes) -> Partial | None:
        """Decode more sound; return a partial where the words changed."""
        if self._over:
            raise ValueError("this session is over")
        begun = time.perf_counter()
        pcm = self._rest + pcm
        even = len(pcm) - len(pcm) % SAMPLE_BYTES
        pcm, self._rest = pcm[:even], pcm[even:]
        self._pcm += pcm
        rest = ""
        if pcm and self._decoder.AcceptWaveform(pcm):
            # The decoder saw an end of its own; the session goes on until we say so.
            self._stretches.append(json.loads(self._decoder.Result()))
        elif pcm:
            rest = json.loads(self._decoder.PartialResult()).get("partial", "")
        heard = self._text(rest)
        self._compute_s += time.perf_counter() - begun
        if not pcm or heard == self._shown:
            return None
        self._shown = heard
        return Partial(text=heard, audio_s=len(self._pcm) / (RATE * SAMPLE_BYTES))

    def finish(self) -> Transcript:
        """Return the words of all stretches."""
        if self._over:
            raise ValueError("this session is over")
        self._over = True
        begun = time.perf_counter()
        self._stretches.append(json.loads(self._decoder.FinalResult()))
        words = tuple(
            Word(text=word["word"], start=word["start"], end=word["end"], confidence=min(1.0, word["conf"]))
            for stretch in self._stretches
            for word in stretch.get("result", [])
        )
        # A sentence is as sure as its words are on the whole; a long word counts for more.
        weight = sum(len(word.text) for word in words)
        confidence = sum(word.confidence * len(word.text) for word in words) / weight if weight else 0.0
        text = self._text("")
        alternatives = self._readings(text) if text and confidence < SURE else ()
        self._compute_s += time.perf_counter() - begun
        return Transcript(
            text=text,
            engine=self._engine.name,
            audio_s=seconds_of(bytes(self._pcm)),
            compute_s=self._compute_s,
            confidence=round(confidence, 4),
            words=words,
            alternatives=alternatives,
        )

    def cancel(self) -> None:
        """Throw the session away."""
        self._over = True

    def _text(self, rest: str) -> str:
        return plain(" ".join([*(stretch.get("text", "") for stretch in self._stretches), rest]))

    def _readings(self, text: str) -> tuple[Alternative, ...]:
        """Decode once more for the other readings: Vosk gives either them or word confidences."""
        decoder = self._engine.decoder(READINGS + 1)
        parts: list[list[tuple[str, float]]] = []
        step = RATE  # half a second a call
        for at in range(0, len(self._pcm), step):
            if decoder.AcceptWaveform(bytes(self._pcm[at : at + step])):
                parts.append(_scored(json.loads(decoder.Result())))
        parts.append(_scored(json.loads(decoder.FinalResult())))
        parts = [part for part in parts if part]
        best = [part[0][0] for part in parts]
        # The readings of one stretch at a time, with the best of the others around it.
        seen: dict[str, float] = {}
        for at, part in enumerate(parts):
            for reading, score in part:
                whole = plain(" ".join([*best[:at], reading, *best[at + 1 :]]))
                seen[whole] = max(score, seen.get(whole, 0.0))
        ranked = sorted(seen.items(), key=lambda one: -one[1])
        others = [(reading, score) for reading, score in ranked if reading and reading != text]
        return tuple(Alternative(text=one, confidence=round(score, 4)) for one, score in others[:READINGS])


def _scored(result: dict[str, Any]) -> list[tuple[str, float]]:
    """Turn Vosk's scores (log-likelihoods, scaled) into shares of one, best first."""
    raw = [(one.get("text", ""), float(one.get("confidence", 0.0))) for one in result.get("alternatives", [])]
    if not raw:
        return []
    top = max(score for _, score in raw)
    weights = [math.exp(max(-50.0, score - top)) for _, score in raw]
    scored = [(text, weight / sum(weights)) for (text, _), weight in zip(raw, weights, strict=True)]
    return sorted(scored, key=lambda one: -one[1])
