"""The fakes keep the promises of the ports, so that what is tested with them holds with the real parts."""

from itertools import pairwise

from speech import ports
from speech.fakes import (
    FakeDetector,
    FakeLoudspeaker,
    FakeMicrophone,
    FakeRecognizer,
    FakeSpeaker,
    framed,
    silence,
    spoken,
)
from speech.models import FRAME_BYTES, Manner

# mypy reads this: a fake that no longer fits its port does not pass `make check`.
_fits: tuple[ports.Microphone, ports.Loudspeaker, ports.VoiceDetector, ports.Recognizer, ports.Speaker] = (
    FakeMicrophone(b""),
    FakeLoudspeaker(),
    FakeDetector(),
    FakeRecognizer(),
    FakeSpeaker(),
)


def test_a_fake_hears_its_script_as_the_sound_goes_by() -> None:
    session = FakeRecognizer(["我要订午饭"]).start()
    partials = [part.text for frame in framed(spoken("我要订午饭")) if (part := session.feed(frame))]
    assert partials[0] == "我"
    assert all(later.startswith(earlier) for earlier, later in pairwise(partials))
    assert session.finish().text == "我要订午饭"


def test_silence_is_no_words() -> None:
    session = FakeRecognizer(["我要订午饭"]).start()
    session.feed(silence(2.0))
    assert session.finish().text == ""


def test_every_frame_is_whole() -> None:
    assert {len(frame) for frame in FakeMicrophone(spoken("好")).frames()} == {FRAME_BYTES}


def test_a_cancelled_voice_stops() -> None:
    speaker = FakeSpeaker()
    heard = []
    for sound in speaker.speak("一二三四五", Manner(rate=0.8)):
        heard.append(sound)
        if len(heard) == 2:
            speaker.cancel()
    assert len(heard) == 2
