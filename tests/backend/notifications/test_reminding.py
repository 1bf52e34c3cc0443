"""Reminders are spoken at their time, once; an answer is taken, and no answer is not silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.replies.phrasebook import phrases
from backend.database import Database
from backend.engine import catch_up
from backend.notifications.models import OccurrenceState, ReminderState
from backend.outbox.models import Channel, MessageState, Why
from tests.backend.clockwork import Clockwork

AT = datetime.fromisoformat("2026-11-24T08:00:00+08:00")
MINUTES = timedelta(minutes=1)


def remember(api: TestClient, key: str = "voice:2", **more: object) -> str:
    body = {
        "turn_key": key, "elder_id": "E1", "text": "吃降压药", "start": AT.isoformat(),
        "said": "明天早上八点叫我吃药",
    } | more  # fmt: skip
    answer = api.post("/reminders", json=body)
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["id"])


def spoken(engine: Clockwork, channel: Channel = Channel.SPEAKER) -> list[str]:
    return [row.text for row in engine.messages(why=Why.REMINDER) if row.channel is channel]


def states(api: TestClient) -> list[str]:
    rows = api.get("/reminders/occurrences", params={"elder_id": "E1"}).json()["occurrences"]
    return [row["state"] for row in rows][::-1]


def say(engine: Clockwork, text: str, key: str = "m1") -> list[str] | None:
    return engine.hear(text, key=key)


def until(engine: Clockwork, at: datetime) -> None:
    engine.pass_time(at - engine.clock.now())


def test_a_reminder_is_said_at_its_time_by_speaker_and_chat_and_once(
    engine: Clockwork, api: TestClient
) -> None:
    reminder = remember(api)
    assert remember(api) == reminder
    until(engine, AT - timedelta(seconds=1))
    assert spoken(engine) == []
    until(engine, AT)
    assert [("王奶奶" in text, "吃降压药" in text) for text in spoken(engine)] == [(True, True)]
    assert spoken(engine, Channel.CHAT) == spoken(engine)
    (heard,) = api.get("/elders/E1/announcements", params={"channel": "speaker"}).json()["announcements"]
    assert heard["asks"] == "reminder"
    assert states(api) == ["said"]


@pytest.mark.parametrize(("words", "state"), [("吃了", "taken"), ("知道了", "heard"), ("不吃了", "refused")])
def test_her_answer_is_taken_and_ends_it(engine: Clockwork, api: TestClient, words: str, state: str) -> None:
    remember(api)
    until(engine, AT + MINUTES)
    first = say(engine, words)
    assert first
    assert say(engine, words) == first, "the same turn, run again"
    assert say(engine, words, key="another") is None, "there is nothing left to answer"
    engine.pass_time(timedelta(hours=2))
    assert (states(api), len(spoken(engine))) == ([state], 1)
    (row,) = api.get("/reminders", params={"elder_id": "E1"}).json()["reminders"]
    assert row["state"] == "done"
    assert engine.open() == []
    told = [message.text for message in engine.messages() if message.channel is Channel.FEED]
    assert len(told) == (state == "refused"), "that she does not take it is told"


def test_a_little_later_is_ten_minutes_and_not_for_ever(engine: Clockwork, api: TestClient) -> None:
    remember(api)
    until(engine, AT + MINUTES)
    assert "十分钟" in str(say(engine, "等会儿"))
    engine.pass_time(9 * MINUTES)
    assert len(spoken(engine)) == 1
    engine.pass_time(1 * MINUTES)
    assert len(spoken(engine)) == 2
    say(engine, "还没吃", key="m2")
    engine.pass_time(10 * MINUTES)
    say(engine, "等一下", key="m3")
    engine.pass_time(10 * MINUTES)
    assert states(api) == ["said"]
    say(engine, "再等等", key="m4")
    assert states(api) == ["refused"]
    engine.pass_time(timedelta(hours=1))
    assert len(spoken(engine)) == 4
    assert any("再等等" in row.text for row in engine.messages() if row.channel is Channel.FEED)


def test_without_an_answer_it_is_said_once_more_louder_and_then_people_are_told(
    engine: Clockwork, api: TestClient
) -> None:
    remember(api)
    until(engine, AT + 10 * MINUTES)
    loud = [row.loud for row in engine.messages(why=Why.REMINDER) if row.channel is Channel.SPEAKER]
    assert loud == [False, True]
    engine.pass_time(10 * MINUTES)
    assert states(api) == ["no_answer"]
    (told,) = [row for row in engine.messages() if row.channel is Channel.FEED]
    assert ("王秀英" in told.text, told.village_id) == (True, "V1")
    engine.pass_time(timedelta(days=2))
    assert (len(spoken(engine)), engine.open()) == (2, [])
    assert all(row.state is not MessageState.PENDING for row in engine.messages())


def test_what_repeats_is_said_each_time_and_once_each(engine: Clockwork, api: TestClient) -> None:
    remember(api, repeat="FREQ=DAILY")
    for day in range(5):
        until(engine, AT + timedelta(days=day, minutes=1))
        say(engine, "吃了", key=f"m{day}")
    assert (states(api), len(spoken(engine))) == (["taken"] * 5, 5)
    (row,) = api.get("/reminders", params={"elder_id": "E1"}).json()["reminders"]
    assert row["state"] == "active"
    assert len(engine.open()) == 1


def test_a_lunar_reminder_comes_on_its_lunar_day(engine: Clockwork, api: TestClient) -> None:
    remember(api, start="2026-12-09T08:00:00+08:00", repeat="RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15")
    until(engine, datetime.fromisoformat("2026-12-23T08:00:00+08:00"))
    rows = api.get("/reminders/occurrences").json()["occurrences"]
    assert [row["due_at"][:10] for row in rows] == ["2026-12-23", "2026-12-09"]


def test_a_box_that_was_off_says_it_late_or_tells_people_that_it_did_not(
    engine: Clockwork, api: TestClient
) -> None:
    remember(api, repeat="FREQ=DAILY")
    engine.clock.at = AT + timedelta(minutes=40)
    engine.run()
    assert states(api) == ["said"]
    say(engine, "吃了")
    engine.clock.at = AT + timedelta(days=4, hours=5)
    engine.run()
    assert states(api) == ["taken", "late"]
    told = [row.text for row in engine.messages() if row.channel is Channel.FEED]
    assert len(told) == 1, "four days without power are one message, not four"
    until(engine, AT + timedelta(days=5))
    assert (states(api)[2:], len(spoken(engine))) == (["said"], 2)


def test_a_clock_that_is_put_back_gives_no_reminder_twice(engine: Clockwork, api: TestClient) -> None:
    remember(api, repeat="FREQ=DAILY")
    until(engine, AT)
    say(engine, "吃了")
    engine.clock.at = AT - timedelta(hours=3)
    until(engine, AT + timedelta(hours=1))
    assert (states(api), len(spoken(engine))) == (["taken"], 1)


def test_a_reminder_taken_back_is_silent_at_once(engine: Clockwork, api: TestClient) -> None:
    reminder = remember(api, repeat="FREQ=DAILY")
    until(engine, AT)
    api.post(f"/reminders/{reminder}/cancel", json={})
    assert api.get("/elders/E1/announcements", params={"channel": "speaker"}).json()["announcements"] == []
    engine.pass_time(timedelta(days=3))
    assert (states(api), engine.open()) == (["withdrawn"], [])


def test_of_two_reminders_at_once_the_one_she_speaks_of_is_answered(
    engine: Clockwork, api: TestClient
) -> None:
    remember(api, "voice:1")
    remember(api, "voice:2", text="量血压")
    until(engine, AT + MINUTES)
    say(engine, "量好了")
    rows = api.get("/reminders/occurrences").json()["occurrences"]
    assert sorted(row["state"] for row in rows) == ["said", "taken"]
    say(engine, "药吃了", key="m2")
    rows = api.get("/reminders/occurrences").json()["occurrences"]
    assert {row["state"] for row in rows} == {"taken"}


def test_a_wish_of_its_own_is_no_answer(engine: Clockwork, api: TestClient) -> None:
    remember(api)
    until(engine, AT + MINUTES)
    assert say(engine, "我要订晚饭") is None
    assert states(api) == ["said"]


def test_a_repeat_that_cannot_be_followed_is_refused(api: TestClient) -> None:
    body = {
        "turn_key": "v:9", "elder_id": "E1", "text": "x", "start": AT.isoformat(), "repeat": "FREQ=SECONDLY",
    }  # fmt: skip
    answer = api.post("/reminders", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_rule")
    assert api.get("/reminders").json() == {"reminders": []}


def test_reminders_from_before_there_was_an_engine_are_scheduled(
    engine: Clockwork, api: TestClient, town: Database
) -> None:
    remember(api, repeat="FREQ=DAILY")
    _forget_due_rows(town)
    assert (catch_up(town, engine.clock), catch_up(town, engine.clock)) == (1, 0)
    until(engine, AT)
    assert len(spoken(engine)) == 1


def _forget_due_rows(town: Database) -> None:
    from sqlalchemy import delete

    from backend.due.models import Due

    town.transact(lambda session: session.execute(delete(Due)) and None)


def test_words_and_states_agree() -> None:
    said: dict[str, Any] = {str(state): f"promise.{state}" for state in OccurrenceState}
    for state in ("taken", "heard", "snoozed", "refused"):
        assert phrases().variants(said[state])
    assert ReminderState.ACTIVE.value == "active"
