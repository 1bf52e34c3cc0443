"""Health readings, by the table tests/corpora/readings.yml and over any text."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nlu.readings import find_readings
from assistant.replies.phrasing import say_reading

TABLE = yaml.safe_load((Path(__file__).parents[1] / "corpora" / "readings.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("sentence", "expected"), TABLE)
def test_readings_are_found_with_their_units(sentence: str, expected: list[list[Any]]) -> None:
    found = find_readings(sentence)
    assert [[r.kind, r.value, r.value2, r.unit, r.plausible] for r in found] == expected
    assert all(sentence[r.start : r.end] == r.text for r in found)


@pytest.mark.parametrize(
    ("kind", "value", "value2", "unit"),
    [
        ("blood_pressure", 152, 88, "mmHg"),
        ("blood_sugar", 7.8, None, "mmol/L"),
        ("temperature", 38.2, None, "℃"),
        ("temperature", 37, None, "℃"),
        ("pulse", 72, None, "bpm"),
        ("weight", 121, None, "斤"),
        ("weight", 60.5, None, "kg"),
        ("oxygen", 96, None, "%"),
    ],
)
def test_a_reading_said_aloud_is_heard_as_the_same(
    kind: str, value: float, value2: float | None, unit: str
) -> None:
    (heard,) = find_readings(say_reading(kind, value, value2, unit))
    assert (heard.kind, heard.value, heard.value2, heard.unit) == (kind, value, value2, unit)


@settings(deadline=None)
@given(st.text(alphabet="血压糖体温心跳高低压一二三百十点度是有到，、/个0123456789斤公", max_size=80))
def test_no_text_about_readings_raises(text: str) -> None:
    for reading in find_readings(text):
        assert text[reading.start : reading.end] == reading.text


@pytest.mark.parametrize("text", ["血压是有到" * 100, "高压" * 250, "一百" * 250, "1" * 500, "体温是" * 160])
def test_hostile_text_is_read_quickly(text: str) -> None:
    began = time.process_time()
    find_readings(text)
    assert time.process_time() - began < 1.0


def spoken(kind: str, value: float, value2: float | None, unit: str) -> tuple[str, float, float | None, str]:
    (heard,) = find_readings(say_reading(kind, value, value2, unit))
    assert heard.plausible
    return heard.kind, heard.value or 0, heard.value2, heard.unit


@settings(max_examples=80, deadline=None)
@given(st.integers(80, 240), st.integers(40, 79))
def test_every_pressure_said_aloud_is_heard_as_the_same(high: int, low: int) -> None:
    assert spoken("blood_pressure", high, low, "mmHg") == ("blood_pressure", high, low, "mmHg")


@settings(max_examples=80, deadline=None)
@given(st.integers(11, 333), st.integers(345, 420), st.integers(300, 1500))
def test_every_tenth_said_aloud_is_heard_as_the_same(sugar: int, temperature: int, weight: int) -> None:
    assert spoken("blood_sugar", sugar / 10, None, "mmol/L")[1] == sugar / 10
    assert spoken("temperature", temperature / 10, None, "℃")[1] == temperature / 10
    assert spoken("weight", weight / 10, None, "kg")[1] == weight / 10


@settings(max_examples=80, deadline=None)
@given(st.integers(30, 220), st.integers(70, 100), st.integers(60, 300))
def test_every_count_said_aloud_is_heard_as_the_same(pulse: int, oxygen: int, weight: int) -> None:
    assert spoken("pulse", pulse, None, "bpm") == ("pulse", pulse, None, "bpm")
    assert spoken("oxygen", oxygen, None, "%") == ("oxygen", oxygen, None, "%")
    assert spoken("weight", weight, None, "斤") == ("weight", weight, None, "斤")
