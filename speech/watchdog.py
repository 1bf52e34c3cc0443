"""Engines in processes of their own: a crash or a hang of a native library costs one error, not the speaker.

The process is started by ``spawn`` (nothing of the parent's threads or models is copied), answers one call at
a time over a pipe, and is ended and started anew when it dies or does not answer within the call's limit. Its
standard output is the parent's standard error: libraries that chatter do not spoil what we print.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from speech.errors import EngineCrashed, EngineError, EngineHung, EngineMissing, EngineSlow, SpeechError
from speech.models import Manner, Partial, Sound, Transcript
from speech.ports import Recognition, Recognizer, Speaker

MEMORY_BYTES = 4 * 1024**3
"""Most private memory of an engine: the largest of ours takes one gigabyte; a leak must not take the box."""

MOST_STARTS, WITHIN_S = 8, 600.0
"""An engine that was started so often within so many seconds is left alone: it would only crash again."""

TICK_S = 0.05
"""How often somebody who waits for a voice looks whether she was told to stop, in seconds."""

_DONE = "done"
_PIECE = "piece"
_FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long calls may take, in seconds.

    Attributes:
        load_s: until the model is loaded.
        feed_s: one piece of sound.
        finish_s: the words of an utterance.
        piece_s: the next piece of speech.
        first_s: the first piece of speech, after which another voice had better speak; None: like piece_s.
    """

    load_s: float = 120.0
    feed_s: float = 10.0
    finish_s: float = 30.0
    piece_s: float = 30.0
    first_s: float | None = None

    @property
    def until_first_s(self) -> float:
        """How long a sentence may stay silent."""
        return self.piece_s if self.first_s is None else self.first_s


class EngineProcess:
    """A process that holds one engine.

    Args:
        make: builds the engine; a function of a module or a partial of one, for it travels to the process.
        serve: answers the calls there: takes the engine and the pipe.
        load_s: see Limits.
        now: monotonic seconds.
    """

    def __init__(
        self,
        make: Callable[[], Any],
        serve: Callable[[Any, Connection], None],
        *,
        load_s: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make, self._serve, self._load_s, self._now = make, serve, load_s, now
        self._started: deque[float] = deque(maxlen=MOST_STARTS)
        self._process: Any = None
        self._pipe: Connection | None = None
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process is not None and self._process.is_alive() else None

    def ensure(self) -> Any | None:
        """Start it where it does not run; return what its engine tells of itself, None where it runs already.

        Raises:
            SpeechError: what building the engine raised, or it crashed or hung meanwhile.
        """
        if self._pipe is not None and self.pid is not None:
            return None
        self.end()
        at = self._now()
        if len(self._started) == MOST_STARTS and at - self._started[0] < WITHIN_S:
            raise EngineMissing(
                f"A speech engine failed {MOST_STARTS} times within {WITHIN_S / 60:.0f} minutes and is left"
                " alone for a while; see `kangban doctor`."
            )
        self._started.append(at)
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_main, args=(theirs, self._make, self._serve), daemon=True, name="engine"
        )
        self._process.start()
        theirs.close()
        self.starts += 1
        try:
            return self.receive(self._load_s)[1]
        except SpeechError:
            self.end()  # it told why and is about to go: the next call must not take it for a running engine
            raise

    def send(self, message: tuple[Any, ...]) -> None:
        """Send a call.

        Raises:
            EngineCrashed: it is not there any more.
        """
        try:
            if self._pipe is None:
                raise EngineCrashed
            self._pipe.send(message)
        except (OSError, ValueError) as error:
            self.end()
            raise EngineCrashed from error

    def receive(self, limit_s: float) -> tuple[str, Any]:
        """Return the next answer.

        Raises:
            EngineHung: there was none within the limit; the process is ended.
            EngineCrashed: it died.
            SpeechError: what the engine raised.
        """
        try:
            if self._pipe is None:
                raise EngineCrashed
            if not self._pipe.poll(limit_s):
                self.end()
                raise EngineHung
            kind, value = self._pipe.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise EngineCrashed from error
        if kind == _FAILED:
            raise value
        return kind, value

    def answers(self, within_s: float) -> bool:
        """Say whether an answer (or its end) has come, waiting so long for it."""
        try:
            return self._pipe is None or self._pipe.poll(within_s)
        except (EOFError, OSError):
            return True

    def end(self, *, leave_s: float = 0.2) -> None:
        """End it, whatever it does; ``leave_s`` is how long it may take to tidy up by itself."""
        pipe, process = self._pipe, self._process
        self._pipe = self._process = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.join(leave_s)
            if process.is_alive():
                process.kill()
            process.join(5.0)
            process.close()


