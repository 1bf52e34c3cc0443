"""The whole system killed in the middle of the turn that books: sent again, it books once."""

from __future__ import annotations

import pytest

from tests.cli.kangban_process import Town
from tests.system.conftest import READY_S, Talk, order_up_to_the_yes

pytestmark = pytest.mark.system


@pytest.mark.parametrize(
    "point", ["after_receive", "before_dialogue", "after_dialogue_before_finish", "after_finish"]
)
def test_a_killed_yes_sent_again_books_once(own_town: Town, point: str) -> None:
    talk = Talk(own_town.start(timeout_s=READY_S), "E0031")
    order_up_to_the_yes(talk)
    own_town.stop()
    own_town.start(timeout_s=READY_S, KANGBAN_FAILPOINT=point)
    own_town.dies_of("对", message_id="the-yes", elder_id="E0031")
    own_town.start(timeout_s=READY_S)
    answered = talk.say("对", message_id="the-yes")
    assert answered["committed"], answered
    assert talk.say("对", message_id="the-yes") == answered
    [meal] = talk.meals()
    assert meal["id"] == answered["committed"][0]["id"]  # type: ignore[index]
