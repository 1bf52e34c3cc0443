"""`kangban bench kills`: a day of promises, killed (kill -9) at every fail point, comes to the same end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import create_engine, text

from assistant.cli.drill import START, Drill, Passed, mails_sent_twice, outcome
from assistant.cli.errors import PlainError
from assistant.cli.lines import tell, write_json, write_line
from assistant.cli.settings import CliSettings
from backend import rooms
from backend.database import Database
from backend.demo.seeding import seed
from backend.failpoints import NAMES, FailPoints

AT_MOST = 40
"""How often one day may be killed at random before it has to come to its end."""


@dataclass(frozen=True, kw_only=True)
class Towns:
    """Makes databases with the demo town of the drill's day in them; each is used once."""

    name: str
    fresh: Callable[[Path], str]


@contextmanager
def sqlite_towns() -> Iterator[Towns]:
    """Make SQLite files."""
    with tempfile.TemporaryDirectory(prefix="kangban-kills-") as folder:
        template = Path(folder) / "template.db"
        fill(f"sqlite:///{template}")

        def fresh(day: Path) -> str:
            shutil.copy(template, day / "kangban.db")
            return f"sqlite:///{day / 'kangban.db'}"

        yield Towns(name="sqlite", fresh=fresh)


@contextmanager
def postgresql_towns(url: str) -> Iterator[Towns]:
    """Make PostgreSQL databases on the server of ``url``, by whose account databases can be created."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def create(template: str | None) -> str:
        name = f"kangban_kills_{os.getpid()}_{len(made)}"
        copy = f' TEMPLATE "{template}"' if template else ""
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"{copy}'))
        made.append(name)
        return name

    def url_of(name: str) -> str:
        return engine.url.set(database=name).render_as_string(hide_password=False)

    try:
        first = create(None)
        fill(url_of(first))
        yield Towns(name="postgresql", fresh=lambda _day: url_of(create(first)))
    finally:
        with engine.connect() as connection:
            for name in made:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        engine.dispose()


def fill(url: str) -> None:
    """Create the tables and seed the town."""
    rooms.load_models()
    database = Database(url, pool_size=1)
    database.create_all()
    seed(database, now=START)
    database.dispose()


def live(
    url: str, folder: Path, points: FailPoints | None = None, *, kill_after_s: float | None = None
) -> bool:
    """Live (on) the day in a process of its own; return whether it came to its end or was killed.

    Args:
        url: the database.
        folder: what outlives the process.
        points: where it dies.
        kill_after_s: kill it from outside after so many seconds.

    Raises:
        RuntimeError: it ended otherwise; a drill that fails by itself proves nothing.
    """
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            Drill(url, folder, points).run()
            code = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)
    status = _wait(pid, kill_after_s)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return False
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError("the drill failed by itself; its error stands above")
    return True


def _wait(pid: int, kill_after_s: float | None) -> int:
    deadline = None if kill_after_s is None else time.monotonic() + kill_after_s
    while deadline is not None:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        if time.monotonic() >= deadline:
            os.kill(pid, signal.SIGKILL)
            break
        time.sleep(0.005)
    return os.waitpid(pid, 0)[1]


def undisturbed(towns: Towns) -> tuple[dict[str, Any], list[str]]:
    """Live the day once without any kill; return what it comes to and the points it passes, in order."""
    with tempfile.TemporaryDirectory() as name:
        day = Path(name)
        url = towns.fresh(day)
        passed = Passed()
        Drill(url, day, passed).run()
        return outcome(url, day), passed.names


def in_turn(towns: Towns, names: list[str]) -> tuple[dict[str, Any], int]:
    """Live one day that is killed at every point in turn; return what it comes to, and how many kills.

    The points come in the order in which each is passed for the last time, so that all are still to come.
    """
    last = {name: number for number, name in enumerate(names)}
    with tempfile.TemporaryDirectory() as folder:
        day = Path(folder)
        url = towns.fresh(day)
        killed = sum(not live(url, day, FailPoints(name)) for name in sorted(last, key=last.__getitem__))
        while not live(url, day):
            pass
        return outcome(url, day), killed


def at_point(towns: Towns, name: str, passing: int) -> tuple[dict[str, Any], int] | None:
    """Live a day that is killed at one passing of a point; None where it is not passed so often."""
    with tempfile.TemporaryDirectory() as folder:
        day = Path(folder)
        url = towns.fresh(day)
        if live(url, day, FailPoints(name, passing=passing)):
            return None
        live(url, day)
        return outcome(url, day), mails_sent_twice(day)


def at_random(towns: Towns, random: Random, *, longest_s: float) -> tuple[dict[str, Any], int]:
    """Live a day that is killed at random moments; return what it comes to, and the number of kills."""
    with tempfile.TemporaryDirectory() as folder:
        day = Path(folder)
        url = towns.fresh(day)
        kills = 0
        while kills < AT_MOST and not live(url, day, kill_after_s=random.uniform(0.05, longest_s)):
            kills += 1
        live(url, day)
        return outcome(url, day), kills


def bench_kills(
    settings: CliSettings, *, passings: int, random: int, postgresql: str | None, as_json: bool
) -> None:
    """Kill days at every point on both databases, and print how many came to the right end.

    Raises:
        PlainError: a day came to another end.
    """
    samples: list[dict[str, Any]] = []
    with sqlite_towns() as towns:
        samples += _bench(towns, passings=passings, random=random)
    if postgresql:
        with postgresql_towns(postgresql) as towns:
            samples += _bench(towns, passings=passings, random=random)
    settings.home.mkdir(parents=True, exist_ok=True)
    file = settings.home / "bench-kills.jsonl"
    file.write_text("".join(json.dumps(sample) + "\n" for sample in samples), encoding="utf-8")
    wrong = [sample for sample in samples if not sample["same"]]
    summary = {
        "bench": "kills",
        "points": len(NAMES),
        "days": len(samples),
        "kills": sum(sample["kills"] for sample in samples),
        "another_end": len(wrong),
        "mails_sent_twice": sum(sample["mails_twice"] for sample in samples),
        "samples": str(file),
    }
    if as_json:
        write_json(summary)
    else:
        for key, value in summary.items():
            write_line(f"{key}: {value}")
    if wrong:
        raise PlainError(f"有 {len(wrong)} 天的结果不对，请看 {file} ({len(wrong)} days came to another end)")


def _bench(towns: Towns, *, passings: int, random: int) -> list[dict[str, Any]]:
    expected, passed = undisturbed(towns)
    missing = set(NAMES) - set(passed)
    if missing:
        raise PlainError(f"these points are never passed: {', '.join(sorted(missing))}")
    samples: list[dict[str, Any]] = []

    def keep(name: str, found: dict[str, Any], kills: int, twice: int) -> None:
        wrong = sorted(key for key in expected if found[key] != expected[key])
        samples.append(
            {
                "database": towns.name, "point": name, "kills": kills, "same": not wrong, "wrong": wrong,
                "mails_twice": twice,
            }
        )  # fmt: skip
        if wrong:
            tell(f"{towns.name} {name}: {wrong}")

    for name in NAMES:
        for passing in range(1, passings + 1):
            drilled = at_point(towns, name, passing)
            if drilled is None:
                break
            keep(f"{name}#{passing}", drilled[0], 1, drilled[1])
    dice = Random(20261123)  # noqa: S311 - moments of a drill, no secret
    for number in range(random):
        found, kills = at_random(towns, dice, longest_s=1.5)
        keep(f"random#{number}", found, kills, 0)
    return samples
