"""Writing by WeChat: who is answered what, once, in plain and in encrypted mode."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from assistant.replies.phrasebook import phrases
from tests.gateway.conftest import StandIn
from tests.gateway.wechat.conftest import SOMEBODY, Wechat, running

SAY = phrases().say


async def test_a_stranger_learns_how_to_bind(wechat: Wechat) -> None:
    assert await wechat.heard(wechat.platform.event(SOMEBODY, "subscribe")) == SAY("wechat.welcome")
    assert await wechat.say("我要订午饭") == SAY("wechat.unbound")


async def test_a_stranger_reaches_the_guard(either: Wechat) -> None:
    answered = await either.say("哎哟我摔倒了起不来")
    assert SAY("gateway.alarm.fall") in answered
    [alarm] = (await either.get("/alarms"))["alarms"]
    assert (alarm["category"], alarm["channel"]) == ("fall", "wechat")
    assert SOMEBODY in alarm["elder_id"]


async def test_a_code_binds_and_the_elder_talks(either: Wechat) -> None:
    assert await either.bind() == SAY("wechat.bound", called="王奶奶")
    assert "您说的是「我要订红烧肉」" in await either.say("我要订红烧肉")
    [binding] = (await either.get("/bindings?elder_id=E1"))["bindings"]
    assert (binding["account"], binding["kind"], binding["consent"]) == (SOMEBODY, "elder", "当面说好")
    assert binding["seen_at"] is not None


async def test_a_wrong_code_binds_nobody_and_too_many_stop(wechat: Wechat) -> None:
    for _ in range(5):
        assert await wechat.say("00000000") == SAY("wechat.bad_code")
    assert await wechat.say("0000-0000") == SAY("wechat.too_many_tries")
    assert (await wechat.get("/bindings"))["bindings"] == []


async def test_a_code_is_not_kept_in_the_log_of_turns(wechat: Wechat) -> None:
    code = await wechat.code()
    await wechat.say(code)
    assert code not in str(await wechat.get("/turns"))


async def test_the_same_message_again_is_answered_from_the_inbox(either: Wechat, dialogue: StandIn) -> None:
    await either.bind()
    message = either.platform.text(SOMEBODY, "我要订好红烧肉")
    before = len(dialogue.calls())
    first = await either.heard(message)
    await either.say("另外一句话")
    assert await either.heard(message) == first
    assert len(dialogue.calls()) == before + 2
    # A code, an event and a picture are acted on once, too.
    for fields in (
        either.platform.text(SOMEBODY, await either.code("E2", kind="family")),
        either.platform.event(SOMEBODY, "subscribe"),
        either.platform.image(SOMEBODY),
    ):
        assert await either.heard(fields) == await either.heard(fields)


async def test_of_the_same_message_sent_many_times_at_once_one_is_acted_on(
    wechat: Wechat, dialogue: StandIn
) -> None:
    await wechat.bind()
    before = len(dialogue.calls())
    message = wechat.platform.text(SOMEBODY, "我要订好清蒸鱼")
    answers = await asyncio.gather(*[wechat.heard(message) for _ in range(5)])
    assert len(set(answers)) == 1
    assert len(dialogue.calls()) == before + 1


async def test_an_alarm_sent_again_is_one_alarm(wechat: Wechat) -> None:
    await wechat.bind()
    message = wechat.platform.text(SOMEBODY, "胸口疼得厉害")
    assert await wechat.heard(message) == await wechat.heard(message)
    [alarm] = (await wechat.get("/alarms"))["alarms"]
    assert alarm["elder_id"] == "E1"


async def test_voice_is_what_the_platform_wrote_down(wechat: Wechat) -> None:
    await wechat.bind()
    assert "您说的是「我要订红烧肉。」" in await wechat.heard(
        wechat.platform.voice(SOMEBODY, "我要订红烧肉。")
    )
    # Without that, and without a way to fetch the sound, it is answered kindly.
    for recognised in (None, "", "。"):
        said = await wechat.heard(wechat.platform.voice(SOMEBODY, recognised))
        assert said == SAY("wechat.no_voice")


async def test_a_cry_by_voice_is_an_alarm(wechat: Wechat) -> None:
    assert SAY("gateway.alarm.fall") in await wechat.heard(wechat.platform.voice(SOMEBODY, "我摔倒了起不来"))


async def test_pictures_and_other_kinds_are_answered_kindly(wechat: Wechat) -> None:
    assert await wechat.heard(wechat.platform.image(SOMEBODY)) == SAY("wechat.picture")
    strange = wechat.platform.text(SOMEBODY, "") | {"MsgType": "location", "Label": "东港村"}
    assert await wechat.heard(strange) == SAY("wechat.other_kind")


async def test_a_click_in_the_menu_is_what_it_stands_for(wechat: Wechat, dialogue: StandIn) -> None:
    await wechat.bind()
    assert "我要订饭" in await wechat.heard(wechat.platform.event(SOMEBODY, "CLICK", "ORDER_MEAL"))
    wechat.later(seconds=1)
    assert "你能做什么" in await wechat.heard(wechat.platform.event(SOMEBODY, "CLICK", "../../etc"))


async def test_leaving_and_other_events_are_taken_without_a_word(wechat: Wechat) -> None:
    assert await wechat.heard(wechat.platform.event(SOMEBODY, "unsubscribe")) == ""
    assert await wechat.heard(wechat.platform.event(SOMEBODY, "LOCATION")) == ""


async def test_who_comes_back_is_greeted_by_name(wechat: Wechat) -> None:
    await wechat.bind()
    welcome = await wechat.heard(wechat.platform.event(SOMEBODY, "subscribe"))
    assert welcome == SAY("wechat.welcome_back", called="王奶奶")


async def test_choices_are_numbered_and_a_bare_number_answers(either: Wechat, dialogue: StandIn) -> None:
    await either.bind()
    asked = await either.say("选哪个")
    assert asked.splitlines()[-2:] == ["1. 红烧肉", "2. 清蒸鱼"]
    message = either.platform.text(SOMEBODY, "２。")
    first = await either.heard(message)
    assert "您说的是「清蒸鱼」" in first
    assert await either.heard(message) == first
    # Where nothing is to be chosen, a number is a number.
    assert "您说的是「2」" in await either.say("2")


async def test_a_number_means_nothing_that_was_asked_elsewhere(wechat: Wechat) -> None:
    await wechat.bind()
    await wechat.say("选哪个")
    body = {"elder_id": "E1", "channel": "voice", "message_id": "v1", "text": "选哪个"}
    await wechat.api.post("/api/v1/turns", json=body)
    assert "您说的是「1」" in await wechat.say("1")


async def test_a_relative_is_told_of_the_elder_and_books_nothing(wechat: Wechat, dialogue: StandIn) -> None:
    said = await wechat.bind("E1", kind="family", name="李建芬", relation="女儿")
    assert said == SAY("wechat.bound_family", called="王奶奶")
    before = len(dialogue.calls())
    told = await wechat.say("我妈今天吃了吗")
    assert told.startswith("【王奶奶】")
    assert SAY("wechat.family.no_meals") in told
    assert len(dialogue.calls()) == before


async def test_a_relative_of_two_chooses_by_number(wechat: Wechat) -> None:
    await wechat.bind("E1", kind="family")
    wechat.later(seconds=1)
    await wechat.bind("E2", kind="family")
    both = await wechat.say("在吗")
    assert both.splitlines()[-2:] == ["1. 王奶奶", "2. 王奶奶"]
    wechat.later(seconds=1)
    await wechat.say("1")
    answered = await wechat.say("我妈摔倒了起不来")
    assert SAY("gateway.alarm.fall") in answered
    [alarm] = (await wechat.get("/alarms"))["alarms"]
    assert alarm["elder_id"] == "E1"
    wechat.later(seconds=1)
    assert await wechat.say("换人2") == SAY("wechat.switched", called="王奶奶")


async def test_who_holds_the_account_ends_the_binding(wechat: Wechat) -> None:
    await wechat.bind("E1", kind="family")
    assert await wechat.say("解除绑定") == SAY("wechat.ended", called="王奶奶")
    assert await wechat.say("我妈今天吃了吗") == SAY("wechat.unbound")
    [binding] = (await wechat.get("/bindings"))["bindings"]
    assert binding["revoked_by"] == f"wechat:{SOMEBODY}"


async def test_a_binding_that_the_town_ends_is_over_at_once(wechat: Wechat) -> None:
    await wechat.bind()
    [binding] = (await wechat.get("/bindings"))["bindings"]
    await wechat.api.post(f"/api/v1/bindings/{binding['id']}/revoke", json={"why": "手机丢了"})
    assert await wechat.say("我要订午饭") == SAY("wechat.unbound")


async def test_no_text_is_a_command(wechat: Wechat, dialogue: StandIn) -> None:
    await wechat.bind()
    await wechat.say("/restart")
    assert dialogue.calls()[-1]["text"] == "restart"


async def test_when_the_dialogue_is_down_the_answer_is_honest_and_alarms_work(
    wechat: Wechat, dialogue: StandIn
) -> None:
    await wechat.bind()
    dialogue.stop()
    message = wechat.platform.text(SOMEBODY, "我要订好红烧肉")
    assert "过一会儿再说一遍" in await wechat.heard(message)
    assert SAY("gateway.alarm.fall") in await wechat.say("我摔倒了起不来")
    dialogue.start()
    assert "您说的是「我要订好红烧肉」" in await wechat.heard(message)


@pytest.mark.parametrize("text", ["", "   ", "\u202e", "😀", "饭" * 3000, "a" * 600, "]]>]]>", "<xml>"])
async def test_strange_words_are_answered(wechat: Wechat, text: str) -> None:
    await wechat.bind()
    assert await wechat.say(text)


async def test_without_an_account_nothing_listens(home: Path, dialogue: StandIn) -> None:
    async with running(home, dialogue) as up:
        assert (await up.api.get("/wechat")).status_code == 403
    from assistant.cli.settings import settings_from
    from assistant.cli.wechat_wiring import account_of

    assert account_of(settings_from({"KANGBAN_HOME": str(home)})) is None


async def test_an_answer_comes_within_the_platforms_patience(wechat: Wechat) -> None:
    await wechat.bind()
    begun = time.monotonic()
    await wechat.say("我要订红烧肉")
    assert time.monotonic() - begun < 4.0


async def test_an_elder_says_that_she_wants_a_code_and_it_binds_her_daughter(wechat: Wechat) -> None:
    body = {"elder_id": "E1", "channel": "voice", "message_id": "v1", "text": "给我女儿一个绑定码"}
    said = (await wechat.api.post("/api/v1/turns", json=body)).json()
    again = (await wechat.api.post("/api/v1/turns", json=body)).json()
    assert said == again
    assert said["replies"][1] == SAY("gateway.bind.care")
    code = "".join(sign for sign in said["replies"][0] if sign in "0123456789")
    assert len(code) == 8
    assert await wechat.say(code) == SAY("wechat.bound_family", called="王奶奶")
    [binding] = (await wechat.get("/bindings"))["bindings"]
    assert "给我女儿一个绑定码" in binding["consent"]


async def test_a_said_code_holds_half_an_hour_and_there_are_not_many(wechat: Wechat) -> None:
    for number in range(4):
        body = {"elder_id": "E1", "channel": "voice", "message_id": f"v{number}", "text": "给我一个绑定码"}
        said = (await wechat.api.post("/api/v1/turns", json=body)).json()["replies"]
    assert said == [SAY("gateway.bind.enough")]
    wechat.later(minutes=31)
    assert (await wechat.get("/bind-codes?elder_id=E1"))["codes"] == []
