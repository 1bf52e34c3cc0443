"""`kangban say`, `transcribe` and `models`, as their users run them, on the real engines."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest

from tests.cli.kangban_process import Town, kangban, objects

pytestmark = pytest.mark.system


def test_say_writes_a_file_and_transcribe_goes_on_after_a_bad_one(tmp_path: Path) -> None:
    wav, text, empty = tmp_path / "说.wav", tmp_path / "不是.mp3", tmp_path / "空.wav"
    [said] = objects(kangban(tmp_path, "say", "明天中午我要一份红烧肉。", "-o", str(wav), "--json"))
    assert (said["file"], said["engine"]) == (str(wav), "kokoro")
    with wave.open(str(wav)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(said["audio_s"], abs=0.01)
    text.write_text("这不是声音")
    empty.touch()
    done = kangban(tmp_path, "transcribe", str(text), str(wav), str(empty), "--engine", "whisper", "--json")
    assert done.returncode == 1
    [row] = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert {"file", "text", "engine", "audio_s", "compute_s"} <= set(row)
    assert (row["file"], row["engine"]) == (str(wav), "whisper")
    assert len(set("明天中午我要一份红烧肉") & set(row["text"])) >= 8, row["text"]
    complaints = done.stderr.decode().splitlines()
    assert [text.name in complaints[0], empty.name in complaints[1]] == [True, True]


def test_say_needs_no_model_with_the_voice_that_is_always_there(tmp_path: Path) -> None:
    wav = tmp_path / "a.wav"
    done = kangban(
        tmp_path,
        "say",
        "-",
        "-o",
        str(wav),
        "--json",
        lines="您好，二号。",
        KANGBAN_MODELS=str(tmp_path / "none"),
    )
    assert objects(done)[0]["engine"] == "pyttsx3"
    assert wav.stat().st_size > 20_000


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("say", "……"), "没有要说的话"),
        (("say", "您好", "--rate", "9"), "0.5"),
        (("say", "您好", "--voice", "nobody", "-o", "x.wav"), "nobody"),
        (("transcribe", "--engine", "siri", str(Path(__file__).parent / "none.wav")), "no file"),
        (("models", "fetch", "gpt"), "gpt"),
    ],
)
def test_what_cannot_be_done_is_one_plain_sentence(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = kangban(tmp_path, *arguments)
    assert done.returncode in (1, 2)
    assert done.stdout == b""
    assert told in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_without_a_recogniser_transcribe_says_what_to_fetch(tmp_path: Path) -> None:
    wav = tmp_path / "a.wav"
    with wave.open(str(wav), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\1" * 8000)
    done = kangban(tmp_path, "transcribe", str(wav), KANGBAN_MODELS=str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, b"")
    assert "kangban models fetch whisper-base" in done.stderr.decode()


def test_models_are_listed_with_licence_source_and_checksum(tmp_path: Path) -> None:
    rows = {row["name"]: row for row in objects(kangban(tmp_path, "models", "list", "--json"))}
    assert rows["whisper-base"]["licence"] == "MIT"
    assert rows["whisper-base"]["here"], "make setup-test fetches it"
    assert all(len(file["sha256"]) == 64 for file in rows["kokoro-zh"]["files"])
    assert rows["vosk-model-small-cn-0.22"]["sources"][0].startswith("https://")
    assert objects(kangban(tmp_path, "models", "fetch", "whisper-base", "--json"))[0]["ok"] is True


def test_the_speech_bench_speaks_hears_and_counts(town: Town) -> None:
    [summary] = objects(
        kangban(
            town.home,
            "bench",
            "speech",
            "--requests",
            "2",
            "--engine",
            "whisper",
            "--json",
            **town.environment,
        )
    )
    assert (summary["requests"], summary["engine"], summary["synthetic"]) == (2, "whisper", True)
    assert summary["cer"] < 0.6
    assert {"intent", "slots", "both"} == set(summary["heard"])
    rows = [json.loads(line) for line in Path(summary["samples"]).read_text(encoding="utf-8").splitlines()]
    assert [row["characters"] > 0 for row in rows] == [True, True]
    assert len(list((town.home / "bench" / "spoken").glob("synthetic-*.wav"))) == 2
