"""`kangban up` as a process: one to a home, plain about ports, clean at its end, safe to kill anywhere."""

from __future__ import annotations

import signal
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import home_with_secret
from tests.cli.kangban_process import Town, kangban
from tests.gateway.conftest import StandIn

pytestmark = pytest.mark.system


@pytest.fixture
def own_town(tmp_path: Path, stand_in: StandIn) -> Iterator[Town]:
    running = Town(home_with_secret(tmp_path / "home"), {"KANGBAN_DIALOGUE_URL": stand_in.url})
    yield running
    running.stop(signal.SIGKILL)


def test_a_port_in_use_is_one_plain_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = kangban(tmp_path, "up", "--port", str(port))
    assert done.returncode == 1
    assert len(done.stderr.decode().splitlines()) == 1
    assert f"--port {port + 1}" in done.stderr.decode()


def test_a_second_start_on_the_same_home_is_one_plain_sentence(town: Town) -> None:
    done = kangban(town.home, "up", "--port", "0")
    assert done.returncode == 1
    assert len(done.stderr.decode().splitlines()) == 1
    assert town.record()["app_url"] in done.stderr.decode()


def test_it_prints_where_it_is_when_it_is_ready(town: Town) -> None:
    until = time.monotonic() + 10
    while "Ctrl-C" not in (town.home / "up.out").read_text() and time.monotonic() < until:
        time.sleep(0.05)
    printed = (town.home / "up.out").read_text()
    assert f"{town.record()['app_url']}/docs" in printed
    assert "kangban chat --elder E0007" in printed


def test_its_secret_is_for_its_owner_only(tmp_path: Path) -> None:
    from assistant.cli.home import service_secret
    from assistant.cli.settings import settings_from

    settings = settings_from({"KANGBAN_HOME": str(tmp_path / "home")})
    token = service_secret(settings)
    assert len(token) >= 32
    assert service_secret(settings) == token
    assert stat.S_IMODE(settings.service_secret_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.service_secret_file.parent.stat().st_mode) == 0o700


def test_it_ends_cleanly_and_can_be_started_again(own_town: Town) -> None:
    own_town.start()
    own_town.say("订好红烧肉", message_id="before")
    assert own_town.stop(signal.SIGTERM) == 0
    assert own_town.record() == {}
    own_town.start()
    turns = own_town.get("/turns?elder_id=E0007")["turns"]
    assert [turn["text"] for turn in turns] == ["订好红烧肉"]
    assert own_town.stop(signal.SIGINT) == 0


ANSWERED_AFTER = ["after_receive", "before_dialogue", "after_dialogue_before_finish", "after_finish"]


@pytest.mark.parametrize("point", ANSWERED_AFTER)
def test_a_turn_that_died_is_run_again_and_takes_effect_once(own_town: Town, point: str) -> None:
    own_town.start(KANGBAN_FAILPOINT=point)
    own_town.dies_of("订好红烧肉", message_id=f"dies-{point}")
    own_town.start()
    begun = time.monotonic()
    answered = own_town.say("订好红烧肉", message_id=f"dies-{point}")
    assert time.monotonic() - begun < 20, "a dead turn's lease must not hold the line"
    again = own_town.say("订好红烧肉", message_id=f"dies-{point}")
    assert again == answered
    assert [row["id"] for row in answered["committed"]] == [f"web:dies-{point}"]
    turns = own_town.get("/turns?elder_id=E0007")["turns"]
    assert [turn["state"] for turn in turns] == ["done"]


@pytest.mark.parametrize("point", ["after_receive", "after_alarm", "after_finish"])
def test_an_emergency_that_died_raises_one_alarm_in_the_end(own_town: Town, point: str) -> None:
    own_town.start(KANGBAN_FAILPOINT=point)
    own_town.dies_of("我摔倒了起不来", message_id=f"falls-{point}")
    own_town.start()
    answered = own_town.say("我摔倒了起不来", message_id=f"falls-{point}")
    rows = own_town.get("/alarms?elder_id=E0007")["alarms"]
    assert [row["id"] for row in rows] == [answered["alarm"]["id"]]


def test_a_fail_point_that_does_not_exist_stops_the_start(own_town: Town) -> None:
    with pytest.raises(AssertionError, match="unknown fail point"):
        own_town.start(KANGBAN_FAILPOINT="after_lunch")


def test_a_run_file_left_by_a_killed_system_is_seen_through(own_town: Town) -> None:
    own_town.start()
    own_town.stop(signal.SIGKILL)
    assert own_town.record() != {}
    done = kangban(own_town.home, "doctor", **own_town.environment)
    assert "没有在运行" in done.stdout.decode()
