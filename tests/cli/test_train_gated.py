"""The gate of learning: what makes understanding worse is not used, and one can always go back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.cli.errors import PlainError
from assistant.cli.learned_gate import reasons_against, side_by_side
from assistant.cli.settings import CliSettings, settings_from
from assistant.cli.train_gated import train_gated
from assistant.dialogue import learned
from assistant.dialogue.model import newest_model
from backend import rooms
from backend.clock import FrozenClock
from backend.database import Database
from backend.demo.seeding import seed
from backend.learning import service, trainings
from backend.learning.models import CorrectionState, TrainingState
from tests.backend.conftest import NOW
from tests.console.happenings import misheard


class Workshop:
    """Makes files instead of models, and measures what it is told: the real one is in tests/system."""

    def __init__(self, accuracy: float, talk: float = 0.0) -> None:
        self.accuracy = accuracy
        self.talk = talk
        self.taught: dict[str, list[str]] = {}

    def train(self, examples: Path, output: Path) -> dict[str, Any]:
        self.taught = json.loads(examples.read_text(encoding="utf-8"))
        output.write_bytes(b"a model")
        return {"sentences": sum(map(len, self.taught.values())), "left_out": 0}

    def measure(self, examples: Path, models: list[Path]) -> Iterator[dict[str, Any]]:
        for model in models:
            new = model.name.startswith("learned-") and model is models[-1]
            yield {
                "model": model.name, "set": "frozen2", "variant": "clean", "rows": 500,
                "accuracy": self.accuracy if new else 0.97, "acted_on": self.talk if new else 0.0,
            }  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> CliSettings:
    """A demo town with one sentence that was explained and reviewed."""
    rooms.load_models()
    found = settings_from({"KANGBAN_HOME": str(tmp_path)})
    database = Database(found.database_url)
    database.create_all()
    seed(database, now=NOW)
    number = misheard(database, "肚皮饿煞哉", "m1")

    def work(session: Any) -> None:
        service.explain(
            session, number, intent="order_meal", alias="", alias_kind=None, alias_of="", note="",
            actor="coordinator:S03", at=NOW,
        )  # fmt: skip
        service.review(session, number, CorrectionState.ACCEPTED, actor="town_admin:S01", at=NOW)

    database.transact(work)
    database.dispose()
    return found


def run(settings: CliSettings, workshop: Workshop, *, back: bool = False, asked: bool = False) -> int:
    return train_gated(
        settings, clock=FrozenClock(NOW), back=back, asked=asked, as_json=True, workshop=workshop
    )


def told(settings: CliSettings) -> list[tuple[str, int]]:
    database = Database(settings.database_url)
    with database.session() as session:
        found = [(str(row.state), row.sentences) for row in trainings.latest(session)]
    database.dispose()
    return found


def test_what_was_reviewed_is_learned_and_the_former_model_can_be_gone_back_to(settings: CliSettings) -> None:
    before = learned.chosen_model(settings.home)
    assert before == newest_model()
    workshop = Workshop(0.972)
    assert run(settings, workshop) == 0
    assert workshop.taught == {"order_meal": ["肚皮饿煞哉"]}
    first = learned.chosen_model(settings.home)
    assert first is not None
    assert first.parent == settings.home / "learned"
    assert first.parent.stat().st_mode & 0o077 == 0  # elders' own words
    assert run(settings, Workshop(0.975)) == 0
    assert learned.chosen_model(settings.home) not in (first, before)
    assert run(settings, workshop, back=True) == 0
    assert learned.chosen_model(settings.home) == first
    assert run(settings, workshop, back=True) == 0
    assert learned.chosen_model(settings.home) == before
    with pytest.raises(PlainError, match="没有可以退回的"):
        run(settings, workshop, back=True)
    assert [state for state, _ in told(settings)] == ["failed", "back", "back", "adopted", "adopted"]


@pytest.mark.parametrize(("accuracy", "talk"), [(0.96, 0.0), (0.98, 0.01)])
def test_a_candidate_that_is_worse_is_refused_and_nothing_changes(
    settings: CliSettings, accuracy: float, talk: float
) -> None:
    before = learned.chosen_model(settings.home)
    assert run(settings, Workshop(accuracy, talk)) == 1
    assert learned.chosen_model(settings.home) == before
    assert told(settings) == [("refused", 1)]
    assert list((settings.home / "learned").glob("*.tar.gz")) == []


def test_a_model_of_other_sources_is_not_used(settings: CliSettings) -> None:
    assert run(settings, Workshop(0.98)) == 0
    path = settings.home / "learned" / "current.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"fingerprint": "of another release"}))
    assert learned.chosen_model(settings.home) == newest_model()


def test_what_the_console_asks_for_is_done_once_and_one_at_a_time(settings: CliSettings) -> None:
    database = Database(settings.database_url)
    database.transact(lambda session: trainings.ask(session, is_back=False, actor="town_admin:S01", at=NOW))
    with pytest.raises(PlainError, match="已经有一次训练"):
        run(settings, Workshop(0.98))
    assert run(settings, Workshop(0.98), asked=True) == 0
    assert run(settings, Workshop(0.98), asked=True) == 0  # nothing waits any more
    assert told(settings) == [("adopted", 1)]
    database.dispose()


def test_a_training_that_dies_is_written_down_as_that(settings: CliSettings) -> None:
    class Broken(Workshop):
        def train(self, examples: Path, output: Path) -> dict[str, Any]:
            raise PlainError("内存不够")

    with pytest.raises(PlainError):
        run(settings, Broken(0.98))
    assert told(settings) == [("failed", 0)]
    assert str(TrainingState.FAILED) == "failed"


def test_a_set_that_was_measured_with_one_model_only_decides_nothing() -> None:
    row = {"model": "a", "set": "frozen2", "variant": "clean", "rows": 1, "accuracy": 1.0, "acted_on": 0.0}
    with pytest.raises(ValueError, match="both"):
        side_by_side([row], present="a", candidate="b")
    same = side_by_side([row, row | {"model": "b", "accuracy": 0.996}], present="a", candidate="b")
    assert reasons_against(same) == []  # less than one sentence in two hundred is chance
