"""`/api/v1/voice`: a browser or a small board as the speaker. 16 kHz PCM in; events, turns and sound out.

The satellite sends ``{"type":"hello","token":…}`` (or an ``Authorization: Bearer`` header), then binary
frames of 16-bit mono PCM at 16 kHz; ``{"type":"press"}`` is its button, ``{"type":"end"}`` the end of the
sound. It gets JSON: every event of the pipeline, ``{"type":"turn",…}`` with the object of ``kangban chat
--json`` and what was heard, and the answer as ``{"type":"audio_start","rate":…}``, binary PCM,
``{"type":"audio_end","whole":…}``. The token belongs to one device of one elder; who has none is closed with
4401. ``?wake=false`` is for a device whose button is held while somebody speaks.

``?held=true`` is one hold of the button of the chat page: a browser that is bound to an elder, known by its
cookie. All sound up to ``end`` is one utterance, however long she pauses; ``{"type":"answer",…}`` is the turn
as soon as it is there, and announcements are left to the page.
"""

from __future__ import annotations

import asyncio
import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from assistant.cli.api import Api, ApiProblem, ApiUnreachable
from assistant.cli.voice_announcements import Announcer
from assistant.cli.voice_companion import CHANNEL, ElderCompanion, Turn
from assistant.cli.voice_hints import LiveHints
from assistant.cli.voice_turns import TurnLog
from assistant.cli.voice_wake import wake_word
from speech.detectors import best_detector
from speech.errors import SpeechError
from speech.events import Event
from speech.listener import Ear, Utterance
from speech.models import FRAME_BYTES, FRAME_S, SAMPLE_BYTES, Manner, Sound
from speech.pipeline import Pipeline
from speech.ports import Recognizer, Speaker
from speech.segmenter import Patience
from speech.talker import Talker

log = logging.getLogger(__name__)

NOT_SIGNED_IN, BUSY, BROKEN = 4401, 4429, 4500
"""Close codes: no valid token; too many speakers at once; the voice cannot be had."""

HELLO_S = 10.0
"""How long a satellite may take to say who it is, in seconds."""

MOST_BYTES = 64_000
"""Largest piece of sound that is taken at once: two seconds."""

KEPT_FRAMES = round(30 / FRAME_S)
"""Frames that wait to be heard, at most half a minute; then the satellite has to wait, too."""

AHEAD_S = 0.4
"""How far ahead of the playing sound is sent, in seconds: short, so that an interruption is heard soon."""


LONGEST_HOLD_S = 30.0
"""How long a button is held at most, in seconds; what was said until then is an utterance."""

HELD = Patience(
    silence_s=LONGEST_HOLD_S,
    certain_s=LONGEST_HOLD_S,
    complete_s=LONGEST_HOLD_S,
    unfinished_s=LONGEST_HOLD_S,
    least_s=LONGEST_HOLD_S,
    most_s=LONGEST_HOLD_S,
    longest_s=LONGEST_HOLD_S,
)
"""While a button is held no silence ends what she says: letting go does."""


class OpenEngines(Protocol):
    """A recogniser and a voice that are open."""

    recognizer: Recognizer
    speaker: Speaker

    def accompany(self, pipeline: Pipeline, manner: Callable[[], Manner], *, ahead: bool) -> None:
        """Tell the pipeline's listeners when the voice changes, and render phrases ahead."""
        ...

    def close(self) -> None:
        """Let go of them."""
        ...


@dataclass(frozen=True, kw_only=True)
class VoiceParts:
    """What the socket is wired with.

    Attributes:
        known: returns the elder of a token, or None; called in a thread.
        bound: returns the elder of a browser's cookie, or None; called in a thread.
        api: the running system's own API.
        engines: opens a recogniser and a voice; called in a thread.
        most: speakers that may be connected at the same time: each has a recogniser's memory.
        lent: the same for one hold of a button, kept warm between two; None where nothing is.
        cookie: the cookie's name, "" where no browser has one.
        shown: what a page is told of a turn.
    """

    known: Callable[[str], str | None]
    api: Callable[[], Api | None]
    engines: Callable[[], OpenEngines]
    most: int = 4
    bound: Callable[[str], str | None] = lambda _cookie: None
    lent: Callable[[], OpenEngines] | None = None
    cookie: str = ""
    shown: Callable[[Turn], dict[str, Any]] = dict


