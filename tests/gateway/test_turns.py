"""Turns: answered once, one at a time for an elder, and kindly when the dialogue does not answer."""

from __future__ import annotations

import asyncio
import time

import pytest

from assistant.gateway.turns import LEASE_S
from tests.gateway.conftest import Gateway, StandIn


def calls_of(dialogue: StandIn, key: str) -> int:
    return sum(1 for call in dialogue.calls() if call["turn_key"] == f"web:{key}")


async def test_a_turn_answers_with_the_object_of_the_contract(gateway: Gateway) -> None:
    answered = await gateway.heard("我要订红烧肉")
    assert answered["text"] == "我要订红烧肉"
    assert answered["intent"] == "order_meal"
    assert answered["confidence"] == 0.9
    assert answered["slots"] == {"dish": ["红烧肉"]}
    assert answered["entities"][0]["start"] == 3
    assert answered["committed"] == []
    assert answered["alarm"] is None
    assert answered["replies"][0].endswith("您说的是「我要订红烧肉」，对吗？")
    assert answered["latency_ms"] > 0
    assert "error" not in answered


async def test_the_same_message_gets_the_same_answer_word_for_word(
    gateway: Gateway, dialogue: StandIn
) -> None:
    first = await gateway.say("订好红烧肉", message_id="same")
    again = await gateway.say("订好红烧肉", message_id="same")
    assert again.content == first.content
    assert calls_of(dialogue, "same") == 1


async def test_the_same_message_twice_at_once_is_run_once(gateway: Gateway, dialogue: StandIn) -> None:
    one, two = await asyncio.gather(
        gateway.say("订好红烧肉", message_id="twice"), gateway.say("订好红烧肉", message_id="twice")
    )
    assert one.json() == two.json()
    assert calls_of(dialogue, "twice") == 1


async def test_another_message_under_the_same_id_is_refused(gateway: Gateway) -> None:
    await gateway.heard("我要订红烧肉", message_id="mine")
    other_words = await gateway.say("我要看医生", message_id="mine")
    other_elder = await gateway.say("我要订红烧肉", message_id="mine", elder_id="E2")
    for refused in (other_words, other_elder):
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["code"] == "message_reused"


async def test_turns_of_one_elder_are_run_in_the_order_in_which_they_came(
    gateway: Gateway, dialogue: StandIn
) -> None:
    texts = [f"第{number}句" for number in range(5)]
    answers = await asyncio.gather(*(gateway.heard(text) for text in texts))
    assert [answered["text"] for answered in answers] == texts
    log = (await gateway.client.get("/api/v1/turns", params={"elder_id": "E1"})).json()["turns"]
    run = [call["text"] for call in dialogue.calls() if call["text"] in texts]
    assert run == [turn["text"] for turn in reversed(log)]


async def test_a_quick_second_message_waits_little(gateway: Gateway) -> None:
    await gateway.heard("先热一热")
    begun = time.perf_counter()
    await gateway.heard("一句")
    alone = time.perf_counter() - begun
    begun = time.perf_counter()
    await asyncio.gather(gateway.heard("两句"), gateway.heard("三句"))
    together = time.perf_counter() - begun
    assert together < 3 * alone + 0.5


async def test_a_slow_elder_does_not_hold_up_another(gateway: Gateway) -> None:
    slow = asyncio.create_task(gateway.heard("慢慢来", elder_id="E2"))
    await asyncio.sleep(0.1)
    await gateway.heard("我要订红烧肉")
    assert not slow.done()
    await slow


async def test_turns_broken_off_while_they_wait_leave_nobody_unanswered(gateway: Gateway) -> None:
    slow = asyncio.create_task(gateway.heard("慢慢来"))
    await asyncio.sleep(0.1)
    waiting = [asyncio.create_task(gateway.heard("我要订红烧肉")) for _ in range(4)]
    await asyncio.sleep(0.3)
    for turn in waiting:
        turn.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await slow
    answered = await asyncio.wait_for(gateway.heard("我要订红烧肉"), 20)
    assert "error" not in answered


async def test_a_fault_of_the_dialogue_is_answered_kindly(gateway: Gateway) -> None:
    for text in ("垃圾", "不成样", "坏了"):
        answered = await gateway.heard(text)
        assert answered["error"] == "dialogue_fault", text
        assert answered["intent"] is None
        assert answered["committed"] == []
        assert "请过一会儿再说一遍" in answered["replies"][0]
        assert "女儿李建芬，电话130 0000 0007" in answered["replies"][0]


@pytest.mark.parametrize("dialogue_timeout_s", [0.5])
async def test_a_dialogue_that_is_too_slow_is_not_waited_for(gateway: Gateway) -> None:
    answered = await gateway.heard("慢慢来")
    assert answered["error"] == "dialogue_slow"
    assert "请过一会儿再说一遍" in answered["replies"][0]


async def test_who_has_no_contact_is_still_told_whom_to_ring(gateway: Gateway) -> None:
    answered = await gateway.heard("坏了", elder_id="E2")
    assert "家里人或者村里" in answered["replies"][0]


async def test_a_failed_message_can_be_sent_again_under_its_id(gateway: Gateway, dialogue: StandIn) -> None:
    dialogue.stop()
    failed = await gateway.heard("订好红烧肉", message_id="later")
    assert failed["error"] == "dialogue_down"
    dialogue.start()
    answered = await gateway.heard("订好红烧肉", message_id="later")
    assert "error" not in answered
    assert answered["committed"][0]["id"] == "web:later"


@pytest.mark.parametrize("dialogue_timeout_s", [0.5])
async def test_after_a_timeout_the_next_message_does_not_wait_for_the_lease(gateway: Gateway) -> None:
    await gateway.heard("慢慢来")
    begun = time.perf_counter()
    await gateway.heard("我要订红烧肉")
    assert time.perf_counter() - begun < LEASE_S / 2


async def test_an_answer_without_words_is_not_silence(gateway: Gateway) -> None:
    answered = await gateway.heard("没声音")
    assert answered["replies"] == ["我没听明白，麻烦您换个说法，再说一遍好吗？"]


async def test_an_unknown_elder_is_a_problem_document(gateway: Gateway, dialogue: StandIn) -> None:
    response = await gateway.say("我要订红烧肉", elder_id="E999", message_id="nobody")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == "unknown_elder"
    assert calls_of(dialogue, "nobody") == 0


async def test_a_caller_without_a_token_is_refused(gateway: Gateway) -> None:
    response = await gateway.client.post(
        "/api/v1/turns",
        headers={"Authorization": "Bearer wrong"},
        json={"elder_id": "E1", "channel": "web", "message_id": "m", "text": "救命"},
    )
    assert response.status_code == 401


async def test_the_log_keeps_words_and_understanding(gateway: Gateway) -> None:
    await gateway.heard("我要订红烧肉")
    turns = (await gateway.client.get("/api/v1/turns", params={"elder_id": "E1"})).json()["turns"]
    assert turns[0]["text"] == "我要订红烧肉"
    assert turns[0]["result"]["slots"] == {"dish": ["红烧肉"]}
