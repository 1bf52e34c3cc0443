"""The engines that a speaker runs on, opened together and closed together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from assistant.cli.settings import CliSettings
from assistant.cli.speech_models import store_of
from assistant.replies.phrasebook import phrases
from speech.aloud import as_said, pieces
from speech.engines.choice import Kept, open_recognizer, open_speaker
from speech.errors import SpeechError
from speech.events import EventType
from speech.models import Manner
from speech.pipeline import Pipeline
from speech.ports import Recognizer, Speaker
from speech.watchdog import Limits

log = logging.getLogger(__name__)

CONVERSATION = Limits(first_s=6.0)
"""Somebody waits: where the natural voice has not begun after six seconds, the plain one says it."""

AHEAD_S = 1.0
"""How often rendering ahead looks whether somebody talks, in seconds."""

FIELD = "某"
"""Stands for what is filled in, in the search for what is fixed."""


def fixed_phrases() -> list[str]:
    """Return every sentence of ours that holds no name and no number: their sound is kept on disk."""
    book = phrases()
    plain = [key for key in book.keys() if not book.fields(key)]  # noqa: SIM118 - no mapping
    return [book.say(key, variant=variant) for key in plain for variant in range(book.variants(key))]


def openings() -> list[str]:
    """Return the pieces of our sentences that hold none of their fields (给您订好了，)."""
    book = phrases()
    found: set[str] = set()
    for key in book.keys():  # noqa: SIM118 - no mapping
        fields = book.fields(key)
        for variant in range(book.variants(key)) if fields else ():
            for length in (2, 12):  # where a sentence is cut may depend on what is filled in
                said = as_said(book.say(key, variant=variant, **dict.fromkeys(fields, FIELD * length)))
                found.update(piece for piece in pieces(said) if FIELD not in piece)
    return sorted(found)


class Engines:
    """A recogniser and a voice, each in a process of its own.

    Attributes:
        fell_back: told when the natural voice is left for the plain one: names of both, and why.

    Args:
        settings: the command's settings.
        recognizer: its name, None for the best that is installed.
        speaker: the voice's engine, likewise.
        limits: how long they may take; in a conversation somebody waits.
        keep_in: where the sound of fixed phrases and openings is kept; a folder of the home.

    Raises:
        SpeechError: one of them cannot be had; the message says what to do.
    """

    def __init__(
        self,
        settings: CliSettings,
        *,
        recognizer: str | None = None,
        speaker: str | None = None,
        keep_in: Path | None = None,
        limits: Limits = CONVERSATION,
    ) -> None:
        self.fell_back: Callable[[str, str, SpeechError], None] = lambda _left, _instead, _why: None
        self._ended = threading.Event()
        store = store_of(settings)
        self.recognizer: Recognizer = open_recognizer(store, recognizer, limits=limits)
        try:
            kept = Kept(folder=keep_in or settings.home / "voice", fixed=fixed_phrases(), openings=openings())
            self._voice = open_speaker(store, speaker, limits=limits, kept=kept, told=self._told)
        except BaseException:
            self.recognizer.close()
            raise
        self.speaker: Speaker = self._voice

    def voices(self) -> list[tuple[str, Speaker]]:
        """Return the voices that run, by a name for a table."""
        return [(f"{voice.name}_mb", voice) for voice in self._voice.opened]

    def _told(self, left: str, instead: str, why: SpeechError) -> None:
        log.warning("the voice %s was left for %s: %s", left, instead, why.code)
        self.fell_back(left, instead, why)

    def accompany(self, pipeline: Pipeline, manner: Callable[[], Manner], *, ahead: bool) -> None:
        """Tell of a voice that is left; with ``ahead`` render phrases while the pipeline is idle."""
        self.fell_back = lambda left, instead, why: pipeline.emit(
            EventType.VOICE_FELL_BACK,
            {"left": left, "instead": instead, "code": why.code, "message": why.message},
        )
        if ahead:
            self._render_ahead(manner, lambda: pipeline.busy)

    def _render_ahead(self, manner: Callable[[], Manner], busy: Callable[[], bool]) -> None:
        threading.Thread(target=self._render, args=(manner, busy), daemon=True, name="voice-ahead").start()

    def _render(self, manner: Callable[[], Manner], busy: Callable[[], bool]) -> None:
        wanted: Manner | None = None
        while not self._ended.is_set():
            if wanted == manner():
                self._ended.wait(AHEAD_S)  # everything is there; she may wish for another pace later
                continue
            wanted = manner()
            with suppress(SpeechError):
                for _piece in self._voice.render_ahead(wanted):
                    while busy() and not self._ended.is_set():
                        self._ended.wait(AHEAD_S)
                    if self._ended.is_set() or wanted != manner():
                        break

    def close(self) -> None:
        """End their processes."""
        self._ended.set()
        self.recognizer.close()
        self.speaker.close()