class SocketMicrophone:
    """The frames that a satellite sends."""

    def __init__(self) -> None:
        self._frames: queue.Queue[bytes | None] = queue.Queue(maxsize=KEPT_FRAMES)
        self._rest = b""
        self._closed = threading.Event()

    def give(self, pcm: bytes) -> None:
        """Take a piece of sound; waits while too much is not heard yet."""
        pcm = self._rest + pcm
        whole = len(pcm) // FRAME_BYTES * FRAME_BYTES
        self._rest = pcm[whole:]
        for at in range(0, whole, FRAME_BYTES):
            self._put(pcm[at : at + FRAME_BYTES])

    def _put(self, frame: bytes | None) -> None:
        while not self._closed.is_set():
            try:
                self._frames.put(frame, timeout=0.5)
            except queue.Full:
                continue
            return

    def frames(self) -> Iterator[bytes]:
        """Yield frames until the satellite is gone."""
        while (frame := self._frames.get()) is not None:
            yield frame

    def end(self) -> None:
        """No more sound comes; what there is is heard."""
        self._put(None)

    def close(self) -> None:
        """Stop hearing."""
        self._closed.set()
        while True:
            try:
                self._frames.put_nowait(None)
            except queue.Full:
                self._frames.get_nowait()
                continue
            return


class SocketLoudspeaker:
    """Sends sound in the pace in which it is played, so that an interruption finds little of it sent."""

    def __init__(self, send: Callable[[bytes | dict[str, Any]], None]) -> None:
        self._send = send
        self._stopped = threading.Event()

    def play(self, sounds: Iterable[Sound]) -> bool:
        """Send an answer; return whether all of it was sent."""
        self._stopped.clear()
        rate, until = 0, time.monotonic()
        for sound in sounds:
            if sound.rate != rate:
                rate = sound.rate
                self._send({"type": "audio_start", "rate": rate})
                until = max(until, time.monotonic())
            step = int(rate * 0.1) * SAMPLE_BYTES
            for at in range(0, len(sound.pcm), step):
                piece = sound.pcm[at : at + step]
                if self._stopped.wait(max(until - time.monotonic() - AHEAD_S, 0.0)):
                    self._send({"type": "audio_end", "whole": False})
                    return False
                self._send(piece)
                until += len(piece) / (rate * SAMPLE_BYTES)
        # Spoken means heard: wait until the satellite has played what it was sent.
        whole = not self._stopped.wait(max(until - time.monotonic(), 0.0))
        if rate:
            self._send({"type": "audio_end", "whole": whole})
        return whole

    def stop(self) -> None:
        """Send no more."""
        self._stopped.set()

    def close(self) -> None:
        """Send no more."""
        self._stopped.set()


def voice_router(parts: VoiceParts) -> APIRouter:
    """Build the route."""
    router = APIRouter()
    connected = 0

    @router.websocket("/voice")
    async def voice(socket: WebSocket, wake: bool = True, held: bool = False) -> None:
        nonlocal connected
        await socket.accept()
        elder_id = await (_bound(socket, parts) if held else _who(socket, parts))
        if elder_id is None:
            await socket.close(NOT_SIGNED_IN, "no valid token")
            return
        if connected >= parts.most:
            await socket.close(BUSY, "too many speakers at once")
            return
        connected += 1
        try:
            await _serve(socket, parts, elder_id, wake=wake and not held, held=held)
        finally:
            connected -= 1

    return router


async def _who(socket: WebSocket, parts: VoiceParts) -> str | None:
    scheme, _, token = socket.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        try:
            hello = await asyncio.wait_for(socket.receive_json(), HELLO_S)
            token = str(hello.get("token", "")) if isinstance(hello, dict) else ""
        except (TimeoutError, ValueError, KeyError, WebSocketDisconnect):
            return None
    return await asyncio.to_thread(parts.known, token.strip()) if token.strip() else None


async def _bound(socket: WebSocket, parts: VoiceParts) -> str | None:
    """Return whose browser calls; a page of another site is nobody's, whatever cookie comes along."""
    cookie = socket.cookies.get(parts.cookie, "") if parts.cookie else ""
    origin = urlsplit(socket.headers.get("origin", "")).netloc
    if not cookie or not origin or origin != socket.headers.get("host"):
        return None
    return await asyncio.to_thread(parts.bound, cookie)


