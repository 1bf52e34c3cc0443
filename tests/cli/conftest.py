"""A whole `kangban up` of its own, with the stand-in for the dialogue, once for all tests of the command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.kangban_process import Town
from tests.gateway.conftest import SECRET, StandIn


@pytest.fixture(scope="session")
def stand_in() -> Iterator[StandIn]:
    dialogue = StandIn()
    dialogue.start()
    yield dialogue
    dialogue.stop()


def home_with_secret(folder: Path) -> Path:
    """A home whose secret the stand-in knows."""
    (folder / "secrets").mkdir(parents=True, mode=0o700)
    (folder / "secrets" / "service").write_text(SECRET)
    (folder / "secrets" / "service").chmod(0o600)
    return folder


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, stand_in: StandIn) -> Iterator[Town]:
    home = home_with_secret(tmp_path_factory.mktemp("home"))
    running = Town(home, {"KANGBAN_DIALOGUE_URL": stand_in.url})
    try:
        yield running.start()
    finally:
        running.stop()