def _main(pipe: Connection, make: Callable[[], Any], serve: Callable[[Any, Connection], None]) -> None:
    os.dup2(2, 1)
    # What a model maps from its file does not count, nor what is only reserved.
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        engine = make()
    except Exception as error:
        pipe.send((_FAILED, _as_speech_error(error)))
        return
    try:
        serve(engine, pipe)
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


def _as_speech_error(error: Exception) -> SpeechError:
    if isinstance(error, SpeechError):
        return error
    return EngineError(f"{type(error).__name__}: {error}"[:500])


# Recognisers


def _serve_recognizer(engine: Recognizer, pipe: Connection) -> None:
    pipe.send((_DONE, (engine.name, engine.streaming)))
    session: Recognition | None = None
    while True:
        verb, *arguments = pipe.recv()
        try:
            answer: Any = None
            if verb == "start":
                if session is not None:
                    session.cancel()
                session = engine.start(hints=arguments[0])
            elif session is not None and verb == "feed":
                answer = session.feed(arguments[0])
            elif session is not None and verb == "finish":
                answer = session.finish()
            elif session is not None and verb == "cancel":
                session.cancel()
                session = None
            pipe.send((_DONE, answer))
        except Exception as error:
            pipe.send((_FAILED, _as_speech_error(error)))


class RecognizerProcess:
    """A recogniser behind a watchdog; itself a Recognizer. A lost session raises; the next works again."""

    def __init__(self, make: Callable[[], Recognizer], *, limits: Limits | None = None) -> None:
        """Start it and wait for its model.

        Raises:
            SpeechError: it cannot be had.
        """
        self._limits = limits or Limits()
        self._process = EngineProcess(make, _serve_recognizer, load_s=self._limits.load_s)
        self._lock = threading.RLock()
        self._number = 0
        told = self._process.ensure()
        self.name: str
        self.streaming: bool
        self.name, self.streaming = told if told is not None else ("", False)

    @property
    def pid(self) -> int | None:
        """The process id of the engine, or None while there is none."""
        return self._process.pid

    def start(self, *, hints: Sequence[str] = ()) -> Recognition:
        """Begin an utterance, with a new process where the last one was lost."""
        with self._lock:
            self._process.ensure()
            self._number += 1
            self._ask(self._limits.feed_s, "start", tuple(hints))
            return _RemoteRecognition(self, self._number)

    def _ask(self, limit_s: float, *message: Any) -> Any:
        with self._lock:
            self._process.send(message)
            return self._process.receive(limit_s)[1]

    def ask_for(self, number: int, limit_s: float, *message: Any) -> Any:
        """Make a call of one session; that of an older session is an error."""
        with self._lock:
            if number != self._number:
                raise EngineError("this session was replaced by a newer one")
            return self._ask(limit_s, *message)

    @property
    def limits(self) -> Limits:
        """How long calls may take."""
        return self._limits

    def close(self) -> None:
        """End the process."""
        self._process.end(leave_s=3.0)


