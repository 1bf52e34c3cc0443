"""The Wyoming server, asked by the protocol's own client over TCP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.tts import Synthesize

from speech.fakes import BrokenRecognizer, FakeRecognizer, FakeSpeaker, spoken, tone
from speech.ports import Recognizer
from speech.wyoming_server import SpeechServices, serve


@pytest.fixture
def recognizer() -> Recognizer:
    return FakeRecognizer(["我要订饭", "明天中午"])


@pytest.fixture
async def port(recognizer: Recognizer) -> AsyncIterator[int]:
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    services = SpeechServices(recognizer, FakeSpeaker(), hints=lambda: ["红烧肉"])
    task = asyncio.create_task(serve(services, host="127.0.0.1", port=0, ready=ready.set_result))
    yield await ready
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def answer(client: AsyncTcpClient) -> Event:
    event = await asyncio.wait_for(client.read_event(), 10)
    assert event is not None
    return event


async def transcript(client: AsyncTcpClient, pcm: bytes, *, rate: int = 16_000) -> Event:
    await client.write_event(Transcribe(language="zh").event())
    await client.write_event(AudioStart(rate=rate, width=2, channels=1).event())
    for at in range(0, len(pcm), 4096):
        await client.write_event(
            AudioChunk(rate=rate, width=2, channels=1, audio=pcm[at : at + 4096]).event()
        )
    await client.write_event(AudioStop().event())
    return await answer(client)


async def test_speech_becomes_a_transcript(port: int, recognizer: FakeRecognizer) -> None:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        heard = Transcript.from_event(await transcript(client, spoken("我要订饭")))
        assert heard.text == "我要订饭"
        other_rate = tone(0.8, rate=48_000)
        assert Transcript.from_event(await transcript(client, other_rate, rate=48_000)).text == "明天中午"
        assert Transcript.from_event(await transcript(client, b"")).text == ""
    assert recognizer.hints[0] == ("红烧肉",)


async def test_it_tells_what_it_offers(port: int) -> None:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Describe().event())
        info = Info.from_event(await answer(client))
    assert [program.name for program in info.asr] == ["kangban"]
    assert [voice.name for program in info.tts for voice in program.voices] == ["tone"]


async def test_a_text_becomes_speech(port: int) -> None:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Synthesize(text="您好").event())
        types = []
        audio = b""
        while (event := await answer(client)) is not None:
            types.append(event.type)
            if AudioChunk.is_type(event.type):
                audio += AudioChunk.from_event(event).audio
            if AudioStop.is_type(event.type):
                break
    assert types == ["audio-start", "audio-chunk", "audio-chunk", "audio-stop"]
    assert len(audio) == len(spoken("您好"))


async def test_nonsense_is_an_error_and_the_connection_stays(port: int) -> None:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        await client.write_event(Event(type="audio-chunk", data={"rate": "x"}))
        assert Error.is_type((await answer(client)).type)
        await client.write_event(Event(type="something-newer"))
        await client.write_event(Describe().event())
        assert Info.is_type((await answer(client)).type)


@pytest.mark.parametrize("recognizer", [BrokenRecognizer()])
async def test_an_engine_that_hangs_is_an_error_event(port: int, recognizer: Recognizer) -> None:
    async with AsyncTcpClient("127.0.0.1", port) as client:
        event = await transcript(client, spoken("我要订饭"))
        assert Error.from_event(event).code == "engine_hung"


async def test_two_clients_are_not_mixed(port: int) -> None:
    async with AsyncTcpClient("127.0.0.1", port) as one, AsyncTcpClient("127.0.0.1", port) as other:
        heard = await asyncio.gather(transcript(one, spoken("我要订饭")), transcript(other, spoken("明天")))
    assert sorted(Transcript.from_event(event).text for event in heard) == ["我要订饭", "明天中午"]
