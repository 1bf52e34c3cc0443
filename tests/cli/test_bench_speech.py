"""`kangban bench speech`: its table, its sounds, and what it counts as understood."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.cli.bench_speech import _fault, _hear, _right, _summary, bare, distance
from assistant.cli.spoken_requests import SETS, read_requests, speak_requests
from assistant.vocabulary.intents import Intent
from assistant.vocabulary.slots import Slot
from speech.decode import decode
from speech.fakes import FakeRecognizer, FakeSpeaker
from speech.room import ROOMS

DEV, TEST = SETS["dev"], SETS["test"]


@pytest.mark.parametrize("name", SETS)
def test_a_table_has_two_hundred_requests_in_the_words_of_the_vocabulary(name: str) -> None:
    rows = yaml.safe_load(SETS[name].table.read_text(encoding="utf-8"))
    assert len(rows) >= 200
    assert len({row["text"] for row in rows}) == len(rows)
    assert {row["intent"] for row in rows} <= {str(intent) for intent in Intent}
    assert {name for row in rows for name in row["slots"]} <= {str(slot) for slot in Slot}


@pytest.mark.parametrize("name", SETS)
def test_every_room_voice_and_pace_is_among_the_requests_of_any_size(name: str) -> None:
    for most in (None, 40):
        requests = read_requests(SETS[name], most=most)
        assert len(requests) == (most or len(read_requests(SETS[name])))
        assert {one.room for one in requests} == set(ROOMS)
        assert {one.voice for one in requests} == set(SETS[name].voices)
        assert len({one.rate for one in requests}) == 3


def test_what_is_measured_is_not_what_is_tuned_on() -> None:
    tuned, measured = read_requests(DEV), read_requests(TEST)
    assert not {one.text for one in tuned} & {one.text for one in measured}
    assert not set(DEV.voices) & set(TEST.voices)


def test_a_sound_is_made_once_and_named_synthetic(tmp_path: Path) -> None:
    speaker = FakeSpeaker()
    requests = read_requests(DEV, most=4)
    first = [path for _, path in speak_requests(requests, speaker, tmp_path)]
    assert [path for _, path in speak_requests(requests, speaker, tmp_path)] == first
    assert len(speaker.said) == 4
    assert all(path.name.startswith("synthetic-") for path in first)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in first)
    assert decode(first[0]).seconds > 1


def test_what_was_heard_and_understood_is_counted(tmp_path: Path) -> None:
    [request, other] = read_requests(DEV, most=2)
    [(_, path), _] = speak_requests([request, other], FakeSpeaker(), tmp_path)
    row = _hear(FakeRecognizer([request.text[:-1] + "错"]), request, path, ["红烧肉"])
    assert (row["wrong"], row["characters"]) == (1, len(bare(request.text)))
    when = {"start": "2026-05-11T11:00:00+08:00", "end": "2026-05-11T13:00:00+08:00"}
    right = {"intent": request.intent, "slots": {**request.slots, "when": when}}
    row["by_eye"] = _right(row, right, right)
    assert row["by_eye"] == {"intent": True, "slots": True, "both": True}
    row["by_ear"] = _right(row, {"intent": request.intent, "slots": dict(request.slots)}, right)
    assert row["by_ear"] == {"intent": True, "slots": False, "both": False}, "the time was not heard"
    row["unrepaired"], row["fault"] = row["by_ear"], _fault(row)
    assert row["fault"] == "misheard"
    summary = _summary([row])
    assert summary["faults"] == {"misheard": 1}
    assert summary["cer"] == pytest.approx(1 / row["characters"], abs=1e-3)
    assert (summary["written"]["both"], summary["heard"]["both"]) == (1.0, 0.0)
    assert summary["rooms"][request.room]["understood"] == 0.0
    assert summary["synthetic"] is True


@pytest.mark.parametrize(
    ("said", "heard", "wrong"),
    [
        ("订饭", "订饭", 0),
        ("两份红烧肉。", "2份红烧肉", 0),
        ("红烧肉", "红烧热", 1),
        ("我要订饭", "", 4),
        ("订饭", "我要订饭啊", 3),
    ],
)
def test_digits_and_stops_are_no_mistakes(said: str, heard: str, wrong: int) -> None:
    assert distance(bare(said), bare(heard)) == wrong
