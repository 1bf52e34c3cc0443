"""`kangban listen`: the home speaker. Microphone or files → turn → speech."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.cli.api import Api, ApiProblem, ApiUnreachable
from assistant.cli.errors import PlainError
from assistant.cli.lines import tell, tidy, write_json, write_line
from assistant.cli.running import system
from assistant.cli.say import PATIENT
from assistant.cli.settings import CliSettings
from assistant.cli.voice_announcements import Announcer
from assistant.cli.voice_companion import ElderCompanion
from assistant.cli.voice_hints import LiveHints
from assistant.cli.voice_parts import CONVERSATION, Engines
from assistant.cli.voice_turns import TurnLog
from assistant.cli.voice_wake import wake_word
from assistant.replies.phrasebook import phrases
from speech.decode import Limits, decode
from speech.detectors import best_detector
from speech.devices import DeviceLoudspeaker, DeviceMicrophone, SoundCards
from speech.errors import AudioError, SpeechError
from speech.events import Event, EventType
from speech.listener import Ear
from speech.pipeline import Pipeline
from speech.ports import Loudspeaker
from speech.talker import Talker
from speech.watchdog import Limits as EngineLimits
from speech.wav_files import SoundMicrophone, WavLoudspeaker

FILE_LIMITS = Limits(seconds=900.0)
"""Longest stream that is read from a file: a conversation with its pauses, not a recording of the day."""

DEMO_ELDER = "E0007"


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the command line asks for.

    Attributes:
        elder_id: who lives here, None for the demo town's.
        as_json: one object a turn on standard output.
        engine: the recogniser, None for the best that is installed.
        voice: the speaker (``kokoro``, ``pyttsx3``), None for the best that is installed.
        microphone: its name or a part of it, None for the system's.
        loudspeaker: likewise.
        wake: whether the wake phrase is needed; None: at a microphone yes, in files no.
        output: where answers to files are written.
        paced: files are heard in real time.
    """

    elder_id: str | None = None
    as_json: bool = False
    engine: str | None = None
    voice: str | None = None
    microphone: str | None = None
    loudspeaker: str | None = None
    wake: bool | None = None
    output: Path | None = None
    paced: bool = False


def listen(settings: CliSettings, wishes: Wishes, *, wavs: Sequence[Path] = ()) -> bool:
    """Be the home speaker; return whether every file could be used.

    Raises:
        PlainError: no elder, no system, no engine, or no device.
    """
    limits = CONVERSATION if wishes.paced or not wavs else PATIENT  # nobody waits for a file
    with system(settings) as api, _engines(settings, wishes, limits) as engines:
        speaker = HomeSpeaker(settings, api, wishes, engines)
        if wavs:
            return speaker.hear_files(wavs)
        speaker.hear_room()
        return True


@contextmanager
def _engines(settings: CliSettings, wishes: Wishes, limits: EngineLimits) -> Iterator[Engines]:
    try:
        engines = Engines(settings, recognizer=wishes.engine, speaker=wishes.voice, limits=limits)
    except SpeechError as error:
        raise PlainError(f"语音用不了：{error.message} (see `kangban doctor`)") from error
    try:
        yield engines
    finally:
        engines.close()


