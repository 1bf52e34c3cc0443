"""Whisper: whole utterances, begun ahead in a pause, and kept from inventing what nobody said."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from speech.engines.text import plain
from speech.errors import EngineMissing, ModelDamaged
from speech.models import RATE, SAMPLE_BYTES, Partial, Transcript, seconds_of

LANGUAGE = "zh"
WORDS_FILE = "whisper.yml"
"""The prompt, and what Whisper invents."""

MOST_HINTS = 60
"""Names that are looked at; as many of them go into the prompt as fit."""

CONTEXT = 448
"""Tokens that the model holds: names, prompt, its own four marks, and what it writes."""

MARKS = 8

LEAST_SPEECH_S = 0.2
"""Less voiced sound than this is no utterance."""

PAD_S = 0.2
"""What the detector adds at both ends of each voiced stretch."""

MARGIN = int(0.4 * RATE)
"""Samples kept around what the detector found, beyond its own padding."""

NO_SPEECH, LEAST_LOG_PROBABILITY = 0.6, -1.2
"""Whisper's own doubts: above and below these at once, nothing was said."""

MOST_COMPRESSION = 2.4
"""Above this ratio (Whisper's own measure) a text repeats itself."""

SURE, ECHO = 0.75, 5
"""So many characters of the prompt, word for word and less sure than this, were told to it, not by her."""

CHARACTERS_A_SECOND = 12.0
"""Nobody speaks faster: a text denser than this was invented."""

TOKENS_A_SECOND, TOKENS_MORE, WINDOW_S = 9.0, 24, 30.0
"""Bound on what may be written for a stretch of sound, so that a loop ends in a second, not in thirty."""

PAUSE_S = 0.4
"""Quiet at the end after which recognising begins ahead of the end of the utterance."""

QUIET_DB = 22.0
"""This far below the loudest stretch counts as quiet."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What Whisper made of some sound."""

    text: str = ""
    confidence: float = 0.0


class WhisperRecognizer:
    """One Whisper model; one session at a time."""

    name = "whisper"
    streaming = False

    def __init__(self, model: Path, *, threads: int = 2, beams: int = 5) -> None:
        """Load the model.

        Raises:
            EngineMissing: a library is not there.
            ModelDamaged: the folder is no model for faster-whisper.
        """
        try:
            import faster_whisper
            import numpy
            import opencc
            import yaml
            from faster_whisper.vad import VadOptions, get_speech_timestamps
        except (ImportError, OSError) as error:
            raise EngineMissing(f"faster-whisper cannot be loaded ({error}); run `make setup`.") from error
        self._numpy, self._stretches = numpy, get_speech_timestamps
        self._vad = VadOptions(
            min_silence_duration_ms=500, speech_pad_ms=int(PAD_S * 1000), min_speech_duration_ms=100
        )
        self._simplified, self._beams = opencc.OpenCC("t2s"), beams
        words = yaml.safe_load(Path(__file__).with_name(WORDS_FILE).read_text(encoding="utf-8"))
        self._prompt: str = words["prompt"]
        self._invented: list[str] = words["invented"]
        self._told = plain(self._prompt)
        if not (model / "model.bin").is_file():
            raise ModelDamaged(f"{model} is no Whisper model; run `kangban models fetch`.")
        try:
            self._model = faster_whisper.WhisperModel(
                str(model), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
            )
        except Exception as error:  # ctranslate2 raises RuntimeError, ValueError …
            raise ModelDamaged(f"{model} is no Whisper model that can be loaded ({error}).") from error
        self._lock = threading.Lock()
        self._sizes: dict[str, int] = {}
        self._prompt_tokens = self._tokens(self._prompt)

    def start(self, *, hints: Sequence[str] = ()) -> WhisperRecognition:
        """Begin an utterance."""
        return WhisperRecognition(self, tuple(hints[:MOST_HINTS]))

    def close(self) -> None:
        """Let go of the model."""
        self._model = None

    def level(self, pcm: bytes) -> float:
        """Return the loudness of sound, 0 to 1."""
        samples = self._samples(pcm)
        return float(self._numpy.sqrt(self._numpy.mean(samples**2))) if samples.size else 0.0

    def hear(self, pcm: bytes, hints: Sequence[str]) -> Heard:
        """Recognise some sound. One at a time; any thread."""
        samples = self._samples(pcm)
        with self._lock:
            spoken = self._stretches(samples, self._vad)
            voiced_s = sum(one["end"] - one["start"] for one in spoken) / RATE - 2 * PAD_S * len(spoken)
            if not spoken or voiced_s < LEAST_SPEECH_S:
                return Heard()
            # The detector lets go of a soft last syllable (红烧肉 → 红烧): it gates, it does not cut closely.
            clip = samples[max(0, spoken[0]["start"] - MARGIN) : spoken[-1]["end"] + MARGIN]
            length = len(clip) / RATE
            most_new = int(min(WINDOW_S, length) * TOKENS_A_SECOND) + TOKENS_MORE
            segments, _ = self._model.transcribe(
                clip,
                language=LANGUAGE,
                beam_size=self._beams,
                temperature=0.0,
                condition_on_previous_text=False,
                without_timestamps=True,
                compression_ratio_threshold=None,
                log_prob_threshold=None,
                no_speech_threshold=None,
                initial_prompt=self._prompt,
                hotwords=self._names(hints, CONTEXT - MARKS - most_new - self._prompt_tokens),
                max_new_tokens=most_new,
            )
            kept = [(one, self._kept(one.text)) for one in segments if _meant(one, length)]
        text = plain("，".join(text for _, text in kept))
        if not text or len(text) / length > CHARACTERS_A_SECOND:
            return Heard()
        sure = math.exp(sum(one.avg_logprob for one, _ in kept) / len(kept))
        if sure < SURE and len(text) >= ECHO and text.replace(" ", "") in self._told.replace(" ", ""):
            return Heard()  # its own prompt, written over a noise
        return Heard(text=text, confidence=round(min(1.0, sure), 4))

    def _tokens(self, text: str) -> int:
        return len(self._model.hf_tokenizer.encode(text, add_special_tokens=False).ids)

    def _names(self, hints: Sequence[str], most: int) -> str | None:
        """Return as many of the names as fit into so many tokens: too long a prompt is an error."""
        kept: list[str] = []
        for name in hints:
            most -= self._sizes.setdefault(name, self._tokens(f"、{name}"))
            if most <= 0:
                break
            kept.append(name)
        return "、".join(kept) or None

    def _samples(self, pcm: bytes) -> Any:
        even = pcm[: len(pcm) - len(pcm) % SAMPLE_BYTES]
        return self._numpy.frombuffer(even, dtype="<i2").astype(self._numpy.float32) / 32768.0

    def _kept(self, text: str) -> str:
        text = plain(text, self._simplified)
        return "" if any(phrase in text for phrase in self._invented) else text


