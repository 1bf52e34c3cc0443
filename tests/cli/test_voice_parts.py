"""The speaker's engines together: what is rendered ahead, and that a change of voice is told."""

from __future__ import annotations

from assistant.cli.voice_parts import FIELD, fixed_phrases, openings
from speech.aloud import as_said, pieces


def test_openings_hold_nothing_that_is_filled_in_and_are_pieces_of_what_is_said() -> None:
    found = openings()
    assert "给您订好了，" in found
    assert all(FIELD not in piece and "{" not in piece for piece in found)
    said = list(pieces(as_said("给您订好了：明天中午，红烧肉一份，送到家里。")))
    assert said[0] in found, "the first sound of a booking is there before its words are known"


def test_what_is_rendered_ahead_stays_within_an_evening_of_idle_time() -> None:
    known = {piece for text in fixed_phrases() for piece in pieces(as_said(text))} | set(openings())
    assert 300 < len(known) < 800
    assert sum(map(len, known)) < 8000, "about an hour of a slow box, in pauses"
