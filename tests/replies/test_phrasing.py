"""What is said of times, amounts and readings is short, and is heard as what was meant."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.nlu.when import read
from assistant.replies.phrasing import (
    say_clock,
    say_count,
    say_money,
    say_number,
    say_phone,
    say_reading,
    say_repeat,
    say_when,
)

ZONE = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=ZONE)  # a Sunday


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (at(11, 22), at(11, 23), "今天星期日"),
        (at(11, 23, 11), at(11, 23, 13), "明天星期一中午"),
        (at(11, 24, 9, 30), at(11, 24, 9, 30), "后天星期二上午九点半"),
        (at(11, 25, 13), at(11, 25, 18), "大后天星期三下午"),
        (at(12, 5, 15), at(12, 5, 15), "十二月五号星期六下午三点"),
        (at(12, 5, 14, 5), at(12, 5, 14, 5), "十二月五号星期六下午两点零五分"),
        (at(12, 5, 9), at(12, 5, 11), "十二月五号星期六上午九点到十一点"),
        (at(12, 5, 11), at(12, 5, 14), "十二月五号星期六上午十一点到下午两点"),
        (at(11, 23, 18), at(11, 23, 22), "明天星期一晚上"),
        (at(11, 23, 7, 15), at(11, 23, 7, 15), "明天星期一早上七点一刻"),
        (at(11, 23, 12), at(11, 23, 12), "明天星期一中午十二点"),
        (at(11, 28), at(11, 30), "十一月二十八号星期六到十一月二十九号星期日"),
        (at(1, 3, year=2027), at(1, 4, year=2027), "明年一月三号星期日"),
        (at(11, 21), at(11, 22), "昨天星期六"),
    ],
)
def test_a_time_is_said_in_everyday_words(start: datetime, end: datetime, said: str) -> None:
    assert say_when(start, end, now=NOW) == said


nows = st.integers(0, 12 * 365 * 1440).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=ZONE) + timedelta(minutes=minutes)
)
WINDOWS = ((6, 9), (8, 12), (11, 13), (13, 18), (17, 19), (18, 22), (8, 18), (0, 24), (22, 24), (0, 6))


@settings(max_examples=100, deadline=None)
@given(nows, st.integers(1, 300), st.integers(0, 23), st.integers(0, 59))
def test_a_point_said_aloud_is_heard_as_the_same_point(
    now: datetime, ahead: int, hour: int, minute: int
) -> None:
    start = (now + timedelta(days=ahead)).replace(hour=hour, minute=minute)
    heard = read(say_when(start, start, now=now), now=now)[0]
    assert (heard.start, heard.end) == (start, start)


@settings(max_examples=100, deadline=None)
@given(nows, st.integers(1, 300), st.sampled_from(WINDOWS))
def test_a_part_of_the_day_said_aloud_is_heard_as_the_same(
    now: datetime, ahead: int, hours: tuple[int, int]
) -> None:
    day = (now + timedelta(days=ahead)).replace(hour=0, minute=0)
    start, end = day + timedelta(hours=hours[0]), day + timedelta(hours=hours[1])
    heard = read(say_when(start, end, now=now), now=now)[0]
    assert (heard.start, heard.end) == (start, end)


@settings(max_examples=100, deadline=None)
@given(
    nows, st.integers(1, 300), st.integers(6, 21), st.sampled_from([0, 15, 20, 30, 45]), st.integers(30, 240)
)
def test_a_stretch_said_aloud_is_heard_as_the_same(
    now: datetime, ahead: int, hour: int, minute: int, minutes: int
) -> None:
    start = (now + timedelta(days=ahead)).replace(hour=hour, minute=minute)
    end = start + timedelta(minutes=minutes)
    if end.date() != start.date():
        return
    heard = read(say_when(start, end, now=now), now=now)[0]
    assert (heard.start, heard.end) == (start, end)


@settings(max_examples=80, deadline=None)
@given(nows, st.integers(0, 300), st.integers(2, 14))
def test_a_stretch_of_days_said_aloud_is_heard_as_the_same(now: datetime, ahead: int, days: int) -> None:
    start = (now + timedelta(days=ahead)).replace(hour=0, minute=0)
    end = start + timedelta(days=days)
    heard = read(say_when(start, end, now=now), now=now)[0]
    assert (heard.start, heard.end) == (start, end)


RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY;BYDAY=WE",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;BYDAY=SA,SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR",
    "FREQ=MONTHLY;BYMONTHDAY=15",
    "FREQ=MONTHLY;BYMONTHDAY=5,20",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYDAY=1WE",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1",
    "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15",
    "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=23",
    "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=3",
    "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=23",
)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("hours", [(8, 8), (8, 12), (13, 18), (9, 11), (0, 24), (15, 15), (20, 20)])
def test_a_repeat_said_aloud_is_heard_as_the_same(rule: str, hours: tuple[int, int]) -> None:
    day = at(11, 25)
    first = (day + timedelta(hours=hours[0]), day + timedelta(hours=hours[1]))
    heard = read(say_repeat(rule, first, now=NOW), now=NOW)[0]
    assert heard.repeat == rule
    assert heard.first is not None
    length = heard.first[1] - heard.first[0]
    assert (heard.first[0].hour, length) == (hours[0], first[1] - first[0])


def test_several_times_a_day_are_said_and_heard() -> None:
    rule = "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0"
    said = say_repeat(rule, (at(11, 23, 8), at(11, 23, 8)), now=NOW)
    assert said == "每天早上八点、晚上八点"
    assert read(said, now=NOW)[0].repeat == rule


@pytest.mark.parametrize("rule", ["FREQ=HOURLY", "FREQ=HOURLY;INTERVAL=2", "FREQ=MINUTELY;INTERVAL=30"])
def test_an_hourly_repeat_is_said_and_heard(rule: str) -> None:
    assert read(say_repeat(rule, (NOW, NOW), now=NOW), now=NOW)[0].repeat == rule


def test_a_rule_nobody_taught_us_is_still_said() -> None:
    assert say_repeat("FREQ=SECONDLY", (at(11, 23, 8), at(11, 23, 8)), now=NOW) == "定期早上八点"


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        *((850, "八块五"), (1200, "十二块"), (1205, "十二块零五分"), (1215, "十二块一角五分")),
        *((200, "两块"), (20, "两角"), (5, "五分"), (0, "零块"), (25000, "二百五十块")),
    ],
)
def test_money_is_said_as_at_the_counter(fen: int, said: str) -> None:
    assert say_money(fen) == said


def test_a_telephone_number_is_said_digit_by_digit() -> None:
    assert say_phone("13812345678") == "幺三八，幺二三四，五六七八"
    assert say_phone("120") == "幺二零"
    assert say_phone("0571-8765 4321") == "零五七幺八七六五，四三二幺"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        *((0, "零"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (110, "一百一十")),
        *(
            (7.8, "七点八"),
            (10005, "一万零五"),
            (100012, "十万零一十二"),
            (-3, "负三"),
            (120000000, "一亿二千万"),
        ),
    ],
)
def test_numbers_are_said_in_characters(number: float, said: str) -> None:
    assert say_number(number) == said


def test_two_of_something_is_liang() -> None:
    assert say_count(2, "份") == "两份"
    assert say_count(12, "份") == "十二份"


def test_readings_are_said_as_nurses_say_them() -> None:
    assert say_reading("blood_pressure", 135, 85, "mmHg") == "高压一百三十五，低压八十五"
    assert say_reading("temperature", 38.2, None, "℃") == "体温三十八度二"
    assert say_reading("weight", 120, None, "斤") == "体重一百二十斤"
    assert say_reading("oxygen", 96, None, "%") == "血氧百分之九十六"


def test_the_hours_of_the_night_and_noon_have_their_names() -> None:
    assert say_clock(at(11, 23, 0)) == "凌晨零点"
    assert say_clock(at(11, 23, 2, 30)) == "凌晨两点半"
    assert say_clock(at(11, 23, 12, 45)) == "中午十二点三刻"
    assert say_clock(at(11, 23, 23, 8)) == "晚上十一点零八分"
