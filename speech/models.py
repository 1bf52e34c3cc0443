"""What passes between the parts of the voice: sound, words, what was heard. Dependency-neutral: stdlib only.

Inside, sound is one thing: signed 16-bit little-endian mono PCM at 16 kHz, in frames of 512 samples (32 ms).
Only a Speaker may give another rate; it says so in each chunk.
"""

from __future__ import annotations

from dataclasses import dataclass

RATE = 16_000
"""Samples a second of everything that is listened to."""

SAMPLE_BYTES = 2
"""Bytes a sample: signed 16-bit little-endian."""

FRAME_SAMPLES = 512
"""Samples a frame: what the silero detector takes at 16 kHz."""

FRAME_BYTES = FRAME_SAMPLES * SAMPLE_BYTES
FRAME_S = FRAME_SAMPLES / RATE
"""Seconds a frame (0.032)."""


def seconds_of(pcm: bytes, rate: int = RATE) -> float:
    """Return how long ``pcm`` sounds, in seconds."""
    return len(pcm) / (SAMPLE_BYTES * rate)


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word that was heard.

    Attributes:
        text: the word.
        start: when it begins, in seconds from the first frame that the session was fed.
        end: when it ends, likewise.
        confidence: 0 to 1; 1.0 where the engine has none.
    """

    text: str
    start: float
    end: float
    confidence: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Alternative:
    """Another reading of the same utterance.

    Attributes:
        text: the words, without spaces between Chinese characters.
        confidence: 0 to 1, or 0.0 where the engine cannot say.
    """

    text: str
    confidence: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Partial:
    """What has been heard so far; later partials of the same session may take words back.

    Attributes:
        text: the words so far.
        audio_s: how much sound it rests on, in seconds.
    """

    text: str
    audio_s: float


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """What was heard in one utterance.

    Attributes:
        text: the words, without spaces between Chinese characters; "" where nothing was said.
        words: the words with their times, where the engine gives them.
        confidence: 0 to 1 for the whole.
        alternatives: other readings, best first, without ``text`` itself.
        engine: who heard it, such as "vosk" or "whisper".
        audio_s: length of the sound, in seconds.
        compute_s: time that recognising took, in seconds.
    """

    text: str
    engine: str
    audio_s: float
    compute_s: float
    confidence: float = 1.0
    words: tuple[Word, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sound:
    """A piece of sound to be played.

    Attributes:
        pcm: signed 16-bit little-endian mono.
        rate: samples a second.
    """

    pcm: bytes
    rate: int

    @property
    def seconds(self) -> float:
        """How long it sounds, in seconds."""
        return seconds_of(self.pcm, self.rate)


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How to speak to one elder.

    Attributes:
        rate: 1.0 is the voice's own pace; 0.5 to 2.0.
        volume: 1.0 is the voice's own loudness; 0.0 to 2.0, never clipped.
        voice: a voice's name, or None for the speaker's own.
    """

    rate: float = 1.0
    volume: float = 1.0
    voice: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no voice can do."""
        if not 0.5 <= self.rate <= 2.0:
            raise ValueError("rate must be between 0.5 and 2.0")
        if not 0.0 <= self.volume <= 2.0:
            raise ValueError("volume must be between 0.0 and 2.0")


@dataclass(frozen=True, kw_only=True)
class Device:
    """One microphone or loudspeaker.

    Attributes:
        name: what it is called; the name by which it is chosen and found again.
        inputs: channels that can be heard.
        outputs: channels that can be played.
        default_input: whether the system listens to it unless told otherwise.
        default_output: whether the system plays on it unless told otherwise.
    """

    name: str
    inputs: int
    outputs: int
    default_input: bool = False
    default_output: bool = False