class _RemoteRecognition:
    def __init__(self, engine: RecognizerProcess, number: int) -> None:
        self._engine, self._number, self._over = engine, number, False

    def feed(self, pcm: bytes) -> Partial | None:
        found = self._engine.ask_for(self._number, self._engine.limits.feed_s, "feed", pcm)
        return found if isinstance(found, Partial) else None

    def finish(self) -> Transcript:
        self._over = True
        found = self._engine.ask_for(self._number, self._engine.limits.finish_s, "finish")
        if not isinstance(found, Transcript):
            raise EngineCrashed
        return found

    def cancel(self) -> None:
        if self._over:
            return
        self._over = True
        try:
            self._engine.ask_for(self._number, self._engine.limits.feed_s, "cancel")
        except SpeechError:
            return


# Voices


def _serve_speaker(engine: Speaker, pipe: Connection) -> None:
    pipe.send((_DONE, (engine.name, tuple(engine.voices))))
    while True:
        verb, *arguments = pipe.recv()
        if verb != "speak":
            continue  # a cancel that came after the end
        try:
            for sound in engine.speak(*arguments):
                if pipe.poll():
                    pipe.recv()
                    engine.cancel()
                    break
                pipe.send((_PIECE, sound))
            pipe.send((_DONE, None))
        except Exception as error:
            pipe.send((_FAILED, _as_speech_error(error)))


class SpeakerProcess:
    """A voice behind a watchdog; itself a Speaker."""

    def __init__(
        self,
        make: Callable[[], Speaker],
        *,
        limits: Limits | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start it and wait for its model.

        Raises:
            SpeechError: it cannot be had.
        """
        self._limits = limits or Limits()
        self._process = EngineProcess(make, _serve_speaker, load_s=self._limits.load_s)
        self._now = now
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._owes_since: float | None = None
        told = self._process.ensure()
        self.name: str
        self.voices: Sequence[str]
        self.name, self.voices = told if told is not None else ("", ())

    @property
    def pid(self) -> int | None:
        """The process id of the engine, or None while there is none."""
        return self._process.pid

    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Sound]:  # noqa: B008 - frozen
        """Yield the sound of ``text``.

        Raises:
            EngineSlow: the first sound did not come within ``first_s``; the process goes on.
            EngineHung, EngineCrashed: a later one did not; the process is ended.
        """
        with self._lock:
            self._cancelled.clear()
            self._catch_up()
            self._process.ensure()
            self._process.send(("speak", text, manner))
            self._owes_since = self._now()
            first = True
            try:
                while (answer := self._next(first=first)) is not None:
                    kind, piece = answer
                    if kind == _DONE:
                        self._owes_since = None
                        return
                    yield piece
                    first = False
            except EngineSlow:
                raise
            except SpeechError:
                self._owes_since = None
                raise
            finally:
                if self._owes_since is not None:
                    self._tell_to_stop()

    def _next(self, *, first: bool) -> tuple[str, Any] | None:
        """Return the next answer, None where we were cancelled while waiting."""
        limit_s = self._limits.until_first_s if first else self._limits.piece_s
        until = self._now() + limit_s
        while not self._process.answers(TICK_S):
            if self._cancelled.is_set():
                return None
            if self._now() >= until:
                if first and self._limits.first_s is not None:
                    raise EngineSlow
                self._process.end()
                raise EngineHung
        if self._cancelled.is_set():
            return None
        return self._process.receive(self._limits.piece_s)

    def _catch_up(self) -> None:
        """Take what a sentence that nobody waited for still owes, so that its sound is not heard in the next.

        Raises:
            EngineSlow: it is not done yet.
        """
        until = self._now() + self._limits.until_first_s
        while self._owes_since is not None:
            if self._process.answers(TICK_S):
                with suppress(SpeechError):
                    if self._process.receive(TICK_S)[0] == _PIECE:
                        continue
                self._owes_since = None
            elif self._now() - self._owes_since > self._limits.piece_s:
                self._process.end()
                self._owes_since = None
            elif self._now() >= until:
                raise EngineSlow

    def _tell_to_stop(self) -> None:
        try:
            self._process.send(("cancel",))
        except SpeechError:
            self._owes_since = None

    def cancel(self) -> None:
        """End a running ``speak`` after the piece that is being made."""
        self._cancelled.set()

    def close(self) -> None:
        """End the process."""
        self._process.end(leave_s=3.0)
