"""The pipeline with fakes: who is listened to, who is answered, what interrupts, and what a failure costs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from speech.errors import EngineCrashed
from speech.events import Event, EventType
from speech.fakes import (
    BrokenRecognizer,
    FakeDetector,
    FakeLoudspeaker,
    FakeMicrophone,
    FakeRecognizer,
    FakeSpeaker,
    silence,
    spoken,
    tone,
)
from speech.listener import Ear, Utterance
from speech.metrics import Metrics
from speech.models import FRAME_S, Manner
from speech.pipeline import Pipeline, Reply
from speech.ports import Recognizer
from speech.segmenter import Completeness
from speech.talker import Talker
from speech.wake import PhraseSpotter

E = EventType


class Answers:
    """Answers with what it heard."""

    def __init__(self, *, asks: bool = False) -> None:
        self.heard: list[str] = []
        self.partials: list[str] = []
        self.asks = asks

    def answer(self, utterance: Utterance, text: str) -> Reply:
        self.heard.append(text)
        if text == "坏":
            raise EngineCrashed
        return Reply(texts=[f"您说{text}"], asks=self.asks)

    def partial(self, utterance_id: str, text: str) -> None:
        self.partials.append(text)

    def apology(self, key: str) -> Reply:
        return Reply(texts=[key], asks=True)


class House:
    """A pipeline with all that it needs, and what came of it."""

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        wake: bool = False,
        asks: bool = False,
        live: bool = False,
        cries: Callable[[str], bool] = lambda _text: False,
    ) -> None:
        self.events: list[Event] = []
        self.answers, self.speaker, self.loudspeaker = Answers(asks=asks), FakeSpeaker(), FakeLoudspeaker()
        self.metrics = Metrics()
        self.pipeline = Pipeline(
            ear=Ear(detector=FakeDetector(), recognizer=recognizer, wait=not live),
            talker=Talker(self.speaker, self.loudspeaker),
            companion=self.answers,
            wake=PhraseSpotter(["康伴康伴"], list) if wake else None,
            cries=cries,
            live=live,
            listeners=[self.events.append, self.metrics],
        )

    def hear(self, pcm: bytes) -> None:
        self.pipeline.run(FakeMicrophone(pcm))

    @property
    def types(self) -> list[EventType]:
        return [event.type for event in self.events if event.type is not E.PARTIAL]

    @property
    def said(self) -> list[str]:
        return [text for text, _ in self.speaker.said]


ORDER = "我想订明天的午饭"


@pytest.mark.parametrize("streaming", [True, False])
def test_one_sentence_is_heard_answered_and_told_of(streaming: bool) -> None:
    house = House(FakeRecognizer([ORDER, ORDER], streaming=streaming))
    house.hear(silence(0.5) + spoken(ORDER) + silence(2.0))
    assert house.answers.heard == [ORDER]
    assert house.said == [f"您说{ORDER}"]
    assert house.types == [
        E.LISTENING,
        E.SPEECH_STARTED,
        E.SPEECH_ENDED,
        E.TRANSCRIPT,
        E.THINKING,
        E.REPLY,
        E.SPEAKING,
        E.SPOKEN,
        E.ANSWERED,
    ]
    summary = house.metrics.summary()
    assert summary["events"]["speaking"] == 1
    assert 1.1 <= summary["wait_p50_s"] <= 1.3
    assert summary["delay_p50_s"] >= 0.0


def test_words_are_looked_at_before_the_utterance_is_over() -> None:
    house = House(FakeRecognizer(["我摔倒了爬不起来"]))
    house.hear(spoken("我摔倒了爬不起来") + silence(2.0))
    ended = next(at for at, event in enumerate(house.events) if event.type is E.SPEECH_ENDED)
    before = [str(event.data["text"]) for event in house.events[:ended] if event.type is E.PARTIAL]
    assert "我摔倒了" in before
    assert house.answers.partials[:3] == before[:3]


def test_a_long_pause_makes_two_turns_and_a_short_one_does_not() -> None:
    house = House(FakeRecognizer(["我想订", "明天的午饭"]))
    house.hear(spoken("我想订") + silence(2.0) + spoken("明天的午饭") + silence(2.0))
    assert house.answers.heard == ["我想订", "明天的午饭"]
    house = House(FakeRecognizer([ORDER]))
    house.hear(spoken("我想订") + silence(1.0) + spoken("明天的午饭") + silence(2.0))
    assert house.answers.heard == [ORDER]


def test_the_end_of_the_file_ends_the_sentence() -> None:
    house = House(FakeRecognizer([ORDER]))
    house.hear(spoken(ORDER))
    assert house.answers.heard == [ORDER]


def test_silence_is_answered_with_silence() -> None:
    house = House(FakeRecognizer([ORDER]))
    house.hear(silence(20.0))
    assert (house.answers.heard, house.said) == ([], [])


def test_a_television_without_the_wake_phrase_starts_nothing() -> None:
    house = House(FakeRecognizer(["接下来是天气预报", "明天多云"]), wake=True)
    house.hear(spoken("接下来是天气预报") + silence(2.0) + spoken("明天多云") + silence(2.0))
    assert (house.answers.heard, house.answers.partials, house.said) == ([], [], [])
    assert E.WAKE not in house.types


@pytest.mark.parametrize("streaming", [True, False])
def test_the_wake_phrase_and_the_wish_in_one_breath(streaming: bool) -> None:
    house = House(FakeRecognizer(["康伴康伴" + ORDER] * 2, streaming=streaming), wake=True)
    house.hear(spoken("康伴康伴" + ORDER) + silence(2.0))
    assert house.answers.heard == [ORDER]
    assert house.types.count(E.WAKE) == 1


def test_the_wake_phrase_alone_is_answered_and_the_wish_follows() -> None:
    house = House(FakeRecognizer(["康伴康伴", ORDER, "接下来是天气预报"]), wake=True)
    house.hear(
        spoken("康伴康伴") + silence(2.0) + spoken(ORDER) + silence(2.0) + spoken("接下来") + silence(2.0)
    )
    assert house.said[0] == "voice.here"
    assert house.answers.heard == [ORDER]  # and the television after it is not heard


@pytest.mark.parametrize("streaming", [True, False])
def test_a_cry_is_followed_without_the_wake_phrase_where_she_agreed_to_it(streaming: bool) -> None:
    cry, other = "救命啊快来人", "接下来是天气预报"
    deaf = House(FakeRecognizer([cry] * 2, streaming=streaming), wake=True)
    deaf.hear(spoken(cry) + silence(2.0))
    assert deaf.answers.heard == []
    house = House(
        FakeRecognizer([other, cry], streaming=streaming),
        wake=True,
        cries=lambda text: "救命" in text,
    )
    house.hear(spoken(other) + silence(2.0) + spoken(cry) + silence(2.0))
    assert house.answers.heard == [cry]
    assert [event.data["by"] for event in house.events if event.type is E.WAKE] == ["cry"]


def test_an_open_question_needs_no_wake_phrase() -> None:
    house = House(FakeRecognizer(["康伴康伴我要订饭", "午饭"]), wake=True, asks=True)
    house.hear(spoken("康伴康伴我要订饭") + silence(2.0) + spoken("午饭") + silence(2.0))
    assert house.answers.heard == ["我要订饭", "午饭"]


def test_nobody_waits_for_ever() -> None:
    house = House(FakeRecognizer(["康伴康伴我要订饭", "午饭"]), wake=True, asks=True)
    house.hear(spoken("康伴康伴我要订饭") + silence(25.0) + spoken("午饭") + silence(2.0))
    assert house.answers.heard == ["我要订饭"]
    assert house.types.count(E.ASLEEP) >= 1


def test_an_engine_that_hangs_costs_one_apology_not_the_speaker() -> None:
    house = House(BrokenRecognizer())
    house.hear(spoken(ORDER) + silence(2.0) + spoken(ORDER) + silence(2.0))
    errors = [event.data for event in house.events if event.type is E.ERROR]
    assert [error["code"] for error in errors] == ["engine_hung"] * len(errors) != []
    assert {error["stage"] for error in errors} == {"recognising"}
    assert set(house.said) == {"voice.failed"}


def test_an_answer_that_fails_is_an_apology_and_the_next_one_works() -> None:
    house = House(FakeRecognizer(["坏", "好"]))
    house.hear(spoken("坏") + silence(2.0) + spoken("好") + silence(2.0))
    assert house.said == ["voice.failed", "您说好"]
    assert [event.data["stage"] for event in house.events if event.type is E.ERROR] == ["answering"]


def test_words_that_break_off_are_waited_for() -> None:
    house = House(FakeRecognizer([ORDER]))
    ear = Ear(
        detector=FakeDetector(),
        recognizer=FakeRecognizer([ORDER]),
        judge=lambda text: Completeness.UNFINISHED if text.endswith("订") else Completeness.OPEN,
    )
    house.pipeline = Pipeline(
        ear=ear, talker=Talker(house.speaker, house.loudspeaker), companion=house.answers, live=False
    )
    house.hear(spoken("我想订") + silence(2.0) + spoken("明天的午饭") + silence(2.0))
    assert house.answers.heard == [ORDER]


# In real time: somebody speaks while we do.


class Room:
    """A loudspeaker that takes its time, and a microphone that hears it and, above it, somebody else."""

    def __init__(self, echo: float) -> None:
        self.echo = echo
        self.sounding = threading.Event()
        self.stopped = threading.Event()
        self.other: Callable[[], bytes | None] = lambda: None
        self.seconds = 0.0

    def play(self, sounds: Iterator[object]) -> bool:
        self.stopped.clear()
        for sound in sounds:
            self.sounding.set()
            if self.stopped.wait(sound.seconds):  # type: ignore[attr-defined]
                break
            self.seconds += sound.seconds  # type: ignore[attr-defined]
        self.sounding.clear()
        return not self.stopped.is_set()

    def stop(self) -> None:
        self.stopped.set()

    def close(self) -> None: ...


OURS, HERS = tone(FRAME_S, loud=0.3), tone(FRAME_S, hertz=330, loud=0.5)


def live(room: Room, *, seconds: float, hers: Callable[[float], bool]) -> Iterator[bytes]:
    began = time.monotonic()
    quiet = bytes(len(OURS))
    samples = [int.from_bytes(OURS[at : at + 2], "little", signed=True) for at in range(0, len(OURS), 2)]
    echo = b"".join(int(one * room.echo).to_bytes(2, "little", signed=True) for one in samples)
    while (at := time.monotonic() - began) < seconds:
        yield HERS if hers(at) else echo if room.sounding.is_set() else quiet
        time.sleep(FRAME_S)


class LiveMicrophone:
    def __init__(self, frames: Iterator[bytes]) -> None:
        self._frames = frames

    def frames(self) -> Iterator[bytes]:
        return self._frames

    def close(self) -> None: ...


def talk_live(seconds: float, hers: Callable[[float], bool], *, button_at: float | None = None) -> House:
    house = House(FakeRecognizer(["我要订饭", "等一等"]), live=True)
    room = Room(echo=0.3)
    house.answers.answer = lambda _utterance, text: (  # type: ignore[method-assign]
        house.answers.heard.append(text),
        Reply(texts=["一二三四五六七八九十一二三四五六七八九十"], manner=Manner()),
    )[1]
    house.pipeline._talker = Talker(house.speaker, room)  # type: ignore[arg-type]
    if button_at is not None:
        threading.Timer(button_at, house.pipeline.press).start()
    house.pipeline.run(LiveMicrophone(live(room, seconds=seconds, hers=hers)))
    return house


def test_our_own_voice_is_not_heard_as_the_elders() -> None:
    house = talk_live(7.5, lambda at: at < 0.9)
    assert house.answers.heard == ["我要订饭"]
    assert E.INTERRUPTED not in house.types


def test_somebody_who_speaks_over_us_is_listened_to() -> None:
    house = talk_live(6.5, lambda at: at < 0.9 or 4.0 < at < 4.9)
    assert house.answers.heard == ["我要订饭", "等一等"]
    interrupted = [event.data["by"] for event in house.events if event.type is E.INTERRUPTED]
    assert interrupted == ["voice"]


def test_the_button_silences_us() -> None:
    house = talk_live(4.0, lambda at: at < 0.9, button_at=3.0)
    assert [event.data["by"] for event in house.events if event.type is E.INTERRUPTED] == ["button"]
    assert house.types.count(E.SPOKEN) == 0


def test_an_announcement_is_spoken_and_confirmed() -> None:
    house = House(FakeRecognizer())
    spoken_whole: list[bool] = []
    house.pipeline.announce(Reply(texts=["饭到了"]), spoken_whole.append)
    house.hear(silence(0.5))
    assert (house.said, spoken_whole) == (["饭到了"], [True])