async def _serve(
    socket: WebSocket, parts: VoiceParts, elder_id: str, *, wake: bool, held: bool = False
) -> None:
    api = await asyncio.to_thread(parts.api)  # it asks this very process whether it is up
    try:
        engines = await asyncio.to_thread((parts.lent if held else None) or parts.engines)
    except SpeechError as error:
        await socket.close(BROKEN, error.message[:120])
        return
    loop = asyncio.get_running_loop()
    outgoing: asyncio.Queue[bytes | dict[str, Any] | None] = asyncio.Queue()

    def send(message: bytes | dict[str, Any] | None) -> None:
        loop.call_soon_threadsafe(outgoing.put_nowait, message)

    microphone = SocketMicrophone()
    announcer: Announcer | None = None

    def clean_up() -> None:
        microphone.close()
        if announcer is not None:
            announcer.end()
        engines.close()

    try:
        if api is None:
            await socket.close(BROKEN, "the system is not up")
            return
        companion = ElderCompanion(api=api, elder_id=elder_id, steady=not engines.recognizer.streaming)
        await asyncio.to_thread(companion.get_to_know)
        turns = TurnLog(as_json=True, write=lambda turn: send({"type": "turn", **turn}))

        def record(utterance: Utterance, turn: Turn) -> None:
            turns.record(utterance, turn)
            if held:  # the page shows the answer before it is spoken to its end
                send(
                    {
                        "type": "answer",
                        "utterance": utterance.id,
                        "key": _key(utterance, turn),
                        **parts.shown(turn),
                    }
                )

        companion.record = record
        talker = Talker(engines.speaker, SocketLoudspeaker(send))
        pipeline = Pipeline(
            ear=Ear(
                detector=best_detector(),
                recognizer=engines.recognizer,
                judge=companion.judge,
                hints=LiveHints(api, asked=lambda: companion.asked),
                pauses=() if held else companion.pauses,
                patience=HELD if held else Patience(),
            ),
            talker=talker,
            companion=companion,
            wake=wake_word() if wake else None,
            cries=companion.cries,
            listeners=[lambda event: send(_as_message(event)), turns],
        )

        engines.accompany(pipeline, lambda: companion.manner, ahead=not held)

        def run() -> None:
            try:
                pipeline.run(microphone)
                if not held:
                    companion.remember_pauses(pipeline.pauses)
            except Exception:
                log.exception("a speaker's pipeline broke")
            finally:
                send(None)

        if not held:
            announcer = Announcer(api, elder_id, pipeline, lambda: companion.manner)
            announcer.start()
        sending = asyncio.create_task(_send(socket, outgoing))
        running = asyncio.create_task(asyncio.to_thread(run))
        receiving = asyncio.create_task(_receive(socket, microphone, pipeline))
        await asyncio.wait({sending, receiving}, return_when=asyncio.FIRST_COMPLETED)
        if not receiving.done():
            receiving.cancel()
        elif receiving.exception() is not None or not receiving.result():
            microphone.close()
        there = receiving.done() and not receiving.cancelled() and receiving.exception() is None
        hanging = (
            asyncio.create_task(_hang_up(socket, talker)) if held and there and receiving.result() else None
        )
        await running
        await sending
        if hanging is not None:
            hanging.cancel()
    except (ApiProblem, ApiUnreachable) as error:
        await socket.close(BROKEN, str(error)[:120])
    finally:
        # Shielded: the engines' processes end even where the server itself is being ended.
        await asyncio.shield(asyncio.to_thread(clean_up))


def _key(utterance: Utterance, turn: Turn) -> str:
    """Return under which key the book has a turn; "" where the voice answered by itself."""
    if not turn.get("latency_ms"):
        return ""
    return f"turn:{CHANNEL}:{utterance.id}" + ("-early" if turn.get("early") else "")


async def _hang_up(socket: WebSocket, talker: Talker) -> None:
    """Fall silent when the page closes the line: she has pressed the button again, or gone."""
    with suppress(RuntimeError):  # it was closed from our side meanwhile
        while (await socket.receive())["type"] != "websocket.disconnect":
            pass
        talker.stop()


def _as_message(event: Event) -> dict[str, Any]:
    return {"type": str(event.type), "at": round(event.at, 3), **event.data}


async def _send(socket: WebSocket, outgoing: asyncio.Queue[bytes | dict[str, Any] | None]) -> None:
    """Send until the pipeline has ended; a satellite that is gone is sent nothing more."""
    gone = False
    while (message := await outgoing.get()) is not None:
        if gone:
            continue
        try:
            if isinstance(message, bytes):
                await socket.send_bytes(message)
            else:
                await socket.send_text(json.dumps(message, ensure_ascii=False))
        except (WebSocketDisconnect, RuntimeError):
            gone = True
    if not gone:
        try:
            await socket.close()
        except RuntimeError:
            return


async def _receive(socket: WebSocket, microphone: SocketMicrophone, pipeline: Pipeline) -> bool:
    """Take sound and words; return True when no more sound comes, False when the satellite is gone."""
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return False
        pcm = message.get("bytes")
        if pcm is not None:
            if len(pcm) > MOST_BYTES:
                await socket.close(1009, "at most 64000 bytes at once")
                return False
            await asyncio.to_thread(microphone.give, pcm)
            continue
        try:
            said = json.loads(message.get("text") or "")
        except ValueError:
            continue
        kind = said.get("type") if isinstance(said, dict) else None
        if kind == "press":
            pipeline.press()
        elif kind == "end":
            await asyncio.to_thread(microphone.end)
            return True
