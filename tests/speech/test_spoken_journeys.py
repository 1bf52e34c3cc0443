"""Spoken wishes, from sound to booked row, on the real system: Kokoro speaks, Whisper hears, Rasa answers.

All voices are synthetic (Kokoro's Mandarin voices), with pauses, a room's echo and noise added.
"""

from __future__ import annotations

import json
import shutil
import struct
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.cli.say import PATIENT
from assistant.cli.settings import settings_from
from assistant.cli.speech_models import store_of
from assistant.cli.spoken_requests import SpokenRequest, speak_requests
from speech.decode import decode
from speech.engines.choice import open_speaker
from speech.models import RATE
from tests.cli.kangban_process import Town, kangban
from tests.speech.sounds import music, noise

pytestmark = pytest.mark.system

ELDER = "E0007"
WOMAN, MAN, OTHER_WOMAN, OLD_MAN = "zf_xiaobei", "zm_yunxi", "zf_xiaoxiao", "zm_yunjian"

JOURNEYS: dict[str, list[tuple[str, float, str, str]]] = {
    "meal": [
        (WOMAN, 0.85, "那个，我想订明天中午的饭，来一份套餐，送到家里。", "pause"),
        (WOMAN, 0.85, "对的，就这样。", "noise"),
    ],
    "bath": [
        (OTHER_WOMAN, 0.9, "我一个人洗澡不方便，想请人明天下午来帮我洗个澡。", "echo"),
        (OTHER_WOMAN, 0.9, "对，就这样吧。", "echo"),
    ],
    "appointment": [
        (MAN, 0.9, "我膝盖疼得厉害，想挂后天上午的骨科。", "noise"),
        (MAN, 0.9, "好的，就这个。", "noise"),
        (MAN, 0.9, "对，就这样。", "clean"),
    ],
    "fall": [(OLD_MAN, 0.9, "哎呀，我摔倒了，爬不起来了。", "noise")],
    "clock": [(WOMAN, 1.0, "今天是星期几？", "clean")],
}
"""Voice, pace, words, room: as elders speak, with pauses, a household's noise and a tiled room's echo."""

GARBAGE = ("music", "noise", "empty", "not_audio", "half_written", "two_hours")


def write(path: Path, pcm: bytes, *, rate: int = RATE, channels: int = 1) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)


def as_telephone(pcm: bytes) -> bytes:
    """Return 16 kHz mono as 8 kHz stereo."""
    samples = np.frombuffer(pcm, "<i2")[: len(pcm) // 4 * 2].reshape(-1, 2).mean(axis=1)
    return np.repeat(samples.astype("<i2"), 2).tobytes()


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The journeys as wav files."""
    folder = tmp_path_factory.mktemp("spoken")
    settings = settings_from()
    said = {
        name: [
            SpokenRequest(text=text, intent="", slots={}, voice=voice, rate=rate, room=room, seed=seed)
            for seed, (voice, rate, text, room) in enumerate(sentences)
        ]
        for name, sentences in JOURNEYS.items()
    }
    kept = settings.home / "bench" / "spoken"
    missing = [one for sentences in said.values() for one in sentences if not (kept / one.file).exists()]
    if missing:
        speaker = open_speaker(store_of(settings), "kokoro", limits=PATIENT)
        list(speak_requests(missing, speaker, kept))
        speaker.close()
    for name, sentences in said.items():
        room = noise(0.4, loud=0.002)
        pcm = room
        for one in sentences:
            pcm += decode(kept / one.file).pcm + noise(2.2, loud=0.002)
        if name == "clock":
            write(folder / f"{name}.wav", as_telephone(pcm), rate=RATE // 2, channels=2)
        else:
            write(folder / f"{name}.wav", pcm)
    write(folder / "music.wav", music(12.0))
    write(folder / "noise.wav", noise(12.0))
    (folder / "empty.wav").write_bytes(b"")
    (folder / "not_audio.wav").write_text("这不是声音" * 1000)
    (folder / "half_written.wav").write_bytes((folder / "noise.wav").read_bytes()[:9_001])
    header = b"RIFF" + struct.pack("<I", 36 + 2 * 3600 * 4000) + b"WAVEfmt "
    header += struct.pack("<IHHIIHH", 16, 1, 1, 4000, 4000, 1, 8) + b"data" + struct.pack("<I", 7200 * 4000)
    with (folder / "two_hours.wav").open("wb") as file:
        file.write(header)
        file.truncate(len(header) + 7200 * 4000)
    return folder


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    home = tmp_path_factory.mktemp("home")
    started = Town(home)
    started.start(timeout_s=600)
    yield started
    started.stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def heard(town: Town, spoken: Path) -> dict[str, list[dict[str, Any]]]:
    """What `kangban listen --wav` told of each file, all in one process."""
    names = [*JOURNEYS, *GARBAGE]
    files = [str(spoken / f"{name}.wav") for name in names]
    arguments = ["--json", "--elder", ELDER, "--engine", "whisper", "--voice", "pyttsx3"]
    done = kangban(town.home, "listen", *arguments, "--wav", *files, timeout_s=900)
    assert done.returncode == 1, done.stderr.decode()  # some of the files cannot be used
    turns: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for line in done.stdout.decode().splitlines():
        turn = json.loads(line)
        turns[Path(turn["file"]).stem].append(turn)
    return turns


@pytest.mark.parametrize(
    ("journey", "kind"),
    [("meal", "meal"), ("bath", "home_care"), ("appointment", "medical_appointment")],
)
def test_a_spoken_wish_ends_as_a_committed_row(
    heard: dict[str, list[dict[str, Any]]], town: Town, journey: str, kind: str
) -> None:
    committed = [row for turn in heard[journey] for row in turn["committed"]]
    assert [row["kind"] for row in committed] == [kind], heard[journey]
    stored = town.get(f"/requests/{committed[0]['id']}")
    assert stored["state"] in ("accepted", "assigned", "submitted")
    assert stored["elder_id"] == ELDER


def test_a_spoken_fall_raises_an_alarm_and_none_twice(
    heard: dict[str, list[dict[str, Any]]], town: Town
) -> None:
    raised = [turn["alarm"]["id"] for turn in heard["fall"] if turn["alarm"]]
    assert raised, heard["fall"]
    alarms = town.get(f"/alarms?elder_id={ELDER}")["alarms"]
    assert [alarm["channel"] for alarm in alarms] == ["voice"] * len(alarms)
    assert {alarm["category"] for alarm in alarms} <= {"fall", "help"}
    assert {alarm["id"] for alarm in alarms} == set(raised)


def test_the_answers_were_spoken_into_files(heard: dict[str, list[dict[str, Any]]]) -> None:
    for turn in heard["meal"]:
        (file,) = turn["reply_wavs"]
        with wave.open(file) as answer:
            assert answer.getnframes() / answer.getframerate() > 1.0
        assert turn["delay_ms"] > 0
        assert turn["wait_ms"] >= 700
        assert turn["engine"] == "whisper"


def test_a_telephone_recording_in_stereo_is_understood(heard: dict[str, list[dict[str, Any]]]) -> None:
    assert [turn["intent"] for turn in heard["clock"]] == ["ask_datetime"]


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_gets_one_clear_result_and_books_nothing(
    heard: dict[str, list[dict[str, Any]]], name: str
) -> None:
    expected = {
        "empty": "empty_audio",
        "not_audio": "not_audio",
        "two_hours": "too_long_audio",
    }
    (turn,) = heard[name]
    assert turn["error"] == expected.get(name, "no_speech")
    assert turn["detail"]
    assert turn["replies"]
    assert (turn["committed"], turn["alarm"]) == ([], None)
