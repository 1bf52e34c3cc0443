"""The app killed in the middle of the turn that books: started and sent again, it books once."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator

import pytest

from assistant.cli.api import dialogue_is_ready
from tests.cli.kangban_process import ROOT, Town, environment_for
from tests.system.conftest import READY_S, Talk, order_up_to_the_yes, wait_until

pytestmark = pytest.mark.system


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def town_beside_its_dialogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An app that can be killed and started again while one dialogue process lives on beside it."""
    home = tmp_path_factory.mktemp("kills")
    dialogue_url = f"http://127.0.0.1:{_free_port()}"
    town = Town(home, {"KANGBAN_DIALOGUE_URL": dialogue_url}, port=_free_port())
    town.start(ready=False, timeout_s=READY_S)
    environment = environment_for(
        home,
        KANGBAN_SECRET_FILE=str(home / "secrets" / "service"),
        KANGBAN_BACKEND_URL=f"http://127.0.0.1:{town.port}",
    )
    with (home / "dialogue.out").open("ab") as out:
        dialogue = subprocess.Popen(
            [
                str(ROOT / ".venv-dialogue" / "bin" / "python"),
                "-m",
                "assistant.dialogue.serve",
                "--port",
                dialogue_url.rpartition(":")[2],
            ],
            cwd=ROOT,
            env={name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        secret = (home / "secrets" / "service").read_text().strip()
        wait_until(lambda: dialogue_is_ready(dialogue_url, secret), READY_S)
        yield town
    finally:
        town.stop()
        dialogue.terminate()
        dialogue.wait(30)


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
