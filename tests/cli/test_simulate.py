"""Days of a simulated town: every promise ends kept, told or escalated, and what is in limbo is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from assistant.cli.simulate import report_of
from assistant.cli.simulated_town import SimulatedTown
from backend.checkins.models import Round, RoundState
from backend.notifications.models import Occurrence, OccurrenceState


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> SimulatedTown:
    file = tmp_path_factory.mktemp("town") / "town.db"
    town = SimulatedTown(f"sqlite:///{file}", elders=12, days=2, seed_of_chance=3)
    town.live(lambda day: None)
    return town


def test_every_promise_comes_to_an_end(lived: SimulatedTown, tmp_path: Path) -> None:
    with lived.database.session() as session:
        report, limbo = report_of(session)
    assert limbo == []
    assert report["checkins"]["kept"] >= 12
    assert report["reminders"]["kept"] >= 3
    assert sum(report["requests"].values()) > 0


def test_what_is_in_limbo_is_found(lived: SimulatedTown) -> None:
    def forget(session: object) -> None:
        for table, state in ((Occurrence, OccurrenceState.SAID), (Round, RoundState.ASKED)):
            session.execute(update(table).values(state=state))  # type: ignore[attr-defined]

    lived.database.transact(forget)
    with lived.database.session() as session:
        _, limbo = report_of(session)
    assert {line.split()[0] for line in limbo} == {"reminder", "check-in"}
