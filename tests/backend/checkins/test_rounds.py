"""Check-ins that we begin: asked in her rhythm, answered in her words, and never silently unanswered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from assistant.vocabulary import CheckInOutcome
from backend.checkins import service
from backend.outbox import service as outbox
from backend.outbox.models import Channel, Message, MessageState, Why
from backend.turns.service import Inbox
from tests.backend.clockwork import Clockwork

MINUTES = timedelta(minutes=1)
COORDINATOR = {"role": "coordinator", "id": "S03"}


@pytest.fixture
def rhythm(engine: Clockwork, api: TestClient) -> Clockwork:
    """E1 is asked at half past eight and at six; her daughter can be written to."""

    def work(session: Session) -> None:
        outbox.set_addresses(session, "contact:E1:1", [(Channel.EMAIL, "daughter@example.org")])

    engine.database.transact(work)
    answer = api.put("/elders/E1/rhythm", json={"times": ["18:00", "08:30"]}).json()
    assert answer == {
        "elder_id": "E1", "times": ["08:30", "18:00"], "next_at": "2026-11-23T08:30:00+08:00",
    }  # fmt: skip
    return engine


def until(engine: Clockwork, clock: str, day: int = 23) -> None:
    at = datetime.fromisoformat(f"2026-11-{day}T{clock}:00+08:00")
    engine.pass_time(at - engine.clock.now())


def said(engine: Clockwork) -> list[Message]:
    return [row for row in engine.messages(why=Why.CHECKIN) if row.channel is Channel.SPEAKER]


def shown(engine: Clockwork) -> list[Message]:
    return [row for row in engine.messages(why=Why.CHECKIN) if row.channel is Channel.FEED]


def rounds(api: TestClient) -> list[dict[str, Any]]:
    rows = api.get("/checkins/rounds", params={"elder_id": "E1"}).json()["rounds"]
    return list(reversed(rows))


def states(api: TestClient) -> list[str]:
    return [row["state"] for row in rounds(api)]


def test_she_is_asked_in_her_rhythm_in_turning_words(rhythm: Clockwork, api: TestClient) -> None:
    for day in (23, 24, 25):
        until(rhythm, "08:31", day)
        rhythm.hear("挺好的", key=f"m{day}")
        until(rhythm, "18:01", day)
        rhythm.hear("还行", key=f"e{day}")
    texts = [row.text for row in said(rhythm)]
    assert (len(texts), len(set(texts)), states(api)) == (6, 6, ["answered"] * 6)
    assert api.get("/elders/E1/rhythm").json()["next_at"] == "2026-11-26T08:30:00+08:00"


def test_all_is_well(rhythm: Clockwork, api: TestClient) -> None:
    until(rhythm, "08:35")
    reply = rhythm.hear("挺好的，睡得香")
    assert reply
    assert rhythm.hear("挺好的，睡得香") == reply, "the same turn, run again"
    (checkin,) = api.get("/checkins", params={"elder_id": "E1"}).json()["checkins"]
    assert (checkin["outcome"], checkin["mood"], checkin["channel"]) == ("well", "well", "voice")
    until(rhythm, "17:00")
    assert (len(said(rhythm)), shown(rhythm)) == (1, [])


@pytest.mark.parametrize(
    ("words", "mood"), [("没睡好", "poor_sleep"), ("吃不下", "no_appetite"), ("头晕", "unwell")]
)
def test_what_is_wrong_is_recorded_asked_about_once_and_shown(
    rhythm: Clockwork, api: TestClient, words: str, mood: str
) -> None:
    until(rhythm, "08:35")
    question = rhythm.hear(words)
    assert question
    assert "？" in question[0]
    assert rhythm.hear("半夜老是醒，三点钟就起来了", key="m2")
    assert rhythm.hear("谢谢", key="m3") is None, "asked once, not cross-examined"
    (checkin,) = api.get("/checkins", params={"elder_id": "E1"}).json()["checkins"]
    assert (checkin["outcome"], checkin["mood"]) == ("needs_attention", mood)
    assert "三点钟" in checkin["notes"]
    assert [words in row.text for row in shown(rhythm)] == [True]


def test_pain_is_left_to_the_dialogue_which_can_book_a_doctor(rhythm: Clockwork, api: TestClient) -> None:
    until(rhythm, "08:35")
    assert rhythm.hear("膝盖疼") is None
    assert [(row["state"], row["mood"]) for row in rounds(api)] == [("heard", "pain")]
    assert len(shown(rhythm)) == 1


def test_a_lonely_elder_is_offered_company_that_is_really_booked(rhythm: Clockwork, api: TestClient) -> None:
    until(rhythm, "08:35")
    offer = rhythm.hear("一个人闷得很")
    assert offer
    assert "张月琴" in offer[0]
    booked = rhythm.hear("好的", key="m2")
    assert booked
    assert rhythm.hear("好的", key="m2") == booked
    (request,) = api.get("/requests", params={"elder_id": "E1"}).json()["requests"]
    assert (request["kind"], request["state"], request["carer"]["name"]) == (
        "companionship", "accepted", "张月琴",
    )  # fmt: skip
    assert "约好了" in booked[0]


def test_company_that_is_declined_is_not_booked(rhythm: Clockwork, api: TestClient) -> None:
    until(rhythm, "08:35")
    rhythm.hear("没人说话")
    assert rhythm.hear("不用了", key="m2")
    assert api.get("/requests", params={"elder_id": "E1"}).json()["requests"] == []


def test_without_an_answer_louder_then_the_family_then_a_visit(rhythm: Clockwork, api: TestClient) -> None:
    until(rhythm, "08:44")
    assert [row.loud for row in said(rhythm)] == [False]
    until(rhythm, "08:45")
    assert [row.loud for row in said(rhythm)] == [False, True]
    until(rhythm, "09:00")
    assert [parcel.address for parcel in rhythm.mail.delivered] == ["daughter@example.org"]
    (checkin,) = api.get("/checkins", params={"elder_id": "E1"}).json()["checkins"]
    assert checkin["outcome"] == "no_answer"
    until(rhythm, "09:30")
    assert states(api) == ["people_told"]
    standing = [row for row in shown(rhythm) if row.standing and row.resolved_at is None]
    assert ["上门" in row.text for row in standing] == [True]
    until(rhythm, "17:59")
    standing = [row for row in shown(rhythm) if row.standing and row.resolved_at is None]
    assert len(standing) == 1, "it stands until somebody has seen her"
    body = {
        "turn_key": "c:1", "elder_id": "E1", "channel": "visit", "outcome": "well", "by": COORDINATOR,
    }  # fmt: skip
    assert api.post("/checkins", json=body).status_code == 201
    rhythm.run()
    assert states(api) == ["visited"]
    assert [row for row in shown(rhythm) if row.standing and row.resolved_at is None] == []
    assert len(rhythm.mail.delivered) == 2, "the daughter hears that all is well"


def test_where_the_family_cannot_be_written_to_a_visit_is_asked_for_at_once(
    engine: Clockwork, api: TestClient
) -> None:
    api.put("/elders/E1/rhythm", json={"times": ["08:30"]})
    until(engine, "09:00")
    assert states(api) == ["people_told"]


def test_whoever_speaks_has_been_heard_from_whatever_about(rhythm: Clockwork, api: TestClient) -> None:
    until(rhythm, "08:50")
    assert rhythm.hear("我要订午饭") is None
    assert states(api) == ["heard"]
    until(rhythm, "17:00")
    assert rhythm.mail.delivered == []


def test_who_spoke_just_before_is_not_asked(rhythm: Clockwork, api: TestClient) -> None:
    inbox = Inbox(rhythm.database)
    at = rhythm.clock.now() + 15 * MINUTES
    inbox.receive(channel="chat", message_id="1", elder_id="E1", text="我要订午饭", at=at)
    until(rhythm, "12:00")
    assert (states(api), said(rhythm)) == (["heard"], [])


def test_a_cry_for_help_counts_as_heard_by_the_check_in(rhythm: Clockwork, api: TestClient) -> None:
    until(rhythm, "08:40")
    inbox = Inbox(rhythm.database)
    inbox.receive(channel="chat", message_id="1", elder_id="E1", text="我摔倒了", at=rhythm.clock.now())
    until(rhythm, "12:00")
    assert (states(api), len(said(rhythm))) == (["heard"], 1)


def test_words_that_came_before_she_could_hear_the_question_are_no_answer_to_it(
    rhythm: Clockwork, api: TestClient
) -> None:
    until(rhythm, "08:31")
    assert rhythm.hear("好的", fetched=False) is None
    assert states(api) == ["heard"]


def test_a_box_that_was_off_tells_people(rhythm: Clockwork, api: TestClient) -> None:
    rhythm.clock.at = datetime.fromisoformat("2026-11-25T12:00:00+08:00")
    rhythm.run()
    assert states(api) == ["late"]
    assert (len(shown(rhythm)), said(rhythm)) == (1, [])
    until(rhythm, "18:00", 25)
    assert states(api) == ["late", "asked"]


def test_a_rhythm_is_changed_and_ended(rhythm: Clockwork, api: TestClient) -> None:
    for times in (["07:00"], ["08:30"], []):
        api.put("/elders/E1/rhythm", json={"times": times})
    until(rhythm, "23:00", 25)
    assert (rounds(api), rhythm.open()) == ([], [])
    assert api.put("/elders/E1/rhythm", json={"times": ["25:00"]}).status_code == 422
    assert api.put("/elders/E9/rhythm", json={"times": []}).status_code == 404


def test_what_she_told_is_asked_about_next_time_and_once(rhythm: Clockwork, api: TestClient) -> None:
    until(rhythm, "08:35")
    reply = rhythm.hear("我孙子下个礼拜要考试了")
    assert reply
    assert "别记这个" in reply[0]
    (kept,) = api.get("/elders/E1/remembered").json()["remembered"]
    assert (kept["said"], kept["turn_key"]) == ("我孙子下个礼拜要考试了", "speaker:m1")
    assert states(api) == ["answered"]
    until(rhythm, "18:01")
    assert "考试" not in said(rhythm)[-1].text, "not on the same day"
    rhythm.hear("挺好的", key="m2")
    until(rhythm, "08:31", 24)
    assert "上次您说“我孙子下个礼拜要考试了”" in said(rhythm)[-1].text
    rhythm.hear("挺好的", key="m3")
    until(rhythm, "18:01", 24)
    assert "考试" not in said(rhythm)[-1].text


@pytest.mark.parametrize(("words", "left"), [("别记这个", 1), ("忘了它吧", 1), ("都别记了", 0)])
def test_what_she_told_is_erased_when_she_says_so(
    rhythm: Clockwork, api: TestClient, words: str, left: int
) -> None:
    until(rhythm, "08:35")
    rhythm.hear("女儿下个月要生孩子")
    until(rhythm, "18:05")
    rhythm.hear("老伴明天出院", key="m2")
    assert len(api.get("/elders/E1/remembered").json()["remembered"]) == 2
    assert rhythm.hear(words, key="m3")
    rows = api.get("/elders/E1/remembered").json()["remembered"]
    assert [row["said"] for row in rows] == ["女儿下个月要生孩子"][:left]


def test_there_is_nothing_to_forget_where_nothing_was_told(rhythm: Clockwork) -> None:
    assert rhythm.hear("别记这个") is None


def test_nothing_is_left_waiting(rhythm: Clockwork, api: TestClient) -> None:
    until(rhythm, "23:00", 25)
    api.put("/elders/E1/rhythm", json={"times": []})
    rhythm.pass_time(timedelta(days=1))
    assert rhythm.open() == []
    assert all(row.state is not MessageState.PENDING for row in rhythm.messages())
    with rhythm.database.session() as session:
        assert {row.outcome for row in service.find(session)} == {CheckInOutcome.NO_ANSWER}


def test_a_question_that_came_too_late_is_settled_by_who_has_seen_her(
    engine: Clockwork, api: TestClient
) -> None:
    api.put("/elders/E1/rhythm", json={"times": ["09:00"]})
    engine.clock.at += timedelta(hours=4)  # the box was off
    engine.run()
    assert [row["state"] for row in api.get("/checkins/rounds").json()["rounds"]] == ["late"]
    seen = {"turn_key": "seen", "elder_id": "E1", "channel": "visit", "outcome": "well",
            "by": {"role": "coordinator", "id": "S03"}}  # fmt: skip
    assert api.post("/checkins", json=seen).status_code == 201
    assert [row["state"] for row in api.get("/checkins/rounds").json()["rounds"]] == ["visited"]
