"""Engines behind the watchdog: real processes that crash, hang, complain and are started again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from speech.errors import EngineCrashed, EngineError, EngineHung, EngineMissing, EngineSlow
from speech.fakes import framed, spoken
from speech.ports import Recognizer, Speaker
from speech.watchdog import MOST_STARTS, WITHIN_S, EngineProcess, Limits, RecognizerProcess, SpeakerProcess
from tests.speech.engines_that_fail import failing, missing, speaking


@pytest.fixture(scope="module")
def engine() -> Iterator[RecognizerProcess]:
    process = RecognizerProcess(failing, limits=Limits(feed_s=0.5, finish_s=2.0))
    yield process
    process.close()


def hears(engine: Recognizer) -> str:
    session = engine.start(hints=["红烧肉"])
    for frame in framed(spoken("我要订饭")):
        session.feed(frame)
    return session.finish().text


def test_an_engine_in_its_process_hears_as_it_does_here(
    engine: RecognizerProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    assert engine.name == "fake"
    assert engine.streaming
    assert hears(engine) == "我要订饭"
    assert "chatters" not in capfd.readouterr().out


@pytest.mark.parametrize(
    ("told", "error"),
    [(b"crash!", EngineCrashed), (b"hang!!", EngineHung), (b"bad!!!", EngineError), (b"greedy", EngineError)],
)
def test_whatever_the_library_does_costs_one_error(
    engine: RecognizerProcess, told: bytes, error: type[EngineError]
) -> None:
    session = engine.start()
    began = time.monotonic()
    with pytest.raises(error):
        session.feed(told)
    assert time.monotonic() - began < 2.0
    assert hears(engine) == "我要订饭"


def test_an_engine_killed_from_outside_is_started_again(engine: RecognizerProcess) -> None:
    hears(engine)
    killed = engine.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert [attempt for attempt in range(2) if _tries(engine)][-1:] == [1]
    assert engine.pid != killed


def _tries(engine: RecognizerProcess) -> bool:
    try:
        return hears(engine) == "我要订饭"
    except EngineError:
        return False


def test_an_engine_without_its_model_says_so() -> None:
    with pytest.raises(EngineMissing, match="no model here"):
        RecognizerProcess(missing)


def test_a_session_that_was_replaced_is_an_error_not_a_mixture(engine: RecognizerProcess) -> None:
    first = engine.start()
    engine.start()
    with pytest.raises(EngineError):
        first.feed(spoken("好"))


def test_a_voice_in_its_process_speaks_stops_and_survives() -> None:
    voice = SpeakerProcess(speaking, limits=Limits(piece_s=2.0))
    _is_speaker: Speaker = voice
    try:
        assert len(list(voice.speak("一二三"))) == 3
        heard = []
        for sound in voice.speak("慢" * 100):
            heard.append(sound)
            if len(heard) == 2:
                voice.cancel()
        assert len(heard) < 6
        with pytest.raises(EngineCrashed):
            list(voice.speak("坏了"))
        assert len(list(voice.speak("一二三"))) == 3
        for _ in voice.speak("慢" * 100):
            break  # whoever listened goes away
        assert len(list(voice.speak("一二"))) == 2
    finally:
        voice.close()


def test_an_engine_that_fails_again_and_again_is_left_alone_for_a_while() -> None:
    clock = [0.0]
    process = EngineProcess(missing, _never, load_s=60.0, now=lambda: clock[0])
    for _ in range(MOST_STARTS):
        with pytest.raises(EngineMissing, match="no model here"):
            process.ensure()
        clock[0] += 1.0
    with pytest.raises(EngineMissing, match="left alone"):
        process.ensure()
    clock[0] += WITHIN_S
    with pytest.raises(EngineMissing, match="no model here"):
        process.ensure()


def _never(_engine: object, _pipe: object) -> None:
    raise AssertionError("an engine that cannot be built serves nobody")


def test_a_voice_that_is_only_slow_is_left_running_and_its_late_sound_is_not_heard() -> None:
    speaker = SpeakerProcess(speaking, limits=Limits(first_s=0.3))
    try:
        list(speaker.speak("您好"))
        pid = speaker.pid
        began = time.monotonic()
        with pytest.raises(EngineSlow):
            list(speaker.speak("很慢。"))
        with pytest.raises(EngineSlow):
            list(speaker.speak("您好"))
        assert time.monotonic() - began < 0.9, "nobody is made to wait for it"
        time.sleep(0.8)
        assert len(list(speaker.speak("您好"))) == 2, "only its own sound"
        assert speaker.pid == pid
    finally:
        speaker.close()
