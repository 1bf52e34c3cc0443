"""The voices: understood by a recogniser, slower and louder when asked; nothing personal is kept of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest

from speech.decode import decode
from speech.engines.choice import open_speaker
from speech.engines.espeak_voice import EspeakSpeaker
from speech.engines.fallback import FallbackSpeaker
from speech.engines.kokoro_voice import KokoroSpeaker
from speech.engines.whisper_engine import WhisperRecognizer
from speech.errors import EngineCrashed, EngineMissing
from speech.fakes import FakeSpeaker
from speech.models import Manner, Sound
from speech.phrase_cache import CachedSpeaker, write_wav
from speech.ports import Speaker
from speech.pronunciation import Spoken, pronounce
from speech.watchdog import SpeakerProcess
from tests.speech.spoken_models import bare, distance, store

SENTENCES = (
    "好的，明天中午的红烧肉给您订好了。",
    "您哪里不舒服？我帮您找医生。",
    "后天上午九点半，护理员上门来给您洗澡。",
    "您别急，我已经叫人来看您了。",
    "电话是13800138000。",
    "今天是星期三，外面下雨，出门要小心。",
)


@pytest.fixture(scope="module")
def kokoro() -> Iterator[KokoroSpeaker]:
    speaker = KokoroSpeaker(store().path("kokoro-zh"))
    yield speaker
    speaker.close()


@pytest.fixture(scope="module")
def espeak() -> Iterator[Speaker]:
    # In its own process, as in earnest: the library keeps state of its own.
    speaker = open_speaker(store(), "pyttsx3")
    yield speaker
    speaker.close()


def pcm(sounds: Iterator[Sound]) -> np.ndarray:
    return np.frombuffer(b"".join(sound.pcm for sound in sounds), "<i2").astype(float)


def test_a_recogniser_understands_what_kokoro_says(kokoro: KokoroSpeaker, tmp_path) -> None:
    whisper = WhisperRecognizer(store().path("whisper-base"))
    wrong = total = 0
    told = []
    for text in SENTENCES:
        write_wav(tmp_path / "said.wav", kokoro.speak(text))
        session = whisper.start()
        session.feed(decode(tmp_path / "said.wav").pcm)
        said, heard = bare(text).replace("幺", "一"), bare(session.finish().text).replace("幺", "一")
        wrong, total = wrong + distance(said, heard), total + len(said)
        told.append(f"{said} → {heard}")
    assert wrong / total <= 0.2, f"CER {wrong / total:.2f}: " + "; ".join(told)


def test_the_first_sound_comes_before_the_whole_reply_is_made(kokoro: KokoroSpeaker) -> None:
    pieces = kokoro.speak("好的，明天中午的红烧肉给您订好了，送到家里。还要别的吗？")
    first = next(pieces)
    assert 0.2 < first.seconds < 2.0
    kokoro.cancel()
    assert len(list(pieces)) <= 1


def test_slower_is_longer_louder_is_louder_and_nothing_is_clipped(
    espeak: Speaker, kokoro: KokoroSpeaker
) -> None:
    for speaker in (espeak, kokoro):
        plain = pcm(speaker.speak("您好。"))
        slow = pcm(speaker.speak("您好。", Manner(rate=0.7)))
        loud = pcm(speaker.speak("您好。", Manner(volume=2.0)))
        assert len(slow) > 1.2 * len(plain), speaker.name
        assert np.sqrt(np.mean(loud**2)) > 1.25 * np.sqrt(np.mean(plain**2)), speaker.name
        assert np.abs(loud).max() < 32767, speaker.name


def test_espeak_keeps_its_pace_and_swallows_nothing_however_often_it_is_asked(espeak: Speaker) -> None:
    # Set while its thread ends a sentence, a pace was lost now and then; begun then, a piece was silent.
    slow, plain = Manner(rate=0.7), Manner()
    lengths = [[len(pcm(espeak.speak("您好。", manner))) for manner in (plain, slow)] for _ in range(12)]
    for number in (0, 1):
        column = [row[number] for row in lengths]
        assert max(column) < 1.05 * min(column), column


def test_every_mandarin_voice_of_kokoro_sounds_different(kokoro: KokoroSpeaker) -> None:
    assert len(kokoro.voices) == 8
    sounds = {
        voice: pcm(kokoro.speak("好。", Manner(voice=voice)))[:8000].tobytes() for voice in kokoro.voices
    }
    assert len(set(sounds.values())) == 8


def test_espeak_is_given_pinyin_and_speaks_at_a_human_pace(espeak: Speaker) -> None:
    sounds = list(espeak.speak("心内科王医生后天上午九点半有号"))
    seconds = sum(sound.seconds for sound in sounds)
    # Characters given to espeak would come out as "Chinese letter", four syllables each.
    assert 0.15 < seconds / 15 < 0.45
    assert np.abs(pcm(iter(sounds))).max() > 3000
    assert pcm(espeak.speak("红烧肉")).tobytes() != pcm(espeak.speak("青菜汤")).tobytes()


@pytest.mark.parametrize(
    ("text", "pinyin"),
    [
        ("不要", "bu2yao4"),
        ("一份", "yi2fen4"),
        ("一天", "yi4tian1"),
        ("第一天", "di4yi1tian1"),
        ("十一点", "shi2yi1dian3"),
        ("星期一", "xing1qi1yi1"),
        ("你好", "ni2hao3"),
        ("我想洗澡", "wo2xiang3xi2zao3"),
        ("大夫", "dai4fu5"),
        ("睡觉", "shui4jiao4"),
        ("银行", "yin2hang2"),
        ("还要别的吗", "hai2yao4bie2de5ma5"),
        ("护理员", "hu4li3yuan2"),
    ],
)
def test_tones_change_as_people_change_them(text: str, pinyin: str) -> None:
    words = [part for part in pronounce(text) if isinstance(part, Spoken)]
    assert "".join("".join(word.syllables) for word in words) == pinyin


def test_a_fixed_phrase_is_made_once_and_a_name_is_never_kept(tmp_path) -> None:
    inner = FakeSpeaker()
    speaker = CachedSpeaker(inner, tmp_path / "phrases", ["还要别的吗？", "好的。"])
    assert list(speaker.render_ahead()) == ["好的。", "还要别的吗？"]
    made = len(inner.said)
    first = pcm(speaker.speak("好的。王秀英，您的血压有点高。还要别的吗？"))
    assert [text for text, _ in inner.said[made:]] == ["王秀英，您的血压有点高。"]
    assert len(list((tmp_path / "phrases").iterdir())) == 2
    loud = pcm(speaker.speak("好的。王秀英，您的血压有点高。还要别的吗？", Manner(volume=1.5)))
    assert len(loud) == len(first)
    assert np.abs(loud).max() > np.abs(first).max()
    list(speaker.speak("还要别的吗？", Manner(rate=0.8)))
    assert len(list((tmp_path / "phrases").iterdir())) == 3


def test_a_broken_file_in_the_cache_or_a_full_disk_costs_nothing(tmp_path) -> None:
    speaker = CachedSpeaker(FakeSpeaker(), tmp_path, ["好的。"])
    whole = pcm(speaker.speak("好的。"))
    next(tmp_path.iterdir()).write_bytes(b"RIFF")
    assert pcm(speaker.speak("好的。")).tolist() == whole.tolist()
    nowhere = CachedSpeaker(FakeSpeaker(), tmp_path / "file" / "x", ["好的。"])
    (tmp_path / "file").write_bytes(b"")
    assert len(pcm(nowhere.speak("好的。"))) == len(whole)


class Broken(FakeSpeaker):
    name = "broken"

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    def speak(self, text: str, manner: Manner = Manner()) -> Iterator[Sound]:  # noqa: B008
        for number, sound in enumerate(super().speak(text, manner)):
            if number == self._after:
                raise EngineCrashed
            yield sound


def test_another_voice_goes_on_where_the_first_says_nothing() -> None:
    def none() -> Speaker:
        raise EngineMissing("no model here")

    speaker = FallbackSpeaker([none, partial(Broken, 0), FakeSpeaker])
    assert speaker.name == "broken"
    assert len(list(speaker.speak("您好"))) == 2
    assert speaker.name == "fake"
    with pytest.raises(EngineCrashed):
        list(FallbackSpeaker([partial(Broken, 1)]).speak("您好"))
    with pytest.raises(EngineMissing, match="no model here"):
        FallbackSpeaker([none])


def test_a_sentence_is_never_half_in_one_voice_and_half_in_another() -> None:
    told, clock, inner = [], [0.0], FakeSpeaker()
    speaker = FallbackSpeaker(
        [partial(Broken, 1), lambda: inner],
        told=lambda left, instead, why: told.append((left, instead, why.code)),
        now=lambda: clock[0],
    )
    list(speaker.speak("您好吗？今天很好。"))
    assert [text for text, _ in inner.said] == ["您好吗？", "今天很好。"], (
        "said again whole, and gone on with"
    )
    assert told == [("broken", "fake", "engine_crashed")], "the voice that failed rests"
    clock[0] = 61.0
    list(speaker.speak("再见。"))
    assert len(told) == 2, "after its rest it is asked again"


def test_openings_of_replies_are_kept_and_what_follows_is_said_in_one_breath(tmp_path) -> None:
    inner = FakeSpeaker()
    speaker = CachedSpeaker(inner, tmp_path, ["对吗？"], openings=["给您订好了，"])
    said = "给您订好了：明天中午，红烧肉一份，送到家里。对吗？"
    first = pcm(speaker.speak(said))
    assert [text for text, _ in inner.said] == [
        "给您订好了，",
        "明天中午，红烧肉一份，送到家里。",
        "对吗？",
    ]
    assert pcm(speaker.speak(said)).tolist() == first.tolist()
    assert [text for text, _ in inner.said[3:]] == ["明天中午，红烧肉一份，送到家里。"]
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_kept_is_bounded_and_the_oldest_goes_first(tmp_path) -> None:
    speaker = CachedSpeaker(FakeSpeaker(), tmp_path, ["一句。", "两句。", "三句。"], most_bytes=50_000)
    for text in ("一句。", "两句。", "三句。"):
        list(speaker.speak(text))
    kept = list(tmp_path.iterdir())
    assert 0 < len(kept) < 3
    assert sum(path.stat().st_size for path in kept) <= 50_000


def test_the_voice_runs_in_a_process_of_its_own() -> None:
    speaker = SpeakerProcess(EspeakSpeaker)
    try:
        assert speaker.pid is not None
        assert sum(sound.seconds for sound in speaker.speak("您好。")) > 0.3
    finally:
        speaker.close()
