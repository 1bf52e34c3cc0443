"""Which engines this machine can use, in order of liking, and the one that is opened."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from speech.engines.fallback import FallbackSpeaker, Told
from speech.errors import EngineMissing, ModelMissing
from speech.model_store.store import ModelStore
from speech.phrase_cache import CachedSpeaker
from speech.ports import Recognizer, Speaker
from speech.watchdog import Limits, RecognizerProcess, SpeakerProcess


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One engine, and whether it can be used here.

    Attributes:
        engine: its name.
        model: the model it needs, None where it needs none.
        path: where the model is, None where it is not.
        lacks: what is missing, "" where nothing is.
    """

    engine: str
    model: str | None
    path: Path | None
    lacks: str

    @property
    def usable(self) -> bool:
        """Whether nothing is missing."""
        return not self.lacks


def recognizer_choices(store: ModelStore) -> list[Choice]:
    """Return the recognisers, the one that hears while one speaks first."""
    return [
        _choice(store, "vosk", "vosk-model-small-cn-0.22", library="vosk"),
        _choice(store, "whisper", "whisper-base", library="faster_whisper"),
    ]


def speaker_choices(store: ModelStore) -> list[Choice]:
    """Return the voices, the natural one first."""
    espeak = "" if shutil.which("espeak-ng") else "espeak-ng (sudo apt-get install espeak-ng)"
    return [
        _choice(store, "kokoro", "kokoro-zh", library="onnxruntime"),
        Choice(engine="pyttsx3", model=None, path=None, lacks=espeak or _library("pyttsx3")),
    ]


def open_recognizer(
    store: ModelStore, engine: str | None = None, *, limits: Limits | None = None
) -> RecognizerProcess:
    """Start the recogniser of that name, or the first that can be used.

    Raises:
        EngineMissing: it, or all of them, cannot; the message says what to do.
        SpeechError: it does not start.
    """
    choice = _first(recognizer_choices(store), engine)
    return RecognizerProcess(partial(_recognizer, choice.engine, choice.path), limits=limits)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Phrases whose sound is kept on disk.

    Attributes:
        folder: where.
        fixed: the phrases.
        openings: pieces that sentences begin or end with; nothing else is kept.
    """

    folder: Path
    fixed: Collection[str]
    openings: Collection[str] = ()


def open_speaker(
    store: ModelStore,
    engine: str | None = None,
    *,
    limits: Limits | None = None,
    kept: Kept | None = None,
    told: Told = lambda _left, _instead, _why: None,
) -> FallbackSpeaker:
    """Start the voice of that name, or the first that can be used with the others behind it.

    Args:
        store: where models are.
        engine: its name.
        limits: how long it may take.
        kept: what it keeps on disk; the plain voice is quick enough without.
        told: told when a voice is left for the next one.

    Raises:
        EngineMissing: it, or all of them, cannot; the message says what to do.
    """
    choices = speaker_choices(store)
    _first(choices, engine)  # says what is missing
    wanted = [one for one in choices if one.usable and engine in (None, one.engine)]
    makers: list[Callable[[], Speaker]] = [
        partial(_in_process, one, limits=limits, kept=kept if one.engine == "kokoro" else None)
        for one in wanted
    ]
    return FallbackSpeaker(makers, told=told)


def _in_process(choice: Choice, *, limits: Limits | None, kept: Kept | None) -> Speaker:
    speaker = SpeakerProcess(partial(_speaker, choice.engine, choice.path), limits=limits)
    return (
        speaker if kept is None else CachedSpeaker(speaker, kept.folder, kept.fixed, openings=kept.openings)
    )


def _choice(store: ModelStore, engine: str, model: str, *, library: str) -> Choice:
    path = store.find(model)
    lacks = _library(library) or ("" if path else f"{model} (kangban models fetch {model})")
    return Choice(engine=engine, model=model, path=path, lacks=lacks)


def _library(name: str) -> str:
    return "" if importlib.util.find_spec(name) else f"{name} (make setup)"


def _first(choices: list[Choice], engine: str | None) -> Choice:
    fitting = [one for one in choices if engine in (None, one.engine)]
    if not fitting:
        raise EngineMissing(f"There is no {engine}; there are {', '.join(one.engine for one in choices)}.")
    for choice in fitting:
        if choice.usable:
            return choice
    raise EngineMissing("; ".join(f"{one.engine} lacks {one.lacks}" for one in fitting) + ".")


def _recognizer(engine: str, path: Path | None) -> Recognizer:
    """Build a recogniser; runs in the engine's own process."""
    if path is None:
        raise ModelMissing
    if engine == "vosk":
        from speech.engines.vosk_engine import VoskRecognizer

        return VoskRecognizer(path)
    from speech.engines.whisper_engine import WhisperRecognizer

    return WhisperRecognizer(path)


def _speaker(engine: str, path: Path | None) -> Speaker:
    """Build a voice; runs in the engine's own process."""
    if engine == "kokoro" and path is not None:
        from speech.engines.kokoro_voice import KokoroSpeaker

        return KokoroSpeaker(path)
    from speech.engines.espeak_voice import EspeakSpeaker

    return EspeakSpeaker()
