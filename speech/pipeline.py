"""The speaker: wake, listen patiently, hand the words over, speak the answer, be interrupted; and tell of it.

Frames are taken in the caller's thread and never wait for an answer; answers and announcements are spoken one
after the other in a thread of their own. Whatever fails is an event and one apology; listening goes on.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from speech.echo import EchoGate
from speech.errors import SpeechError
from speech.events import Event, EventType, Stage
from speech.listener import Ear, Listener, Utterance
from speech.models import FRAME_S, Manner
from speech.ports import Microphone, WakeWord
from speech.talker import Talker

log = logging.getLogger(__name__)

DEAF_AFTER_S = 0.25
"""The room's echo after our own last sound, which nobody listens to, in seconds."""

QUESTION_S = 20.0
"""How long an answer to our question is waited for without the wake phrase, in seconds."""

KEPT_S = 0.8
"""Sound that is kept while we speak, for the beginning of what interrupts us, in seconds."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What to say to an utterance.

    Attributes:
        texts: the sentences; none where nothing is to be said.
        manner: how to say them.
        asks: whether an answer is expected: it needs no wake phrase.
    """

    texts: Sequence[str]
    manner: Manner = field(default_factory=Manner)
    asks: bool = False


class Companion(Protocol):
    """Whoever understands and answers; called in the answering thread, but ``partial``."""

    def answer(self, utterance: Utterance, text: str) -> Reply:
        """Answer an utterance; ``text`` is without the wake phrase. What it raises costs an apology."""
        ...

    def partial(self, utterance_id: str, text: str) -> None:
        """Look at words before the utterance is over. Called in the listening thread; must be quick."""
        ...

    def apology(self, key: str) -> Reply:
        """Return what to say where something failed (keys: ``spoken`` of the errors)."""
        ...


@dataclass(frozen=True, kw_only=True)
class _Job:
    utterance: Utterance | None = None
    text: str = ""
    reply: Reply | None = None
    done: Callable[[bool], None] | None = None


