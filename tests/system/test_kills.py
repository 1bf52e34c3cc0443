"""The app killed in the middle of the turn that books: started and sent again, it books once."""

from __future__ import annotations

import pytest

from tests.cli.kangban_process import Town
from tests.system.conftest import READY_S, Talk, order_up_to_the_yes

pytestmark = pytest.mark.system


@pytest.mark.parametrize(
    ("point", "elder_id"),
    [
        ("after_receive", "E0031"),
        ("before_dialogue", "E0033"),
        ("after_dialogue_before_finish", "E0035"),
        ("after_finish", "E0037"),
    ],
)
def test_a_killed_yes_sent_again_books_once(
    town_beside_its_dialogue: Town, point: str, elder_id: str
) -> None:
    town = town_beside_its_dialogue
    talk = Talk(town, elder_id)
    order_up_to_the_yes(talk)
    town.stop()
    town.start(timeout_s=READY_S, KANGBAN_FAILPOINT=point)
    town.dies_of("对", message_id=f"the-yes-{point}", elder_id=elder_id)
    town.start(timeout_s=READY_S)
    answered = talk.say("对", message_id=f"the-yes-{point}")
    assert answered["committed"], answered
    assert talk.say("对", message_id=f"the-yes-{point}") == answered
    [meal] = talk.meals()
    assert meal["id"] == answered["committed"][0]["id"]  # type: ignore[index]
