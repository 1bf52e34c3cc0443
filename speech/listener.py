"""From frames to utterances: detector, segmenter and recogniser together, one utterance at a time."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from speech.errors import SpeechError
from speech.events import EventType
from speech.hearing import Hearing, PausingHearing, StreamingHearing
from speech.models import FRAME_S, Transcript
from speech.ports import Recognizer, VoiceDetector
from speech.segmenter import Completeness, Decision, Patience, Segmenter, patience_for

BEFORE_S = 0.5
"""Sound before the beginning that belongs to the utterance: soft first syllables, in seconds."""

ASLEEP_S = 6.0
"""How much of an utterance a recogniser without streaming gets while nobody has called, in seconds: a wake
phrase comes first, and a television never ends."""

CUT_OFF_S = 1.0
"""Who begins again within this time after we took her utterance for ended had been cut off, in seconds."""

SPEECH_FROM, SPEECH_UNTIL = 0.5, 0.35
"""Probability at which speech begins, and below which it is over: one that trails off is still a voice."""


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """What somebody said in one go.

    Attributes:
        id: its id, unique.
        transcript: what was heard.
        began_s: where in the stream, in seconds.
        ended_s: where the last speech was.
        silence_s: what was waited for after it.
        ended_at: the pipeline's clock when we knew that it was over.
    """

    id: str
    transcript: Transcript
    began_s: float
    ended_s: float
    silence_s: float
    ended_at: float


@dataclass(kw_only=True)
class Ear:
    """What a listener is built of.

    Attributes:
        detector: tells speech from noise.
        recognizer: turns it into words.
        judge: says whether words so far are a whole sentence.
        hints: names that are likely, asked for at each utterance.
        patience: how long to wait.
        pauses: the elder's pauses that are known already.
        wait: see PausingHearing.
    """

    detector: VoiceDetector
    recognizer: Recognizer
    judge: Callable[[str], Completeness] = lambda _text: Completeness.OPEN
    hints: Callable[[], Sequence[str]] = tuple
    patience: Patience = field(default_factory=Patience)
    pauses: Sequence[float] = ()
    wait: bool = False


class Listener:
    """Takes frames, gives utterances. Not threadsafe."""

    def __init__(
        self, ear: Ear, *, emit: Callable[[EventType, dict[str, Any]], None], now: Callable[[], float]
    ) -> None:
        self._ear, self._emit, self._now = ear, emit, now
        self._segmenter = Segmenter(patience_for(ear.pauses, ear.patience))
        self._segmenter.pauses.extend(ear.pauses)
        self._before: deque[bytes] = deque(maxlen=round(BEFORE_S / FRAME_S))
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="recogniser")
        self._hearing: Hearing | None = None
        self.asleep = False
        """Whether only the wake phrase is waited for."""
        self._id = ""
        self._words = Completeness.OPEN
        self._is_voice = False
        self._at_s = self._began_s = self._last_speech_s = 0.0
        self._last_end_s = -10.0
        self._last_silence_s = 0.0

    @property
    def speaking(self) -> bool:
        """Whether somebody is in the middle of an utterance."""
        return self._segmenter.speaking

    @property
    def at_s(self) -> float:
        """How much of the stream has been taken, in seconds."""
        return self._at_s

    @property
    def pauses(self) -> list[float]:
        """The elder's pauses, to be remembered."""
        return self._segmenter.pauses

    def take(self, frame: bytes) -> Utterance | None:
        """Take a frame; return an utterance where one has ended with it.

        Raises:
            SpeechError: the recogniser failed; the utterance is lost, the next one is heard again.
        """
        self._at_s += FRAME_S
        probability = self._ear.detector.probability(frame)
        self._is_voice = probability >= (SPEECH_UNTIL if self._is_voice else SPEECH_FROM)
        decision = self._segmenter.process(FRAME_S, self._is_voice, self._words)
        self._before.append(frame)
        try:
            if decision is Decision.STARTED:
                self._begin()
            elif self._hearing is not None and decision in (Decision.ENDED, Decision.TOO_LONG):
                return self._end(str(decision))
            elif self._hearing is not None:
                self._go_on(frame)
        except SpeechError:
            self.reset()
            raise
        return None

    def flush(self) -> Utterance | None:
        """Return the utterance that the end of the stream has cut, if any."""
        return self._end("end_of_stream") if self._hearing is not None else None

    def reset(self) -> None:
        """Throw away what was being said, and wait for another beginning."""
        if self._hearing is not None:
            self._hearing.cancel()
        self._hearing = None
        self._segmenter.reset()
        self._before.clear()
        self._words = Completeness.OPEN
        self._is_voice = False

    def close(self) -> None:
        """Let go of the thread."""
        self.reset()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _begin(self) -> None:
        ear = self._ear
        self._id, self._words = uuid.uuid4().hex[:16], Completeness.OPEN
        since = self._at_s - self._last_end_s
        if since <= CUT_OFF_S:
            self._segmenter.went_on_after(self._last_silence_s + since)
        self._began_s = self._last_speech_s = self._at_s
        self._emit(EventType.SPEECH_STARTED, {"utterance": self._id, "at_s": round(self._at_s, 3)})
        hints = tuple(ear.hints())
        self._hearing = (
            StreamingHearing(ear.recognizer, hints)
            if ear.recognizer.streaming
            else PausingHearing(
                ear.recognizer,
                hints,
                pool=self._pool,
                wait=ear.wait,
                most_s=ASLEEP_S if self.asleep else None,
            )
        )
        for frame in self._before:
            self._hearing.feed(frame, silence_s=0.0)

    def _go_on(self, frame: bytes) -> None:
        if self._hearing is None:
            return
        silence_s = self._segmenter.silence_s
        if silence_s == 0.0:
            self._last_speech_s = self._at_s
        text = self._hearing.feed(frame, silence_s=silence_s)
        if text is not None:
            self._words = self._ear.judge(text)
            self._emit(EventType.PARTIAL, {"utterance": self._id, "text": text})

    def _end(self, reason: str) -> Utterance:
        hearing, self._hearing = self._hearing, None
        if hearing is None:
            raise ValueError("nobody speaks")
        silence_s = self._at_s - self._last_speech_s
        self._last_end_s, self._last_silence_s = self._at_s, silence_s
        ended_at = self._now()
        self._emit(
            EventType.SPEECH_ENDED,
            {
                "utterance": self._id,
                "at_s": round(self._last_speech_s, 3),
                "silence_s": round(silence_s, 3),
                "reason": reason,
            },
        )
        try:
            transcript = hearing.finish()
        finally:
            self._segmenter.reset()
            self._segmenter.patience = patience_for(self._segmenter.pauses, self._ear.patience)
            self._words = Completeness.OPEN
        self._emit(
            EventType.TRANSCRIPT,
            {
                "utterance": self._id,
                "text": transcript.text,
                "engine": transcript.engine,
                "audio_s": round(transcript.audio_s, 3),
                "compute_s": round(transcript.compute_s, 3),
                "confidence": round(transcript.confidence, 3),
            },
        )
        return Utterance(
            id=self._id,
            transcript=transcript,
            began_s=self._began_s,
            ended_s=self._last_speech_s,
            silence_s=silence_s,
            ended_at=ended_at,
        )
