"""The gateway's small parts: text, fail points, the spool."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.gateway import text as texts
from assistant.gateway.failpoints import FailPoints
from assistant.gateway.results import asks_something
from assistant.gateway.spool import AlarmSpool


@settings(deadline=None)
@given(st.text())
def test_cleaning_is_idempotent_and_storable(raw: str) -> None:
    cleaned = texts.clean(raw)
    assert texts.clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("/／ \u200b\ufe0f\u3000a好\u0338⁄∕"), max_size=12))
def test_no_disguise_makes_a_text_a_command(raw: str) -> None:
    words = texts.as_plain_words(texts.clean(raw))
    assert not texts.plain(words).strip().startswith("/")


def test_a_fail_point_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="unknown fail point"):
        FailPoints("after_recieve")


def test_without_a_name_no_fail_point_does_anything() -> None:
    FailPoints("").reach("after_receive")
    FailPoints(None).reach("after_finish")
    FailPoints("after_finish").reach("after_receive")


def test_the_spool_gives_every_alarm_back_once_and_keeps_damaged_lines(tmp_path: Path) -> None:
    path = tmp_path / "alarms.spool"
    spool = AlarmSpool(path)
    spool.keep({"text": "救命"})
    with path.open("a", encoding="utf-8") as file:
        file.write('{"text": "摔\n')
    spool.keep({"text": "胸口疼"})
    entered: list[str] = []
    assert spool.drain(lambda record: entered.append(record["text"])) == 2
    assert entered == ["救命", "胸口疼"]
    assert spool.drain(lambda record: entered.append(record["text"])) == 0
    assert (tmp_path / "alarms.damaged").read_text(encoding="utf-8") == '{"text": "摔\n'
    assert path.with_suffix(".damaged").stat().st_size


def test_a_spool_that_cannot_be_entered_is_kept(tmp_path: Path) -> None:
    spool = AlarmSpool(tmp_path / "alarms.spool")
    spool.keep({"text": "救命"})

    def broken(_record: object) -> None:
        raise OSError("no database")

    with pytest.raises(OSError, match="no database"):
        spool.drain(broken)
    spool.keep({"text": "又摔了"})
    entered: list[str] = []
    spool.drain(lambda record: entered.append(record["text"]))
    spool.drain(lambda record: entered.append(record["text"]))
    assert entered == ["救命", "又摔了"]


def test_a_question_is_open_until_it_is_answered() -> None:
    assert asks_something({"replies": ["要几份？"], "committed": []})
    assert not asks_something({"replies": ["订好了。"], "committed": []})
    assert not asks_something({"replies": ["还要别的吗？"], "committed": [{"id": "R1"}]})
    assert asks_something({"replies": ["好的。"], "committed": [], "form": "meal"})
    assert not asks_something({"replies": ["要几份？"], "committed": [], "form": None})
    assert not asks_something(None)
