"""Conversations through the whole system: what is said is booked once, and 订好了 is said from the row."""

from __future__ import annotations

import json
import os
import signal

import pytest

from tests.cli.kangban_process import Town, kangban, objects
from tests.system.conftest import READY_S, Talk, order_up_to_the_yes, wait_until

pytestmark = pytest.mark.system


def test_a_lunch_that_was_ordered_is_in_the_book(talk: Talk) -> None:
    order_up_to_the_yes(talk)
    assert talk.meals() == []
    answered = talk.say("对")
    [committed] = answered["committed"]  # type: ignore[misc]
    [meal] = talk.meals()
    assert committed["kind"] == "meal"
    assert committed["id"] == meal["id"]
    assert meal["state"] == "accepted"
    assert str(meal["start"]).startswith("2026-05-12T")
    assert meal["details"]["quantity"] == 1  # type: ignore[index]


def test_a_lunch_can_be_ordered_bit_by_bit(talk: Talk) -> None:
    for line in ("我要订饭", "明天", "中饭", "套餐", "一份就够了"):
        assert talk.say(line)["committed"] == []
    assert talk.say("对")["committed"]
    [meal] = talk.meals()
    assert meal["details"]["meal"] == "lunch"  # type: ignore[index]


def test_the_same_yes_again_books_no_second_lunch(talk: Talk) -> None:
    order_up_to_the_yes(talk)
    first = talk.say("对", message_id=f"yes-{talk.elder_id}")
    again = talk.say("对", message_id=f"yes-{talk.elder_id}")
    assert again == first
    assert len(talk.meals()) == 1


def test_a_second_yes_books_no_second_lunch(talk: Talk) -> None:
    order_up_to_the_yes(talk)
    talk.say("对")
    talk.say("对")
    assert len(talk.meals()) == 1


def test_an_alarm_in_the_middle_keeps_the_order(talk: Talk) -> None:
    order_up_to_the_yes(talk)
    alarmed = talk.say("哎哟我摔倒了起不来")
    assert alarmed["alarm"]["category"] == "fall"  # type: ignore[index]
    assert "给您留着" in str(alarmed["replies"][-1])  # type: ignore[index]
    talk.say("没事")
    cancelled = talk.say("没事")
    assert "撤掉" in str(cancelled["replies"])
    assert talk.say("对")["committed"]
    assert len(talk.meals()) == 1


def test_reminders_are_told_and_one_is_taken_back(talk: Talk) -> None:
    talk.say("每天晚上八点提醒我吃降压药")
    talk.say("每天早上七点提醒我量血压")
    told = str(talk.say("我设了哪些提醒")["replies"])
    assert "两个提醒" in told
    assert "吃降压药" in told
    assert "量血压" in told
    assert "吃降压药" in str(talk.say("吃药的提醒不要了")["replies"])
    [ended] = talk.say("对")["committed"]  # type: ignore[misc]
    assert ended["kind"] == "reminder"
    assert ended["state"] == "cancelled"
    left = str(talk.say("我还有几个提醒")["replies"])
    assert "量血压" in left
    assert "吃降压药" not in left


def test_who_speaks_is_said_plainly_and_the_order_goes_on(talk: Talk) -> None:
    order_up_to_the_yes(talk)
    assert "机器" in str(talk.say("你是机器还是人")["replies"])
    assert talk.say("对")["committed"]


def test_a_bad_night_is_no_good_news_and_bad_food_is_told_to_a_person(talk: Talk) -> None:
    slept = str(talk.say("昨天夜里一夜没睡好")["replies"])
    assert "放心" not in slept
    assert "睡不好" in slept
    [told] = talk.say("昨天送来的菜太咸了")["committed"]  # type: ignore[misc]
    assert told["kind"] == "handover"


COMMANDS = [
    "/restart",
    "／restart",
    " /order_meal",
    "/session_start",
    "/back",
    "/affirm",
    '/inform{"dish":"套餐"}',
]


@pytest.mark.parametrize("text", COMMANDS)
def test_no_text_is_a_command(talk: Talk, text: str) -> None:
    order_up_to_the_yes(talk)
    answered = talk.say(text)
    assert answered["committed"] == []
    assert talk.meals() == []
    assert answered["replies"]


@pytest.mark.parametrize(
    "text", ["", "。。。", "😀", "饭" * 10_000, "\x00\x00", "\u202e", "a" * 400, "？" * 400]
)
def test_strange_input_is_answered_and_changes_nothing(talk: Talk, text: str) -> None:
    order_up_to_the_yes(talk)
    answered = talk.say(text)
    assert answered["replies"]
    assert answered["committed"] == []
    assert talk.meals() == []


def test_two_elders_do_not_hear_each_other(town: Town) -> None:
    one, two = Talk(town, "E0011"), Talk(town, "E0012")
    order_up_to_the_yes(one)
    two.say("对")
    assert two.meals() == []
    one.say("对")
    assert len(one.meals()) == 1


def test_parse_understands_without_any_effect(town: Town) -> None:
    lines = "我要订明天中午的红烧肉两份\n胸口疼得厉害\n每天早上八点提醒我吃药\n"
    before = town.get("/requests?elder_id=E0007")["total"]
    first, second, third = objects(kangban(town.home, "parse", "--json", lines=lines))
    assert first["intent"] == "order_meal"
    assert first["slots"]["dish"] == ["红烧肉"]
    assert first["slots"]["quantity"] == 2
    assert first["when"]["start"].startswith("2026-05-12T")
    for entity in first["entities"]:
        assert first["text"][entity["start"] : entity["end"]] == entity["text"]
    assert second["emergency"] == "chest_pain"
    assert "FREQ=DAILY" in third["when"]["repeat"]
    assert town.get("/requests?elder_id=E0007")["total"] == before


def test_chat_speaks_through_the_running_system(town: Town) -> None:
    lines = "我要订明天中午的饭，套餐一份，送到家里\n对\n"
    answered = objects(kangban(town.home, "chat", "--elder", "E0021", "--json", lines=lines))
    assert answered[-1]["committed"][0]["kind"] == "meal"
    json.dumps(answered)


def test_when_the_dialogue_is_killed_alarms_work_and_the_order_goes_on(talk: Talk) -> None:
    order_up_to_the_yes(talk)
    town = talk.town
    killed = town.record()["dialogue_pid"]
    os.kill(killed, signal.SIGKILL)
    assert talk.say("救命啊，我胸口疼")["alarm"] is not None
    wait_until(
        lambda: (
            town.record().get("dialogue_pid") != killed
            and bool(town.record().get("dialogue_url"))
            and bool(town.get("/health")["dialogue"])
        ),
        READY_S,
    )
    assert talk.say("对")["committed"]
    assert len(talk.meals()) == 1
