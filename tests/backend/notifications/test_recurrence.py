"""When something that repeats comes next: civil and lunar rules, and none that keeps a worker busy."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.nlu.when.lunar import lunar_of
from backend.clock import TOWN_ZONE, in_town
from backend.notifications.recurrence import UnknownRuleError, following, lunar_day

FIRST = datetime(2026, 11, 24, 8, 0, tzinfo=TOWN_ZONE)  # a Tuesday


def coming(rule: str, count: int = 4, first: datetime = FIRST) -> list[str]:
    found, at = [], first
    for _ in range(count):
        following_one = following(rule, first, at)
        if following_one is None:
            break
        at = following_one
        found.append(f"{at:%Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY", ["2026-11-25 08:00", "2026-11-26 08:00"]),
        ("RRULE:FREQ=DAILY;INTERVAL=3", ["2026-11-27 08:00", "2026-11-30 08:00"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", ["2026-11-25 08:00", "2026-11-27 08:00", "2026-11-30 08:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", ["2026-12-08 08:00", "2026-12-22 08:00"]),
        ("FREQ=WEEKLY", ["2026-12-01 08:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=15", ["2026-12-15 08:00", "2027-01-15 08:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-11-30 08:00", "2026-12-31 08:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["2026-12-31 08:00", "2027-01-31 08:00", "2027-03-31 08:00"]),
        ("FREQ=MONTHLY;BYDAY=1WE", ["2026-12-02 08:00", "2027-01-06 08:00"]),
        ("FREQ=MONTHLY;BYDAY=-1TU", ["2026-12-29 08:00", "2027-01-26 08:00"]),
        ("FREQ=MONTHLY", ["2026-12-24 08:00"]),
        ("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", ["2027-05-01 08:00", "2028-05-01 08:00"]),
        ("FREQ=YEARLY", ["2027-11-24 08:00"]),
        (
            "FREQ=DAILY;BYHOUR=8,12,18;BYMINUTE=30",
            ["2026-11-24 08:30", "2026-11-24 12:30", "2026-11-24 18:30"],
        ),
        ("FREQ=DAILY;COUNT=3", ["2026-11-25 08:00", "2026-11-26 08:00"]),
        ("FREQ=DAILY;UNTIL=20261125", ["2026-11-25 08:00"]),
        ("RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15", ["2026-12-09 08:00", "2026-12-23 08:00"]),
        ("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15", ["2027-09-15 08:00", "2028-10-03 08:00"]),
        ("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1", ["2027-02-06 08:00", "2028-01-26 08:00"]),
        # 腊月三十, in years whose last month has twenty-nine days too
        ("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=30", ["2027-02-05 08:00", "2028-01-25 08:00"]),
        ("RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=6L;BYMONTHDAY=3", ["2036-07-25 08:00"]),
    ],
)
def test_what_repeats_comes_when_it_was_said(rule: str, expected: list[str]) -> None:
    assert coming(rule, len(expected)) == expected


def test_what_comes_every_few_hours_lets_people_sleep() -> None:
    times = coming("FREQ=HOURLY;INTERVAL=2", 9)
    assert times[6:] == ["2026-11-25 08:00", "2026-11-25 10:00", "2026-11-25 12:00"]
    assert all("07:00" <= at[-5:] <= "21:00" for at in coming("FREQ=MINUTELY;INTERVAL=45", 60))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=DAILY;BYSETPOS=1", "FREQ=DAILY;INTERVAL=0", "DAILY", "FREQ=DAILY;FREQ=DAILY",
        "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;UNTIL=soon",
        "RSCALE=HEBREW;FREQ=DAILY", "FREQ=YEARLY;BYMONTH=13", "FREQ=DAILY;BYHOUR=24", "FREQ=", "",
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_followed_is_refused(rule: str) -> None:
    with pytest.raises(UnknownRuleError):
        following(rule, FIRST, FIRST)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;INTERVAL=10000",
        "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=1L;BYMONTHDAY=31",
        "FREQ=DAILY;COUNT=100000",
    ],
)
def test_no_rule_keeps_a_worker_busy(rule: str) -> None:
    begun = time.thread_time()
    following(rule, FIRST, FIRST + timedelta(days=3650))
    assert time.thread_time() - begun < 1.0


@given(st.dates(date(2000, 1, 1), date(2050, 12, 31)))
def test_the_moons_days_are_those_of_the_time_grammar(day: date) -> None:
    theirs = lunar_of(day)
    assert theirs is not None
    month, leap, number, _ = lunar_day(day)
    assert (month, leap, number) == (theirs.month, theirs.leap, theirs.day)


@given(
    rule=st.sampled_from(
        ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYMONTHDAY=1,20", "FREQ=HOURLY;INTERVAL=3",
         "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15"]
    ),
    minutes=st.integers(0, 500_000),
)  # fmt: skip
def test_the_next_time_is_always_later_and_none_is_left_out(rule: str, minutes: int) -> None:
    after = FIRST + timedelta(minutes=minutes)
    found = following(rule, FIRST, after)
    assert found is not None
    assert found > after
    assert following(rule, FIRST, found - timedelta(seconds=1)) == found
    assert in_town(found).minute == FIRST.minute
