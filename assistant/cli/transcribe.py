"""`kangban transcribe`: what is said in sound files, a line each."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from assistant.cli.errors import PlainError
from assistant.cli.lines import tell, write_json, write_line
from assistant.cli.settings import CliSettings
from assistant.cli.speech_models import store_of
from speech.decode import Limits, decode
from speech.engines.choice import open_recognizer
from speech.errors import SpeechError
from speech.models import RATE, SAMPLE_BYTES
from speech.ports import Recognizer
from speech.watchdog import Limits as Waits

PIECE_BYTES = RATE * SAMPLE_BYTES
"""Sound is handed over a second at a time."""


def transcribe(
    settings: CliSettings, *, files: list[Path], engine: str | None, longest_s: float, as_json: bool
) -> bool:
    """Write the words of each file; return whether all files could be heard.

    Raises:
        PlainError: no recogniser can be used.
    """
    # Files may be longer than what is said in one breath: the wait grows with them.
    waits = Waits(load_s=300.0, feed_s=120.0, finish_s=120.0 + 3 * longest_s)
    whole = True
    recognizer: Recognizer | None = None
    try:
        for path in files:
            try:
                sound = decode(path, Limits(seconds=longest_s))
                if recognizer is None:  # not before there is something to hear
                    recognizer = _opened(settings, engine, waits)
                begun = time.perf_counter()
                heard = recognizer.start()
                for at in range(0, len(sound.pcm), PIECE_BYTES):
                    heard.feed(sound.pcm[at : at + PIECE_BYTES])
                transcript = heard.finish()
            except SpeechError as error:
                whole = False
                tell(f"kangban: {path} 听不了：{error.message}")
                continue
            row: dict[str, Any] = {
                "file": str(path),
                "text": transcript.text,
                "engine": transcript.engine,
                "audio_s": round(sound.seconds, 3),
                "compute_s": round(time.perf_counter() - begun, 3),
                "confidence": transcript.confidence,
                "alternatives": [one.text for one in transcript.alternatives],
            }
            if as_json:
                write_json(row)
            else:
                write_line(f"{path}\t{transcript.text}" if len(files) > 1 else transcript.text)
    finally:
        if recognizer is not None:
            recognizer.close()
    return whole


def _opened(settings: CliSettings, engine: str | None, waits: Waits) -> Recognizer:
    try:
        return open_recognizer(store_of(settings), engine, limits=waits)
    except SpeechError as error:
        raise PlainError(f"没有能用的语音识别：{error.message}") from error
