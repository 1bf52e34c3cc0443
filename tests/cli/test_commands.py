"""What the commands promise to those who call them from outside: JSON, order, exit status, plain errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.kangban_process import Town, kangban, objects

LINES = "我要订红烧肉\n\n/restart\n一份\n"


@pytest.mark.system
def test_chat_answers_every_line_in_order_as_json(town: Town) -> None:
    answered = objects(kangban(town.home, "chat", "--elder", "E0007", "--json", lines=LINES))
    assert [answer["text"] for answer in answered] == ["我要订红烧肉", "", "/restart", "一份"]
    for answer in answered:
        assert {
            "text", "intent", "confidence", "entities", "slots", "replies", "committed", "alarm", "latency_ms"
        } <= answer.keys()  # fmt: skip


@pytest.mark.system
def test_chat_speaks_as_the_companion(town: Town) -> None:
    done = kangban(town.home, "chat", "--elder", "E0007", lines="一份\n")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("康伴：")


@pytest.mark.system
def test_chat_as_somebody_unknown_is_one_plain_sentence(town: Town) -> None:
    done = kangban(town.home, "chat", "--elder", "E9999", "--json", lines="你好\n")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "E9999" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.system
def test_parse_answers_every_line_in_order_as_json(town: Town) -> None:
    answered = objects(kangban(town.home, "parse", "--json", lines="我要红烧肉\n\n我摔倒了起不来\n没有回车"))
    assert [answer["text"] for answer in answered] == ["我要红烧肉", "", "我摔倒了起不来", "没有回车"]
    assert [answer["emergency"] for answer in answered] == [None, None, "fall", None]
    assert answered[0]["entities"] == [
        {"entity": "dish", "value": "红烧肉", "text": "红烧肉", "start": 2, "end": 5}
    ]
    assert set(answered[0]) == {
        *("text", "intent", "confidence", "entities", "slots", "when", "emergency", "repaired")
    }
    assert town.get("/alarms?elder_id=E0007")["alarms"] == []


@pytest.mark.system
def test_bytes_that_are_no_text_do_not_stop_a_command(town: Town) -> None:
    done = kangban(
        town.home, "chat", "--elder", "E0007", "--json", lines=b"\xff\xfe\x00\n\xe4\xbd\n\xf0\x9f\x98\x80\n"
    )
    assert len(objects(done)) == 3


@pytest.mark.system
def test_the_audit_of_a_fresh_town_is_whole(town: Town) -> None:
    [found] = objects(kangban(town.home, "audit", "verify", "--json"))
    assert found["ok"] is True
    assert found["entries"] >= 1


@pytest.mark.system
def test_doctor_looks_at_every_part(town: Town) -> None:
    done = kangban(town.home, "doctor", "--json", **town.environment)
    findings = {finding["check"]: finding for finding in objects(done)}
    assert {
        "python",
        "home",
        "disk",
        "database",
        "audit",
        "dialogue",
        "model",
        "system",
        "hearing",
        "voice",
    } <= set(findings)
    assert findings["database"]["state"] == "ok"
    assert findings["system"]["state"] == "ok"


@pytest.mark.system
def test_without_a_town_chat_says_what_to_do(tmp_path: Path) -> None:
    done = kangban(tmp_path, "chat", "--elder", "E0007", "--json", lines="你好\n")
    assert (done.returncode, done.stdout) == (1, b"")
    assert "kangban up --demo" in done.stderr.decode()
    assert len(done.stderr.decode().splitlines()) == 1


@pytest.mark.system
def test_a_broken_database_is_a_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "kangban.db").write_bytes(b"this is no database" * 1000)
    verified = kangban(tmp_path, "audit", "verify")
    assert verified.returncode == 1
    assert "kangban doctor" in verified.stderr.decode()
    assert "Traceback" not in verified.stderr.decode()
    assert kangban(tmp_path, "doctor").returncode == 1


def test_when_reads_each_line_and_needs_no_system(tmp_path: Path) -> None:
    answered = objects(kangban(tmp_path, "when", "--json", lines="明天上午九点\n你好\n每天早上八点\n"))
    first = answered[0]["candidates"][0]
    assert first["start"] == "2026-05-12T09:00:00+08:00"
    assert first["repeat"] is None
    assert first["first"] is None
    assert 0 < first["confidence"] <= 1
    assert answered[1] == {"text": "你好", "candidates": []}
    daily = answered[2]["candidates"][0]
    assert "FREQ=DAILY" in daily["repeat"]
    assert daily["first"]["start"].endswith("+08:00")
    assert list(tmp_path.iterdir()) == []


def test_a_clock_without_an_offset_is_refused_plainly(tmp_path: Path) -> None:
    done = kangban(tmp_path, "when", "--json", lines="明天\n", KANGBAN_NOW="2026-05-11 09:00")
    assert done.returncode == 2
    assert "KANGBAN_NOW" in done.stderr.decode()


@pytest.mark.parametrize("arguments", [["dance"], ["when", "--loud"], ["chat"], ["up", "--port", "70000"]])
def test_a_wrong_use_is_one_plain_sentence(tmp_path: Path, arguments: list[str]) -> None:
    done = kangban(tmp_path, *arguments)
    assert done.returncode == 2
    assert "kangban --help" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_help_names_every_command(tmp_path: Path) -> None:
    done = kangban(tmp_path, "--help")
    assert done.returncode == 0
    for name in ("up", "chat", "parse", "when", "doctor", "train", "audit", "bench"):
        assert f"  {name} " in done.stdout.decode()


def test_the_light_commands_do_not_load_the_heavy_parts() -> None:
    import subprocess
    import sys

    from tests.cli.kangban_process import ROOT

    asked = (
        "import sys, json, assistant.cli.main, assistant.cli.when, assistant.cli.chat, assistant.cli.parse;"
        "print(json.dumps([name for name in ('fastapi', 'sqlalchemy', 'httpx2', 'uvicorn', 'rich')"
        " if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, check=True)
    assert json.loads(done.stdout) == []