class HomeSpeaker:
    """One elder's speaker on a running system."""

    def __init__(self, settings: CliSettings, api: Api, wishes: Wishes, engines: Engines) -> None:
        """Get to know the elder.

        Raises:
            PlainError: nobody of that id, or the system does not answer.
        """
        self._settings, self._api, self._wishes, self._engines = settings, api, wishes, engines
        self._companion = ElderCompanion(
            api=api, elder_id=self._elder_id(), steady=not engines.recognizer.streaming
        )
        try:
            self._companion.get_to_know()
        except ApiProblem as problem:
            raise PlainError(
                f"没有登记编号是 {self._companion.elder_id} 的长者 (no elder with that id: {problem.code})"
            ) from problem
        except ApiUnreachable as error:
            raise PlainError(f"康伴没有回答 (the system at {api.url} does not answer)") from error
        self._hints = LiveHints(api, asked=lambda: self._companion.asked)
        self._detector = best_detector()

    def _elder_id(self) -> str:
        if self._wishes.elder_id:
            return tidy(self._wishes.elder_id)
        if self._api.get("/health").get("demo"):
            return DEMO_ELDER
        raise PlainError("请用 --elder 说明这是谁家的音箱 (say with --elder whose speaker this is)")

    def _pipeline(
        self, log: TurnLog, loudspeaker: Loudspeaker, *, live: bool, wake: bool, more: Callable[[Event], None]
    ) -> Pipeline:
        self._companion.record = log.record
        ear = Ear(
            detector=self._detector,
            recognizer=self._engines.recognizer,
            judge=self._companion.judge,
            hints=self._hints,
            pauses=self._companion.pauses,
            wait=not live,
        )
        pipeline = Pipeline(
            ear=ear,
            talker=Talker(self._engines.speaker, loudspeaker),
            companion=self._companion,
            wake=wake_word() if wake else None,
            cries=self._companion.cries,
            live=live,
            listeners=[log, more],
        )
        self._engines.accompany(
            pipeline, lambda: self._companion.manner, ahead=isinstance(loudspeaker, DeviceLoudspeaker)
        )
        return pipeline

    def hear_files(self, files: Sequence[Path]) -> bool:
        """Hear each file as one stream, and write the answers to wav files."""
        usable = [self._hear_file(file) for file in files]
        return all(usable)

    def _hear_file(self, file: Path) -> bool:
        folder = self._wishes.output or self._settings.home / "replies"
        stamp = time.strftime("%Y%m%d-%H%M%S")
        loudspeaker = WavLoudspeaker(folder, file.stem if self._wishes.output else f"{stamp}-{file.stem}")
        log = TurnLog(as_json=self._wishes.as_json, file=file, replies=lambda: loudspeaker.files)
        try:
            sound = decode(file, FILE_LIMITS)
        except AudioError as error:
            log.failed(error.code, error.message, [phrases().say(error.spoken or "voice.not_heard")])
            tell(f"kangban: {error.message}")
            return False
        pipeline = self._pipeline(
            log, loudspeaker, live=self._wishes.paced, wake=bool(self._wishes.wake), more=_ignore
        )
        pipeline.run(SoundMicrophone(sound, paced=self._wishes.paced))
        self._companion.remember_pauses(pipeline.pauses)
        if log.count == 0:
            log.failed("no_speech", f"Nobody speaks in {file.name}.", [phrases().say("voice.no_speech")])
        return True

    def hear_room(self) -> None:
        """Hear the microphone until Ctrl-C.

        Raises:
            PlainError: there is no microphone.
        """
        wishes = self._wishes
        log = TurnLog(as_json=wishes.as_json)
        try:
            cards = SoundCards()
            loudspeaker = DeviceLoudspeaker(cards, wishes.loudspeaker)
            pipeline = self._pipeline(
                log, loudspeaker, live=True, wake=wishes.wake is not False, more=_state(wishes.as_json)
            )
            microphone = DeviceMicrophone(cards, wishes.microphone, changed=_told_of_microphone)
            announcer = Announcer(
                self._api, self._companion.elder_id, pipeline, lambda: self._companion.manner
            )
            _press_on_enter(pipeline)
            announcer.start()
            tell(f"{self._companion.called}家的音箱在听了，叫「康伴康伴」，或者按回车键 (listening)")
            with _ended_by_signals(microphone):
                pipeline.run(microphone)
        except SpeechError as error:
            raise PlainError(f"没法听：{error.message} (see `kangban listen --list-devices`)") from error
        announcer.end()
        self._companion.remember_pauses(pipeline.pauses)


def list_devices(*, as_json: bool) -> None:
    """Write a line for each microphone and loudspeaker.

    Raises:
        PlainError: PortAudio is not installed.
    """
    try:
        devices = SoundCards().devices()
    except SpeechError as error:
        raise PlainError(f"声卡用不了：{error.message}") from error
    for device in devices:
        row: dict[str, Any] = {
            "name": device.name,
            "inputs": device.inputs,
            "outputs": device.outputs,
            "default_input": device.default_input,
            "default_output": device.default_output,
        }
        if as_json:
            write_json(row)
            continue
        uses = [word for word, count in (("话筒 in", device.inputs), ("喇叭 out", device.outputs)) if count]
        chosen = " *" if device.default_input or device.default_output else ""
        write_line(f"{device.name}  [{', '.join(uses)}]{chosen}")
    if not devices and not as_json:
        tell("没有声卡 (no microphone or loudspeaker is plugged in)")


def _ignore(_event: Event) -> None:
    return


def _state(as_json: bool) -> Callable[[Event], None]:
    """Tell the person at the terminal what the speaker is doing."""
    words = {
        EventType.LISTENING: "… 在听 (listening)",
        EventType.ASLEEP: "… 等您叫我 (asleep)",
        EventType.INTERRUPTED: "… 您说 (interrupted)",
    }

    def listener(event: Event) -> None:
        if event.type is EventType.VOICE_FELL_BACK:
            tell(
                f"! 换了声音 (the voice {event.data['left']} was left for {event.data['instead']}:"
                f" {event.data['code']})"
            )
        elif event.type is EventType.ERROR:
            tell(f"! {event.data['stage']}: {event.data['code']} {event.data['message']}")
        elif not as_json and event.type in words:
            tell(words[event.type])

    return listener


def _told_of_microphone(there: bool) -> None:
    tell("话筒好了 (the microphone is there)" if there else "话筒不见了，插上就好 (the microphone is gone)")


def _press_on_enter(pipeline: Pipeline) -> None:
    """The big button: a keyboard's Enter. It ends with the process."""
    if not sys.stdin.isatty():
        return

    def wait() -> None:
        for _line in sys.stdin:
            pipeline.press()

    threading.Thread(target=wait, daemon=True, name="button").start()


@contextmanager
def _ended_by_signals(microphone: DeviceMicrophone) -> Iterator[None]:
    """Let Ctrl-C and an end from outside finish what is being said instead of breaking it off."""
    before = {
        number: signal.signal(number, lambda *_: microphone.close())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
