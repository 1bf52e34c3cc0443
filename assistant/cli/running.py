"""Finds the running system, or starts one for the duration of a command."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from assistant.cli import home
from assistant.cli.api import Api, ApiProblem, ApiUnreachable
from assistant.cli.bounded_log import BoundedLog
from assistant.cli.errors import PlainError
from assistant.cli.lines import tell
from assistant.cli.settings import CliSettings
from assistant.cli.supervisor import end, start_leashed

START_LIMIT_S = 1800.0
"""Longest wait for a system that we start, in seconds: on a busy box the first model takes long to train."""

PATIENCE_S = 120.0
"""How long a command waits for the dialogue of a system that runs already, in seconds."""

APP_LIMIT_S = 120.0
"""Longest wait for the app alone, in seconds."""


FOR_A_COMMAND = "KANGBAN_FOR_A_COMMAND"
"""Set in a system that a command starts for itself: it makes no accounts; nobody would see the passwords."""


def find_running(settings: CliSettings) -> Api | None:
    """Return the system that runs on this home, or None; a stale run file is seen through."""
    record = home.read_run_file(settings)
    if record is None or not home.is_alive(record.get("pid")):
        return None
    api = Api(url=str(record["app_url"]), token=home.service_secret(settings))
    try:
        api.get("/health", timeout_s=5.0)
    except (ApiProblem, ApiUnreachable):
        return None
    return api


def has_town(settings: CliSettings) -> bool:
    """Return whether there is a database to work with."""
    file = settings.database_file
    return file is None or file.exists()


@contextmanager
def system(settings: CliSettings, *, demo_if_empty: bool = False) -> Iterator[Api]:
    """Give the running system, or one that is started now and ended afterwards.

    Args:
        settings: the command's settings.
        demo_if_empty: where the home has no database, use a temporary home with the demo town.

    Raises:
        PlainError: there is no town, or the system does not start.
    """
    found = find_running(settings)
    if found is not None:
        _wait_for_dialogue_there(found)
        yield found
    elif has_town(settings):
        with started(settings, demo=False) as api:
            yield api
    elif demo_if_empty:
        with temporary_town(settings) as api:
            yield api
    else:
        raise PlainError(
            f"{settings.home} 里还没有镇的资料，请先运行 kangban up --demo"
            " (there is no town data yet; run `kangban up --demo` first)"
        )


@contextmanager
def temporary_town(settings: CliSettings) -> Iterator[Api]:
    """Give a demo town of its own, which leaves nothing behind."""
    with temporary_home(settings) as lent, started(lent, demo=True) as api:
        yield api


@contextmanager
def temporary_home(settings: CliSettings) -> Iterator[CliSettings]:
    """Give settings whose home and database are of their own, and are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="kangban-") as folder:
        tell("没有正在用的镇，临时用示范镇 (no town here: using a temporary demo town)")
        yield replace(settings, home=Path(folder), database_url=f"sqlite:///{Path(folder) / 'kangban.db'}")


@contextmanager
def started(settings: CliSettings, *, demo: bool) -> Iterator[Api]:
    """Give a system on the home of ``settings`` that runs for as long as it is used.

    Raises:
        PlainError: it does not start.
    """
    tell("正在启动康伴，稍等 (starting Kangban for this command) …")
    home.prepare_home(settings)
    log = BoundedLog(settings.logs / "started.log")
    environment = {
        **os.environ,
        "KANGBAN_HOME": str(settings.home),
        "KANGBAN_DATABASE_URL": settings.database_url,
        **({"KANGBAN_NOW": settings.now} if settings.now else {}),
        FOR_A_COMMAND: "1",
    }
    command = [sys.executable, "-m", "assistant.cli", "up", "--port", "0", *(["--demo"] if demo else [])]
    process = start_leashed(command, environment=environment, log=log, signal_name="SIGTERM")
    try:
        api = _wait_for_app(settings, process, log)
        _wait_for_dialogue(api, process)
        yield api
    finally:
        end(process)


def _wait_for_app(settings: CliSettings, process: subprocess.Popen[bytes], log: BoundedLog) -> Api:
    until = time.monotonic() + APP_LIMIT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            time.sleep(0.2)  # the log's thread has the last words
            raise PlainError((log.last_lines(1) or ["康伴没有启动起来，请运行 kangban doctor"])[0])
        record = home.read_run_file(settings)
        if record is not None and record.get("pid") == process.pid:
            found = find_running(settings)
            if found is not None:
                return found
        time.sleep(0.1)
    raise PlainError("康伴没有启动起来，请运行 kangban doctor (Kangban did not start; run `kangban doctor`)")


def _wait_for_dialogue(api: Api, process: subprocess.Popen[bytes]) -> None:
    told = False
    until = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until and process.poll() is None:
        if _has_dialogue(api):
            return
        if not told:
            told = True
            tell("对话还在启动 (waiting for the dialogue) …")
        time.sleep(0.2)
    raise PlainError(
        "对话没有启动起来，请运行 kangban doctor (the dialogue did not start; run `kangban doctor`)"
    )


def _wait_for_dialogue_there(api: Api) -> None:
    """Wait for the dialogue of a system that runs; go on without it after a while: alarms still work."""
    until = time.monotonic() + PATIENCE_S
    if not _has_dialogue(api):
        tell("对话还在启动 (waiting for the dialogue) …")
    while not _has_dialogue(api):
        if time.monotonic() > until:
            tell("对话还没好，报警照样管用 (the dialogue is not ready; alarms work all the same)")
            return
        time.sleep(0.2)


def _has_dialogue(api: Api) -> bool:
    try:
        return bool(api.get("/health", timeout_s=5.0).get("dialogue"))
    except (ApiProblem, ApiUnreachable):
        return False