def _meant(segment: Any, length: float) -> bool:
    doubted = segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < LEAST_LOG_PROBABILITY
    loops = length > 2.0 and segment.compression_ratio > MOST_COMPRESSION
    return not doubted and not loops


class WhisperRecognition:
    """One utterance. Recognising begins ahead in a pause: the words are there when the end is sure."""

    def __init__(self, engine: WhisperRecognizer, hints: tuple[str, ...]) -> None:
        self._engine, self._hints = engine, hints
        self._pcm = bytearray()
        self._ahead: _Ahead | None = None
        self._loudest = self._quiet_s = 0.0
        self._fresh = False
        self._shown = ""
        self._over = False

    def feed(self, pcm: bytes) -> Partial | None:
        """Take more sound; return a partial where a pause gave one."""
        if self._over:
            raise ValueError("this session is over")
        self._pcm += pcm
        level = self._engine.level(pcm)
        self._loudest = max(self._loudest, level)
        if level > self._loudest * 10 ** (-QUIET_DB / 20):
            self._quiet_s, self._fresh = 0.0, True
        else:
            self._quiet_s += seconds_of(pcm)
        if self._fresh and self._quiet_s >= PAUSE_S and (self._ahead is None or self._ahead.done.is_set()):
            self._fresh = False
            self._ahead = _Ahead(self._engine, bytes(self._pcm), self._hints)
        return self._partial()

    def finish(self) -> Transcript:
        """Return what was heard."""
        if self._over:
            raise ValueError("this session is over")
        self._over = True
        begun = time.perf_counter()
        pcm = bytes(self._pcm)
        heard: Heard | None = None
        if self._ahead is not None and not self._fresh:
            # Nothing but quiet has come since recognising began ahead: what it heard is all there is.
            self._ahead.done.wait()
            heard = self._ahead.heard
        if heard is None:
            heard = self._engine.hear(pcm, self._hints)
        return Transcript(
            text=heard.text,
            engine=self._engine.name,
            audio_s=seconds_of(pcm),
            compute_s=time.perf_counter() - begun,
            confidence=heard.confidence,
        )

    def cancel(self) -> None:
        """Throw the session away."""
        self._over = True

    def _partial(self) -> Partial | None:
        ahead = self._ahead
        if ahead is None or not ahead.done.is_set() or ahead.heard is None or ahead.heard.text == self._shown:
            return None
        self._shown = ahead.heard.text
        return Partial(text=self._shown, audio_s=ahead.audio_s)


class _Ahead:
    """Recognising that began in a pause, on a thread of its own (the library lets go of the interpreter)."""

    def __init__(self, engine: WhisperRecognizer, pcm: bytes, hints: tuple[str, ...]) -> None:
        self.done = threading.Event()
        self.heard: Heard | None = None
        self.audio_s = seconds_of(pcm)
        threading.Thread(target=self._run, args=(engine, pcm, hints), daemon=True, name="whisper").start()

    def _run(self, engine: WhisperRecognizer, pcm: bytes, hints: tuple[str, ...]) -> None:
        try:
            self.heard = engine.hear(pcm, hints)
        finally:
            self.done.set()
