"""What was misheard goes to the log with what was meant: both are in the answer of a turn."""

from __future__ import annotations

from typing import Any

from assistant.dialogue.turns import _told


def turn(text: str, entities: list[dict[str, Any]]) -> dict[str, Any]:
    return _told(
        [
            {"event": "user", "text": text, "parse_data": {"intent": {"name": "x"}, "entities": entities}},
            {"event": "bot", "text": "好。", "data": {}},
        ]
    )


def test_what_was_misheard_is_put_right_beside_what_was_heard() -> None:
    heard = {"entity": "department", "value": "cardiology", "text": "新内课", "start": 3, "end": 6}
    told = turn("帮我挂新内课", [{**heard, "meant": "心内科", "alternatives": []}])
    assert told["repaired"] == "帮我挂心内科"
    assert told["entities"][0]["text"] == "新内课"


def test_where_two_names_are_possible_nothing_is_put_right() -> None:
    heard = {"entity": "dish", "value": "红烧露", "text": "红烧露", "start": 0, "end": 3}
    assert (
        turn("红烧露", [{**heard, "meant": None, "alternatives": ["红烧肉", "红烧鹿"]}])["repaired"]
        == "红烧露"
    )
