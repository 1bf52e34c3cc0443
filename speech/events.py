"""What the pipeline tells: a stream of named events, which console, logs, metrics and tests all listen to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class EventType(StrEnum):
    """What has happened. The data that comes with it is named beside it."""

    WAKE = "wake"
    """Somebody called: by (phrase, cry, button, stream)."""
    LISTENING = "listening"
    """We wait for words."""
    ASLEEP = "asleep"
    """We wait for the wake phrase or the button again."""
    SPEECH_STARTED = "speech_started"
    """Somebody began: utterance, at_s."""
    PARTIAL = "partial"
    """What has been heard so far: utterance, text."""
    SPEECH_ENDED = "speech_ended"
    """She fell silent: utterance, at_s (the end of the last speech), silence_s (what we waited), reason."""
    TRANSCRIPT = "transcript"
    """What was heard: utterance, text, engine, audio_s, compute_s, confidence."""
    THINKING = "thinking"
    """The words are with whoever answers: utterance."""
    REPLY = "reply"
    """The answer is there and is about to be spoken: utterance."""
    SPEAKING = "speaking"
    """The first sound of an answer: utterance, text."""
    SPOKEN = "spoken"
    """An answer was spoken to its end: utterance."""
    ANSWERED = "answered"
    """An utterance has been dealt with, whatever came of it: utterance, whole (spoken to its end)."""
    VOICE_FELL_BACK = "voice_fell_back"
    """A voice was left for the next one: left, instead, code, message."""
    INTERRUPTED = "interrupted"
    """We fell silent for somebody: by (voice, button)."""
    ERROR = "error"
    """Something failed: stage, code, message."""


class Stage(StrEnum):
    """Where something can fail."""

    LISTENING = "listening"
    RECOGNISING = "recognising"
    ANSWERING = "answering"
    SPEAKING = "speaking"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event.

    Attributes:
        type: what has happened.
        at: when, in seconds of the pipeline's monotonic clock.
        data: JSON-ready details.
    """

    type: EventType
    at: float
    data: Mapping[str, Any] = field(default_factory=dict)


Listeners = Callable[[Event], None]
"""Whoever is told of every event; must return soon."""
