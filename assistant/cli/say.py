"""`kangban say`: speaks a text, or writes it to a wav file."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.cli.errors import PlainError
from assistant.cli.lines import write_json
from assistant.cli.settings import CliSettings
from assistant.cli.speech_models import store_of
from speech.aloud import as_said
from speech.engines.choice import open_speaker, speaker_choices
from speech.errors import DeviceError, EngineMissing, SpeechError
from speech.models import Manner
from speech.phrase_cache import write_wav
from speech.ports import Speaker
from speech.watchdog import Limits

PATIENT = Limits(load_s=300.0, finish_s=180.0, piece_s=180.0)
"""Nobody waits in a conversation here: on a busy machine the natural voice may take its time."""


def say(
    settings: CliSettings,
    *,
    text: str,
    output: Path | None,
    voice: str | None,
    rate: float,
    volume: float,
    as_json: bool,
) -> None:
    """Speak ``text``; ``voice`` is an engine (kokoro, pyttsx3) or one of an engine's voices.

    Raises:
        PlainError: nothing to say, no voice, no loudspeaker, or the file cannot be written.
    """
    text = sys.stdin.read() if text == "-" else text
    if not as_said(text).strip("，。？！"):
        raise PlainError("没有要说的话 (there is nothing to say in this text)", status=2)
    try:
        manner = Manner(rate=rate, volume=volume)
    except ValueError as error:
        raise PlainError(f"快慢要在 0.5 到 2，响度要在 0 到 2 之间 ({error})", status=2) from error
    speaker = _opened(settings, voice)
    try:
        if voice is not None and voice in speaker.voices:
            manner = Manner(rate=rate, volume=volume, voice=voice)
        if output is None:
            _play(speaker, text, manner)
            return
        seconds = write_wav(output, speaker.speak(text, manner))
        if as_json:
            write_json({"file": str(output), "engine": speaker.name, "audio_s": round(seconds, 3)})
    except SpeechError as error:
        raise PlainError(f"说不出来：{error.message}") from error
    except OSError as error:
        raise PlainError(f"写不进 {output} (cannot write: {error.strerror})") from error
    finally:
        speaker.close()


def _opened(settings: CliSettings, voice: str | None) -> Speaker:
    store = store_of(settings)
    engines = [one.engine for one in speaker_choices(store)]
    try:
        speaker = open_speaker(store, voice if voice in engines else None, limits=PATIENT)
    except SpeechError as error:
        raise PlainError(f"没有能用的声音：{error.message}") from error
    if voice is not None and voice not in engines and voice not in speaker.voices:
        known = ", ".join([*engines, *speaker.voices])
        speaker.close()
        raise PlainError(f"没有叫 {voice} 的声音，有 {known} (there is no such voice)", status=2)
    return speaker


def _play(speaker: Speaker, text: str, manner: Manner) -> None:
    from speech.devices import DeviceLoudspeaker, SoundCards

    try:
        loudspeaker = DeviceLoudspeaker(SoundCards())
        loudspeaker.play(speaker.speak(text, manner))
    except (DeviceError, EngineMissing) as error:
        raise PlainError(
            f"喇叭用不了：{error.message} 写成文件请加 -o 文件名 (or write a file with -o FILE)"
        ) from error
