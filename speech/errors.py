"""Errors of the voice.

SpeechError                      code, message, spoken
├── AudioError                   what comes in as sound is no use
│   ├── NotAudio                 not_audio           no sound in it, or a broken file
│   ├── EmptyAudio               empty_audio
│   └── TooLongAudio             too_long_audio      longer or larger than the limits
├── DeviceError                  device_error        microphone or loudspeaker: none, gone, busy
│   └── NoSuchDevice             no_such_device
├── EngineError                  engine_failed       a recogniser, voice or detector failed
│   ├── EngineMissing            engine_missing      its library or model is not there
│   ├── EngineCrashed            engine_crashed      its process died
│   ├── EngineSlow               engine_slow         no first sound in time; it goes on, another voice speaks
│   └── EngineHung               engine_hung         no answer within its limit; it was ended
└── ModelError                   model_error         a model cannot be had
    ├── ModelMissing             model_missing
    └── ModelDamaged             model_damaged       its checksum is not the known one

``spoken`` is the key of the phrase that an elder hears, None where nothing need be said: the sentence itself
belongs to whoever holds the phrases.
"""

from __future__ import annotations

from typing import ClassVar


class SpeechError(Exception):
    """Root of what goes wrong between sound and words.

    Attributes:
        code: stable identifier for programs.
        message: one plain sentence with what to do, for whoever looks after the speaker.
        spoken: key of the phrase for the elder, or None.
    """

    code: ClassVar[str] = "speech_error"
    spoken: ClassVar[str | None] = "voice.failed"
    message: str = "The voice failed."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or type(self).message
        super().__init__(self.message)


class AudioError(SpeechError):
    """What comes in as sound is no use."""

    code, spoken = "audio_error", "voice.not_heard"
    message = "This sound cannot be used."


class NotAudio(AudioError):
    """There is no sound in it, or it is broken."""

    code = "not_audio"
    message = "This is no sound file that can be read."


class EmptyAudio(AudioError):
    """The file or message has no sample in it."""

    code = "empty_audio"
    message = "There is no sound in it."


class TooLongAudio(AudioError):
    """It is longer or larger than the limits."""

    code, spoken = "too_long_audio", "voice.too_long"
    message = "This recording is too long."


class DeviceError(SpeechError):
    """A microphone or loudspeaker is not there, gone, or in use."""

    code, spoken = "device_error", None
    message = "No microphone or loudspeaker can be used."


class NoSuchDevice(DeviceError):
    """No device of that name is plugged in."""

    code = "no_such_device"
    message = "No device of that name is plugged in."


class EngineError(SpeechError):
    """A recogniser, a voice or a detector failed."""

    code = "engine_failed"
    message = "A speech engine failed."


class EngineMissing(EngineError):
    """The engine's library or model is not there."""

    code = "engine_missing"
    message = "This speech engine is not installed."


class EngineCrashed(EngineError):
    """The engine's process died."""

    code = "engine_crashed"
    message = "A speech engine crashed and is started again."


class EngineSlow(EngineError):
    """The engine is at work, but its first sound does not come in time; it is left running."""

    code = "engine_slow"
    message = "A voice is too slow on this busy machine just now."


class EngineHung(EngineError):
    """The engine did not answer within its limit and was ended."""

    code = "engine_hung"
    message = "A speech engine did not answer in time and is started again."


class ModelError(SpeechError):
    """A model cannot be had."""

    code, spoken = "model_error", None
    message = "A speech model cannot be used."


class ModelMissing(ModelError):
    """The model is not on this machine."""

    code = "model_missing"
    message = "A speech model is missing; run `kangban models fetch`."


class ModelDamaged(ModelError):
    """The model's checksum is not the known one."""

    code = "model_damaged"
    message = "A speech model is damaged; run `kangban models fetch`."
