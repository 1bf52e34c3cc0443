"""Whatever is sent: an answer or a problem document, never a stack trace, never a command."""

from __future__ import annotations

from tests.gateway.conftest import Gateway, StandIn

SAYS_NOTHING = [
    "",
    " ",
    "\n\t",
    "。。。",
    "？！",
    "😀👍🏽",
    "\u200b\u200b",
    "/",
    "///",
    "／",
    "\u3164",
    "…",
    "\ufe0f/",
    "\x00",
]


async def test_a_text_that_says_nothing_is_asked_again_and_changes_nothing(
    gateway: Gateway, dialogue: StandIn
) -> None:
    before = len(dialogue.calls())
    for text in SAYS_NOTHING:
        answered = await gateway.heard(text)
        assert "您好像还没说话" in answered["replies"][0], repr(text)
        assert (answered["intent"], answered["committed"], answered["alarm"]) == (None, [], None)
    assert len(dialogue.calls()) == before


async def test_a_text_that_is_too_long_is_asked_for_shorter(gateway: Gateway, dialogue: StandIn) -> None:
    before = len(dialogue.calls())
    for length in (501, 10_000, 200_000):
        assert "短一点" in (await gateway.heard("饭" * length))["replies"][0], length
    assert len(dialogue.calls()) == before


async def test_five_hundred_characters_are_taken(gateway: Gateway) -> None:
    assert (await gateway.heard("饭" * 500))["intent"] == "order_meal"


async def test_length_counts_after_normalising(gateway: Gateway) -> None:
    assert "短一点" in (await gateway.heard("㍿" * 126))["replies"][0]  # each is four characters: 株式会社


SLASHES = [
    "/restart",
    "  /restart",
    "／restart",
    "\u200b/restart",
    "\u202e／／restart",
    "\x00/restart",
    "/ /restart",
    "\ufe0f/restart",
]


async def test_the_dialogue_never_sees_a_command(gateway: Gateway, dialogue: StandIn) -> None:
    for text in SLASHES:
        await gateway.heard(text)
        assert dialogue.calls()[-1]["text"] == "restart", repr(text)


async def test_the_answer_shows_the_words_as_they_were_written(gateway: Gateway) -> None:
    assert (await gateway.heard("/restart，好吗？"))["text"] == "/restart，好吗？"


async def test_controls_and_lone_surrogates_are_dropped(gateway: Gateway, dialogue: StandIn) -> None:
    answered = await gateway.heard("订\x00红\ud800烧\x1b肉\r\n一份\u2028")
    assert answered["text"] == "订红烧肉 一份"
    assert dialogue.calls()[-1]["text"] == "订红烧肉 一份"


BAD_BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"\xff\xfe",
    b'{"elder_id":"E1","channel":"web","message_id":"m"}',
    b'{"elder_id":"E1","channel":"web","message_id":"m","text":5}',
    b'{"elder_id":"E1","channel":"web","message_id":"m","text":null}',
    b'{"elder_id":"E1","channel":"Web Site!","message_id":"m","text":"a"}',
    b'{"elder_id":"E1","channel":"web","message_id":"","text":"a"}',
    b'{"elder_id":"E1","channel":"web","message_id":"a\\u0000b","text":"a"}',
    b'{"elder_id":"E1","channel":"web","message_id":"\\ud800","text":"a"}',
    b'{"elder_id":["E1"],"channel":"web","message_id":"m","text":"a"}',
    b'{"elder_id":"E1","channel":"web","message_id":"' + b"m" * 129 + b'","text":"a"}',
]


async def test_a_body_that_is_no_turn_is_a_problem_document(gateway: Gateway) -> None:
    for body in BAD_BODIES:
        response = await gateway.client.post("/api/v1/turns", content=body)
        assert response.status_code == 422, body
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"]


STRANGE_IDS = ["", " ", "\x00", "\ud800", "x" * 100_000, "'; DROP TABLE elders; --", "../E1"]


async def test_a_strange_elder_id_is_nobody(gateway: Gateway) -> None:
    for elder_id in STRANGE_IDS:
        response = await gateway.say("我要订饭", elder_id=elder_id)
        assert response.status_code in (404, 422), repr(elder_id)
        assert response.headers["content-type"] == "application/problem+json"
