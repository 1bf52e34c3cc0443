"""The engines that a speaker runs on, opened together and closed together."""

from __future__ import annotations

from assistant.cli.settings import CliSettings
from assistant.cli.speech_models import store_of
from assistant.replies.phrasebook import phrases
from speech.engines.choice import open_recognizer, open_speaker
from speech.phrase_cache import CachedSpeaker
from speech.ports import Recognizer, Speaker


def fixed_phrases() -> list[str]:
    """Return every sentence of ours that holds no name and no number: their sound is kept on disk."""
    book = phrases()
    plain = [key for key in book.keys() if not book.fields(key)]  # noqa: SIM118 - no mapping
    return [book.say(key, variant=variant) for key in plain for variant in range(book.variants(key))]


class Engines:
    """A recogniser and a voice, each in a process of its own.

    Args:
        settings: the command's settings.
        recognizer: its name, None for the best that is installed.
        speaker: the voice's engine, likewise.

    Raises:
        SpeechError: one of them cannot be had; the message says what to do.
    """

    def __init__(
        self, settings: CliSettings, *, recognizer: str | None = None, speaker: str | None = None
    ) -> None:
        store = store_of(settings)
        self.recognizer: Recognizer = open_recognizer(store, recognizer)
        try:
            voice = open_speaker(store, speaker)
            self.speaker: Speaker = CachedSpeaker(voice, settings.home / "voice", fixed_phrases())
        except BaseException:
            self.recognizer.close()
            raise

    def close(self) -> None:
        """End their processes."""
        self.recognizer.close()
        self.speaker.close()
