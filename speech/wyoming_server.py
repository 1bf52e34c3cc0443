"""Recognition and voice for others: a server of the Wyoming protocol of Home Assistant's satellites.

Events taken: describe, transcribe, audio-start, audio-chunk, audio-stop, synthesize. Answers: info,
transcript, audio-start, audio-chunk, audio-stop, error. Several clients may be connected; the engines serve
one request at a time, in the order in which they come.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioChunkConverter, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import AsrModel, AsrProgram, Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.server import AsyncEventHandler
from wyoming.tts import Synthesize

from speech.errors import SpeechError
from speech.models import RATE, SAMPLE_BYTES, Manner, Sound
from speech.ports import Recognizer, Speaker

log = logging.getLogger(__name__)

LANGUAGES = ["zh", "zh-CN"]
LONGEST_S = 60.0
"""Longest utterance that is recognised, in seconds."""

LONGEST_TEXT = 2000
"""Longest text that is spoken, in characters."""

ABOUT_US = Attribution(name="Kangban", url="https://localhost/kangban")


class SpeechServices:
    """The engines that all clients share.

    Args:
        recognizer: hears.
        speaker: speaks.
        hints: names that are likely, asked for at each utterance.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        speaker: Speaker,
        *,
        hints: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self.recognizer, self.speaker, self._hints = recognizer, speaker, hints
        self.hearing, self.speaking = asyncio.Lock(), asyncio.Lock()

    def hear(self, pcm: bytes) -> str:
        """Return what is said in 16 kHz mono; blocking.

        Raises:
            SpeechError: the recogniser failed.
        """
        session = self.recognizer.start(hints=tuple(self._hints()))
        try:
            step = RATE * SAMPLE_BYTES // 4
            for at in range(0, len(pcm), step):
                session.feed(pcm[at : at + step])
            return session.finish().text
        finally:
            session.cancel()

    def info(self) -> Info:
        """Return what is offered."""
        about: dict[str, Any] = {"attribution": ABOUT_US, "installed": True, "version": None}
        model = AsrModel(
            name=self.recognizer.name, description="Mandarin, offline", languages=LANGUAGES, **about
        )
        voices = [
            TtsVoice(name=voice, description="Mandarin, offline", languages=LANGUAGES, **about)
            for voice in self.speaker.voices
        ]
        return Info(
            asr=[AsrProgram(name="kangban", description="Kangban hears", models=[model], **about)],
            tts=[TtsProgram(name="kangban", description="Kangban speaks", voices=voices, **about)],
        )


class Client(AsyncEventHandler):
    """One connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, services: SpeechServices
    ) -> None:
        super().__init__(reader, writer)
        self._services = services
        self._convert = AudioChunkConverter(rate=RATE, width=SAMPLE_BYTES, channels=1)
        self._pcm = bytearray()

    async def handle_event(self, event: Event) -> bool:
        """Answer an event; whatever cannot be done is an error event, and the connection stays."""
        try:
            await self._handle(event)
        except SpeechError as error:
            await self._refuse(error.message, error.code)
        except (KeyError, TypeError, ValueError) as error:
            await self._refuse(f"this {event.type} event makes no sense: {error}", "bad_event")
        return True

    async def _handle(self, event: Event) -> None:
        if Describe.is_type(event.type):
            await self.write_event(self._services.info().event())
        elif Transcribe.is_type(event.type) or AudioStart.is_type(event.type):
            self._pcm.clear()
        elif AudioChunk.is_type(event.type):
            chunk = self._convert.convert(AudioChunk.from_event(event))
            if len(self._pcm) < LONGEST_S * RATE * SAMPLE_BYTES:
                self._pcm += chunk.audio
        elif AudioStop.is_type(event.type):
            pcm = bytes(self._pcm)
            self._pcm.clear()
            async with self._services.hearing:
                text = await asyncio.to_thread(self._services.hear, pcm) if pcm else ""
            await self.write_event(Transcript(text=text, language=LANGUAGES[0]).event())
        elif Synthesize.is_type(event.type):
            await self._speak(Synthesize.from_event(event))

    async def _speak(self, wish: Synthesize) -> None:
        voice = wish.voice.name if wish.voice is not None else None
        manner = Manner(voice=voice if voice in self._services.speaker.voices else None)
        async with self._services.speaking:
            sounds = self._services.speaker.speak(wish.text[:LONGEST_TEXT], manner)
            rate = 0
            while (sound := await asyncio.to_thread(_next, sounds)) is not None:
                if not rate:
                    rate = sound.rate
                    await self.write_event(AudioStart(rate=rate, width=SAMPLE_BYTES, channels=1).event())
                await self.write_event(
                    AudioChunk(rate=sound.rate, width=SAMPLE_BYTES, channels=1, audio=sound.pcm).event()
                )
            if not rate:
                await self.write_event(AudioStart(rate=RATE, width=SAMPLE_BYTES, channels=1).event())
        await self.write_event(AudioStop().event())

    async def _refuse(self, message: str, code: str) -> None:
        log.warning("wyoming: %s", message)
        await self.write_event(Error(text=message, code=code).event())


def _next(sounds: Iterator[Sound]) -> Sound | None:
    return next(sounds, None)


async def serve(
    services: SpeechServices, *, host: str, port: int, ready: Callable[[int], None] = lambda _port: None
) -> None:
    """Serve until cancelled.

    Args:
        services: the engines.
        host: address to listen on.
        port: TCP port, 0 for a free one.
        ready: told the port when clients can connect.
    """
    clients: set[Client] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Client(reader, writer, services)
        clients.add(client)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
                await client.run()
        finally:
            clients.discard(client)

    server = await asyncio.start_server(connected, host, port)
    async with server:
        ready(int(server.sockets[0].getsockname()[1]))
        await server.serve_forever()
