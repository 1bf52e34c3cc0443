"""`kangban train --gated` and `--rollback`: learn what people explained, if it makes nothing worse."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from assistant.cli.errors import PlainError
from assistant.cli.learned_gate import reasons_against, side_by_side
from assistant.cli.lines import write_json, write_line
from assistant.cli.settings import ROOT, CliSettings
from assistant.dialogue import learned
from assistant.vocabulary import word_of
from backend.clock import Clock
from backend.database import Database
from backend.errors import BackendError
from backend.learning import service, trainings
from backend.learning.models import Training, TrainingState

ACTOR = "command"


class Workshop(Protocol):
    """Where models are made and measured; the real one is Rasa's, in its own environment."""

    def train(self, examples: Path, output: Path) -> dict[str, Any]:
        """Train; return ``{"sentences", "left_out"}``, with no sentences where nothing was to be learned."""

    def measure(self, examples: Path, models: list[Path]) -> Iterator[dict[str, Any]]:
        """Yield the figures of each model and set."""


@dataclass(frozen=True, kw_only=True)
class DialogueWorkshop:
    """The dialogue's own environment."""

    python: Path

    def train(self, examples: Path, output: Path) -> dict[str, Any]:
        """See the port."""
        rows = self._run("assistant.dialogue.train_candidate", "--learned", examples, "--output", output)
        return next(row for row in rows if "sentences" in row)

    def measure(self, examples: Path, models: list[Path]) -> Iterator[dict[str, Any]]:
        """See the port."""
        yield from self._run("assistant.dialogue.measuring.gate", "--learned", examples, *models)

    def _run(self, module: str, *arguments: str | Path) -> list[dict[str, Any]]:
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1"}
        # Training must not take the time of who is speaking now.
        command = ["nice", "-n", "10", str(self.python), "-W", "ignore", "-m", module, *map(str, arguments)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=False, capture_output=True, encoding="utf-8"
        )
        if done.returncode != 0:
            last = done.stderr.strip().splitlines()[-1:] or ["?"]
            raise PlainError(f"训练没有做成 (training failed): {last[0][:300]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def train_gated(
    settings: CliSettings,
    *,
    clock: Clock,
    back: bool,
    asked: bool,
    as_json: bool,
    workshop: Workshop | None = None,
) -> int:
    """Do what is asked; return 0 where a model was put to use, 1 where the candidate was refused.

    Args:
        settings: the command's settings.
        clock: the source of "now".
        back: go back to the model before, instead of training.
        asked: do what was asked for at the console, instead of asking oneself.
        as_json: print one JSON object.
        workshop: where models are made and measured.

    Raises:
        PlainError: there is nothing to learn or to go back to, or another training is running.
    """
    database = Database(settings.database_url, pool_size=2)
    try:
        bench = Bench(
            settings, database, clock, workshop or DialogueWorkshop(python=settings.dialogue_python)
        )
        row = bench.take(back=back, asked=asked)
        if row is None:
            return 0
        ended = bench.go_back(row) if row.is_back else bench.learn(row)
    except BackendError as error:
        raise PlainError(f"已经有一次训练在做了 (a training is running already: {error.reason})") from error
    finally:
        database.dispose()
    if as_json:
        write_json(ended)
    else:
        for line in _lines(ended):
            write_line(line)
    return 1 if ended["state"] == TrainingState.REFUSED else 0


class Bench:
    """One training from its beginning to its end."""

    def __init__(self, settings: CliSettings, database: Database, clock: Clock, workshop: Workshop) -> None:
        self._home = settings.home
        self._python = settings.dialogue_python
        self._database = database
        self._clock = clock
        self._workshop = workshop

    def take(self, *, back: bool, asked: bool) -> Training | None:
        """Take a training in hand: the one asked for at the console, or one that is asked for here."""
        now = self._clock.now()

        def work(session: Session) -> Training | None:
            if not asked:
                trainings.ask(session, is_back=back, actor=ACTOR, at=now)
            return trainings.take(session)

        return self._database.transact(work)

    def go_back(self, row: Training) -> dict[str, Any]:
        """Put the former model to use."""
        if not learned.go_back(self._home):
            self._end(row, TrainingState.FAILED, reasons=["现在用的就是原来的模型，没有可以退回的"])
            raise PlainError("现在用的就是原来的模型，没有可以退回的 (nothing learned is in use)")
        return self._end(row, TrainingState.BACK, model=_name(learned.chosen_model(self._home)))

    def learn(self, row: Training) -> dict[str, Any]:
        """Train a candidate, measure it beside the present model, and use it where it is no worse."""
        try:
            return self._learn(row)
        except PlainError as error:
            self._end(row, TrainingState.FAILED, reasons=[str(error)])
            raise
        except Exception as error:
            self._end(row, TrainingState.FAILED, reasons=[f"{type(error).__name__}: {error}"])
            raise

    def _learn(self, row: Training) -> dict[str, Any]:
        present = learned.chosen_model(self._home)
        if present is None:
            raise PlainError("还没有对话模型，请先运行 kangban train (no dialogue model yet)")
        with self._database.session() as session:
            found = service.examples(session)
        if not found:
            raise PlainError("没有审过的句子可以学 (no reviewed sentences to learn)")
        folder = learned.folder(self._home)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # elders' own words
        examples = folder / "examples.json"
        examples.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        candidate = folder / f"learned-{row.id:05d}-{_stamp(self._clock.now())}.tar.gz"
        trained = self._workshop.train(examples, candidate)
        if not trained["sentences"]:
            raise PlainError("审过的句子都是考题里的，不能学 (every reviewed sentence is held out)")
        rows = list(self._workshop.measure(examples, [present, candidate]))
        figures = side_by_side(rows, present=present.name, candidate=candidate.name)
        against = reasons_against(figures)
        if against:
            candidate.unlink(missing_ok=True)
            state = TrainingState.REFUSED
        else:
            learned.adopt(self._home, candidate)
            state = TrainingState.ADOPTED
        return self._end(
            row,
            state,
            sentences=int(trained["sentences"]),
            model=candidate.name,
            figures=figures,
            reasons=against,
        )

    def _end(self, row: Training, state: TrainingState, **about: Any) -> dict[str, Any]:
        now = self._clock.now()
        self._database.transact(lambda session: trainings.end(session, row.id, state, at=now, **about))
        return {"training": row.id, "state": str(state), **about}


def _lines(ended: dict[str, Any]) -> Iterator[str]:
    state = word_of(TrainingState, str(ended["state"]))
    yield f"{state.label} ({state}): {ended.get('model', '')}"
    for row in ended.get("figures", ()):
        yield (
            f"  {row['label']} {row['set']} ({row['rows']}): 现在 {row['present']:.1%}"
            f" → 新的 {row['candidate']:.1%}"
        )
    for reason in ended.get("reasons", ()):
        yield f"  {reason}"


def _stamp(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%S}"


def _name(path: Path | None) -> str:
    return path.name if path is not None else ""


def waiting(database: Database) -> bool:
    """Tell whether a training was asked for at the console and nobody has taken it in hand."""
    with database.session() as session:
        return any(row.state is TrainingState.ASKED for row in trainings.latest(session, limit=3))