class Pipeline:
    """One microphone, one loudspeaker, one elder.

    Args:
        ear: how it hears.
        talker: how it speaks.
        companion: who answers.
        wake: the wake phrase, or None where whoever speaks is meant (a button is held, a file is read).
        cries: says whether words heard while asleep are a cry for help that is to be followed; nobody's where
            the elder has not agreed to it.
        live: sound comes in real time. Otherwise the next frame waits until the answer has been given.
        listeners: told of every event.
        now: monotonic seconds.
    """

    def __init__(
        self,
        *,
        ear: Ear,
        talker: Talker,
        companion: Companion,
        wake: WakeWord | None = None,
        cries: Callable[[str], bool] = lambda _text: False,
        live: bool = True,
        listeners: Sequence[Callable[[Event], None]] = (),
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._talker, self._companion, self._wake, self._live = talker, companion, wake, live
        self._cries = cries
        self._listeners, self._now = list(listeners), now
        self._ear = ear
        self._listener = Listener(ear, emit=self.emit, now=now)
        self._gate = EchoGate()
        self._kept: deque[bytes] = deque(maxlen=round(KEPT_S / FRAME_S))
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._awake_until = 0.0
        self._deaf_until = 0.0
        self._pressed = threading.Event()
        self._set_awake(wake is None)

    @property
    def pauses(self) -> list[float]:
        """The elder's pauses, to be remembered."""
        return self._listener.pauses

    @property
    def busy(self) -> bool:
        """Whether somebody speaks, thinks, or is waited for."""
        return (
            self._listener.speaking
            or self._talker.active
            or self._jobs.unfinished_tasks > 0
            or (self._wake is not None and not self._listener.asleep)
        )

    def emit(self, type_: EventType, data: dict[str, Any]) -> None:
        """Tell of an event; partials are looked at before anybody else hears of them."""
        if type_ is EventType.PARTIAL:
            self._heard_partial(str(data["utterance"]), str(data["text"]))
        event = Event(type=type_, at=self._now(), data=data)
        for listener in self._listeners:
            listener(event)

    def press(self) -> None:
        """The button: fall silent, and listen. Any thread."""
        self._pressed.set()

    def announce(self, reply: Reply, done: Callable[[bool], None]) -> None:
        """Say something of our own accord, after what is being said; any thread.

        Args:
            reply: what to say.
            done: told whether it was spoken to its end.
        """
        self._jobs.put(_Job(reply=reply, done=done))

    def run(self, microphone: Microphone) -> None:
        """Listen until the microphone has no more, and the last answer is given."""
        worker = threading.Thread(target=self._work, daemon=True, name="answers")
        worker.start()
        try:
            self._ear.detector.reset()
            if self._wake is None:
                self.emit(EventType.LISTENING, {})
            for frame in microphone.frames():
                self._take(frame)
            self._guarded(self._listener.flush)
            self._jobs.join()
        finally:
            self._jobs.put(None)
            worker.join()
            self._listener.close()

    # listening

    def _take(self, frame: bytes) -> None:
        if self._pressed.is_set():
            self._pressed.clear()
            self._button()
        if self._live and self._talker.audible:
            self._while_speaking(frame)
            return
        if self._live and self._now() < self._deaf_until:
            self._kept.append(frame)
            return
        self._guarded(lambda: self._listener.take(frame))
        if not self._live:
            self._jobs.join()
        self._fall_asleep()

    def _while_speaking(self, frame: bytes) -> None:
        """Nobody hears us but somebody louder than our echo."""
        self._kept.append(frame)
        probability = self._ear.detector.probability(frame)
        if self._gate.interrupted(frame, probability, at=self._now()):
            self._interrupt("voice")
            for kept in list(self._kept):
                self._guarded(lambda kept=kept: self._listener.take(kept))  # type: ignore[misc]

    def _interrupt(self, by: str) -> None:
        self._talker.stop()
        self._gate.again()
        self._set_awake(True)
        self._deaf_until = 0.0
        self.emit(EventType.INTERRUPTED, {"by": by})

    def _button(self) -> None:
        if self._talker.audible:
            self._interrupt("button")
        self._set_awake(True)
        self.emit(EventType.WAKE, {"by": "button"})
        self.emit(EventType.LISTENING, {})

    def _guarded(self, take: Callable[[], Utterance | None]) -> None:
        try:
            utterance = take()
        except SpeechError as error:
            self._failed(Stage.RECOGNISING, error.code, error.message)
            if error.spoken and not self._listener.asleep:
                self._jobs.put(_Job(reply=self._companion.apology(error.spoken)))
            return
        if utterance is not None:
            self._hand_over(utterance)

    def _heard_partial(self, utterance: str, text: str) -> None:
        if self._listener.asleep:
            called = self._wake is not None and self._wake.find(text) is not None
            if not called and not self._cries(text):
                return
            self._set_awake(True)
            self.emit(EventType.WAKE, {"by": "phrase" if called else "cry"})
        self._companion.partial(utterance, text)

    def _hand_over(self, utterance: Utterance) -> None:
        text = utterance.transcript.text
        after = self._wake.find(text) if self._wake is not None else None
        if self._listener.asleep:
            if after is None and not self._cries(text):
                return
            self.emit(EventType.WAKE, {"by": "cry" if after is None else "phrase"})
            self._set_awake(True)
        if after is not None:
            text = text[after:]
            if not text:
                self._jobs.put(_Job(reply=self._companion.apology("voice.here")))
                self._set_awake(True)
                return
        if not text:
            # A cough, a chair: somebody who was called upon to speak is helped on, nobody else is bothered.
            if self._wake is None or self._awake_until > self._listener.at_s:
                self._jobs.put(_Job(utterance=utterance, text=""))
            return
        self._jobs.put(_Job(utterance=utterance, text=text))

    def _set_awake(self, awake: bool) -> None:
        asleep = self._wake is not None and not awake
        if awake:
            self._awake_until = self._listener.at_s + QUESTION_S
        if asleep != self._listener.asleep:
            self._listener.asleep = asleep
            if self._wake is not None:
                self.emit(EventType.ASLEEP if asleep else EventType.LISTENING, {})

    def _fall_asleep(self) -> None:
        if (
            self._wake is not None
            and not self._listener.asleep
            and not self._listener.speaking
            and self._listener.at_s >= self._awake_until
            and self._jobs.unfinished_tasks == 0
        ):
            self._set_awake(False)

    # answering

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                self._do(job)
            except Exception:
                log.exception("an answer could not be given")
            finally:
                self._jobs.task_done()
        self._jobs.task_done()

    def _do(self, job: _Job) -> None:
        utterance = job.utterance
        reply = job.reply if utterance is None else self._answer(utterance, job.text)
        if utterance is not None:
            self.emit(EventType.REPLY, {"utterance": utterance.id})
        spoken = reply is not None and self._speak(reply, utterance)
        if job.done is not None:
            job.done(spoken)
        if reply is not None and reply.asks:
            self._set_awake(True)
        elif utterance is not None:
            # Without a question she has to call again; a television would otherwise go on talking to us.
            self._awake_until = self._listener.at_s
        if utterance is not None:
            self.emit(EventType.ANSWERED, {"utterance": utterance.id, "whole": spoken})

    def _answer(self, utterance: Utterance, text: str) -> Reply:
        self.emit(EventType.THINKING, {"utterance": utterance.id})
        try:
            return self._companion.answer(utterance, text)
        except Exception as error:
            log.exception("utterance %s was not answered", utterance.id)
            self._failed(Stage.ANSWERING, getattr(error, "code", "failed"), str(error))
            return self._companion.apology("voice.failed")

    def _speak(self, reply: Reply, utterance: Utterance | None) -> bool:
        if not reply.texts:
            return True
        data = {"utterance": utterance.id if utterance is not None else ""}
        self._gate.again()
        try:
            whole = self._talker.say(
                reply.texts,
                reply.manner,
                first=lambda: self.emit(EventType.SPEAKING, {**data, "text": "\n".join(reply.texts)}),
                playing=lambda sound: self._gate.playing(sound, at=self._now()),
            )
        except SpeechError as error:
            self._failed(Stage.SPEAKING, error.code, error.message)
            return False
        self._deaf_until = self._now() + DEAF_AFTER_S
        if whole:
            self.emit(EventType.SPOKEN, data)
        return whole

    def _failed(self, stage: Stage, code: str, message: str) -> None:
        self.emit(EventType.ERROR, {"stage": str(stage), "code": code, "message": message})
