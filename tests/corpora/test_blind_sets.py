"""The frozen blind sets are well formed: enough rows, no repeats, known words, times that parse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.vocabulary.emergencies import Emergency
from assistant.vocabulary.intents import Intent
from assistant.vocabulary.people import Person
from assistant.vocabulary.services import CareItem, Delivery, Department, Diet, Meal, Mode, ServiceKind
from assistant.vocabulary.slots import ReadingKind, Slot
from assistant.vocabulary.word import Word, identifiers

BLIND = Path(__file__).parent / "blind"
TOWN_OFFSET = timedelta(hours=8)

LEAST_ROWS = {
    **dict.fromkeys(identifiers(Intent), 25),
    **dict.fromkeys(("order_meal", "request_home_care", "book_appointment", "seek_company"), 40),
    **dict.fromkeys(("change_request", "cancel_request", "query_request"), 30),
    "chitchat": 60,
    "out_of_scope": 40,
}
CLOSED: dict[str, type[Word]] = {
    "meal": Meal,
    "delivery": Delivery,
    "care_item": CareItem,
    "department": Department,
    "mode": Mode,
}
DISHES = frozenset(
    [
        "红烧肉",
        "清蒸鱼",
        "番茄炒蛋",
        "麻婆豆腐",
        "冬瓜排骨汤",
        "白切鸡",
        "青菜豆腐",
        "土豆烧牛肉",
        "糖醋排骨",
        "肉末蒸蛋",
        "香菇青菜",
        "红烧带鱼",
        "狮子头",
        "酱鸭",
        "雪菜肉丝面",
        "小馄饨",
        "白米粥",
        "南瓜粥",
        "皮蛋瘦肉粥",
        "菜包",
        "肉包",
        "豆浆",
        "八宝饭",
        "丝瓜毛豆",
        "凉拌黄瓜",
        "清炒虾仁",
        "萝卜骨头汤",
        "蒸南瓜",
        "套餐",
    ]
)
CONTEXTS = {*identifiers(ServiceKind), *identifiers(Meal), "reminder"}
ASKED = {"when", "meal", "dish", "quantity", "delivery", "care_item", "department", "accompaniment", "mode"}
ANSWERS = {*ASKED, "person", "confirm", "choice"}
DETAILS = {
    "meal": {"meal", "day", "dishes", "quantity", "delivery", "diet", "person", "repeat"},
    "home_care": {"care_item", "person", "repeat"},
    "medical_appointment": {"department", "doctor", "facility", "accompaniment", "symptom", "person"},
    "companionship": {"mode", "person", "repeat"},
}


@cache
def rows(name: str) -> list[dict[str, Any]]:
    loaded = yaml.load((BLIND / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    assert isinstance(loaded, list)
    return loaded


def town_time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    assert moment.utcoffset() == TOWN_OFFSET, text
    return moment


def assert_span(span: dict[str, str]) -> None:
    assert set(span) == {"start", "end"}, span
    assert town_time(span["start"]) <= town_time(span["end"]), span


def assert_when(value: dict[str, Any]) -> None:
    """Check the form of a ``when``: a span, or a repeat with its first occurrence."""
    if "repeat" not in value:
        assert_span(value)
        return
    assert set(value) == {"repeat", "first"}, value
    assert_span(value["first"])
    parts = dict(part.split("=") for part in value["repeat"].split(";"))
    assert parts["FREQ"] in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, value
    assert parts.keys() <= {"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "RSCALE"}, value
    assert parts.get("RSCALE", "CHINESE") == "CHINESE", value
    if "RSCALE" not in parts:
        first = town_time(value["first"]["start"])
        days = parts.get("BYDAY")
        assert days is None or ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[first.weekday()] in days.split(",")
        month_days = parts.get("BYMONTHDAY")
        assert month_days is None or str(first.day) in month_days.split(",")


def assert_reading(reading: dict[str, Any]) -> None:
    assert set(reading) == {"kind", "value", "value2", "unit"}, reading
    assert reading["kind"] in identifiers(ReadingKind)
    assert reading["value"] > 0
    assert (reading["value2"] is not None) == (reading["kind"] == "blood_pressure")
    assert reading["unit"] in {"mmHg", "mmol/L", "℃", "bpm", "kg", "斤", "%"}


def assert_slot(name: str, value: Any, text: str) -> None:
    if name == "when":
        assert_when(value)
    elif name in CLOSED:
        assert value in identifiers(CLOSED[name])
    elif name == "dish":
        assert value
        assert set(value) <= DISHES
    elif name == "diet":
        assert value
        assert set(value) <= set(identifiers(Diet))
    elif name == "quantity":
        assert type(value) is int
        assert 1 <= value <= 20
    elif name == "person":
        assert value in identifiers(Person)
    elif name == "accompaniment":
        assert isinstance(value, bool)
    elif name == "reading":
        for reading in value:
            assert_reading(reading)
    else:
        assert name in {"doctor", "facility", "address", "symptom", "reminder_text"}
        assert value in text, "what is kept in the elder's words stands in the sentence"


@pytest.mark.parametrize(
    ("name", "least"),
    [("intents.yml", 665), ("when.yml", 260), ("dialogues.yml", 70), ("off_topic.yml", 300)],
)
def test_a_blind_set_is_large_enough(name: str, least: int) -> None:
    assert len(rows(name)) >= least


@pytest.mark.parametrize("name", ["intents.yml", "when.yml", "dialogues.yml", "off_topic.yml"])
def test_a_blind_set_says_in_its_header_that_it_is_frozen(name: str) -> None:
    head = (BLIND / name).read_text(encoding="utf-8")[:700]
    assert "FROZEN" in head
    assert "never train or tune on it" in head


def test_no_sentence_stands_twice_in_the_blind_sets() -> None:
    said = Counter(row["text"] for name in ("intents.yml", "when.yml", "off_topic.yml") for row in rows(name))
    assert [text for text, times in said.items() if times > 1] == []


def test_every_intent_has_its_share_of_sentences() -> None:
    counted = Counter(row["intent"] for row in rows("intents.yml"))
    assert set(counted) == set(identifiers(Intent))
    assert {intent: n for intent, n in counted.items() if n < LEAST_ROWS[intent]} == {}


def test_intents_slots_and_emergencies_are_words_of_the_vocabulary() -> None:
    for row in rows("intents.yml"):
        assert (
            {"text", "intent", "slots"} <= row.keys() <= {"text", "intent", "slots", "unscored", "emergency"}
        ), row
        assert row["text"].strip() == row["text"] != "", row
        assert set(row["slots"]) | set(row.get("unscored", [])) <= set(identifiers(Slot)), row
        assert (row["intent"] == "report_emergency") == ("emergency" in row), row
        assert row.get("emergency", "fall") in identifiers(Emergency), row
        for name, value in row["slots"].items():
            assert_slot(name, value, row["text"])


def test_every_time_row_has_exactly_one_kind_of_answer() -> None:
    for row in rows("when.yml"):
        town_time(row["now"])
        assert row.get("context", "meal") in CONTEXTS, row
        answer = {key: value for key, value in row.items() if key not in {"text", "now", "context"}}
        if answer != {"none": True}:
            assert_when(answer)


def test_the_first_occurrence_of_a_repeat_has_not_begun() -> None:
    for row in rows("when.yml"):
        if "repeat" in row:
            assert town_time(row["first"]["start"]) >= town_time(row["now"]), row


def requests_of(dialogue: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from dialogue["goal"]["committed"]
    yield from dialogue["goal"].get("cancelled", [])


def test_dialogues_have_distinct_names_turns_and_a_goal() -> None:
    dialogues = rows("dialogues.yml")
    names = Counter(dialogue["name"] for dialogue in dialogues)
    assert [name for name, times in names.items() if times > 1] == []
    for dialogue in dialogues:
        assert set(dialogue) == {"name", "elder", "now", "turns", "goal", "max_extra_turns", "answers"}, (
            dialogue
        )
        assert dialogue["turns"], dialogue
        assert all(isinstance(turn, str) and turn for turn in dialogue["turns"]), dialogue
        assert 0 <= dialogue["max_extra_turns"] <= 6, dialogue
        assert "confirm" in dialogue["answers"].keys() <= ANSWERS, dialogue
        town_time(dialogue["now"])
        goal = dialogue["goal"]
        assert "committed" in goal.keys() <= {"committed", "cancelled", "not_committed", "alarm"}, dialogue
        assert bool(goal.get("not_committed")) != any(requests_of(dialogue)), dialogue
        assert goal.get("alarm", "fall") in identifiers(Emergency), dialogue


def test_what_a_dialogue_books_is_written_in_the_words_of_a_request() -> None:
    for dialogue in rows("dialogues.yml"):
        for request in requests_of(dialogue):
            assert {"kind", "details"} <= request.keys() <= {"kind", "details", "within"}, request
            assert request["details"].keys() <= DETAILS[request["kind"]], request
            if "within" in request:
                assert_span(request["within"])
                assert town_time(request["within"]["start"]) > town_time(dialogue["now"]), request
            for name, value in request["details"].items():
                if name == "day":
                    assert town_time(value + "T23:59:00+08:00") > town_time(dialogue["now"]), request
                elif name == "repeat":
                    assert value.startswith("FREQ="), request
                else:
                    assert_slot("dish" if name == "dishes" else name, value, "")


def test_off_topic_rows_hold_a_sentence_and_nothing_else() -> None:
    for row in rows("off_topic.yml"):
        assert set(row) == {"text"}, row
        assert row["text"].strip() == row["text"] != "", row
