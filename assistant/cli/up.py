"""`kangban up`: everything in one place, the alarm path first, until Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from types import FrameType
from typing import Protocol

import uvicorn

from assistant.cli import accounts, home, town, train_gated
from assistant.cli.bounded_log import BoundedLog
from assistant.cli.engine import keep_promises
from assistant.cli.errors import PlainError
from assistant.cli.lines import tell, write_line
from assistant.cli.running import FOR_A_COMMAND
from assistant.cli.settings import CliSettings
from assistant.cli.supervisor import DialogueElsewhere, DialogueSupervisor, start_leashed
from assistant.cli.wiring import (
    System,
    build_system,
    enter_spooled_alarms,
    failpoints_of,
    let_go_of_unfinished_turns,
)
from assistant.dialogue.learned import chosen_model, learned_model
from assistant.dialogue.model import model_path, newest_model
from backend.clock import SystemClock

log = logging.getLogger(__name__)

THREADS = 40
"""Threads for the gateway's calls of the database: as many as its connections, so that no alarm queues."""

TICK_S = 1.0
"""Pause between two ticks of the server, in seconds."""

SPOOL_PAUSE_S = 15.0
"""Pause between two looks whether alarms wait to be entered in the book, in seconds."""

ASKED_PAUSE_S = 5.0
"""Pause between two looks whether a training is asked for, in seconds."""

EXTEND_PAUSE_S = 3600.0
"""Pause between two looks whether a demo town lacks menus for the coming days, in seconds."""

SHUTDOWN_S = 5
"""How long running calls are given at the end, in seconds."""


class _Dialogue(Protocol):
    @property
    def pid(self) -> int | None: ...

    def address(self) -> str | None: ...

    async def run(self) -> None: ...


def up(settings: CliSettings, *, host: str, port: int, demo: bool) -> None:
    """Run the system until SIGINT or SIGTERM.

    Raises:
        PlainError: it cannot be started, and what to do about it.
    """
    try:
        failpoints_of(settings.failpoint)
    except ValueError as error:
        raise PlainError(f"KANGBAN_FAILPOINT: {error}", status=2) from error
    home.prepare_home(settings)
    with home.sole_owner(settings), _listener(host, port) as listener:
        _log_to(settings)
        secret = home.service_secret(settings)
        clock = SystemClock.starting_at(settings.now)
        town.migrate(settings)
        if demo and town.seed_demo(settings, clock=clock):
            tell("示范镇的资料放好了 (the demo town is seeded)")
        if not os.environ.get(FOR_A_COMMAND):  # its password would be printed where nobody looks
            accounts.first_accounts(settings, clock=clock)
        running = Running(settings, clock=clock, secret=secret, listener=listener, host=host)
        try:
            asyncio.run(running.serve())
        finally:
            home.remove_run_file(settings)


class QuietServer(uvicorn.Server):
    """A server that wakes up once a second instead of ten times: a small box sleeps when nobody speaks."""

    async def main_loop(self) -> None:
        """Wait until told to exit; the tick keeps the Date header right."""
        self._loop = asyncio.get_running_loop()
        self._told = asyncio.Event()
        while not await self.on_tick(0):
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._told.wait(), TICK_S)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal, and do not sleep over it."""
        super().handle_exit(sig, frame)
        if hasattr(self, "_told"):
            self._loop.call_soon_threadsafe(self._told.set)


class Running:
    """A system that runs."""

    def __init__(
        self, settings: CliSettings, *, clock: SystemClock, secret: str, listener: socket.socket, host: str
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._listener = listener
        name = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - compared, not bound
        self._url = f"http://{name}:{listener.getsockname()[1]}"
        self._dialogue: _Dialogue = self._make_dialogue(secret)
        self._system: System = build_system(
            settings, clock=clock, secret=secret, dialogue_address=self._dialogue.address
        )
        self._announced = False

    async def serve(self) -> None:
        """Serve until told to stop, then end the children."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "gateway"))
        let_go_of_unfinished_turns(self._system.database)
        server = QuietServer(
            uvicorn.Config(
                self._system.app,
                log_config=None,
                access_log=False,  # addresses carry elders' ids
                timeout_graceful_shutdown=SHUTDOWN_S,
            )
        )
        # uvicorn raises the signal again when it has stopped; these keep that from killing us before the
        # children are ended.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _ignore)
        serving = asyncio.create_task(server.serve(sockets=[self._listener]))
        helpers: list[asyncio.Task[None]] = []
        try:
            while not server.started and not serving.done():
                await asyncio.sleep(0.05)
            if not serving.done():
                self._write_run_file()
                tell(
                    f"应用已启动：{self._url}，报警已经管用；正在启动对话，请稍等"
                    " (the app is up and takes alarms; starting the dialogue) …"
                )
                helpers = [
                    asyncio.create_task(work)
                    for work in (
                        self._dialogue.run(),
                        self._enter_spooled(),
                        self._extend_demo(),
                        self._train_when_asked(),
                        keep_promises(self._system.workers, self._system.database, self._clock),
                    )
                ]
                for helper in helpers:
                    helper.add_done_callback(_log_failure)
            await serving
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    def _make_dialogue(self, secret: str) -> _Dialogue:
        settings = self._settings
        if settings.dialogue_url is not None:
            return DialogueElsewhere(settings.dialogue_url, secret=secret, changed=self._changed)
        if not settings.dialogue_python.exists():
            raise PlainError(
                "还没有装对话环境，请运行 make setup"
                f" (the dialogue environment is missing: {settings.dialogue_python})"
            )
        model, right = newest_model(), model_path()
        if (
            model is not None
            and model != right
            and learned_model(settings.home) is None
            and "KANGBAN_MODEL" not in os.environ
        ):
            tell(
                "对话模型比训练资料旧，先用着；有空请运行 kangban train"
                " (the dialogue model is older than its sources; run `kangban train` when convenient)"
            )
        return DialogueSupervisor(
            python=settings.dialogue_python,
            secret=secret,
            environment=self._child_environment,
            log_file=settings.logs / "dialogue.log",
            has_model=lambda: bool(os.environ.get("KANGBAN_MODEL")) or newest_model() is not None,
            tell=tell,
            changed=self._changed,
            model=lambda: chosen_model(settings.home),
        )

    def _child_environment(self) -> dict[str, str]:
        settings = self._settings
        environment = {
            **os.environ,
            "KANGBAN_HOME": str(settings.home),
            "KANGBAN_SECRET_FILE": str(settings.service_secret_file),
            "KANGBAN_BACKEND_URL": self._url,
            "KANGBAN_DATABASE_URL": settings.database_url,
            "PYTHONUNBUFFERED": "1",
        }
        if settings.now is not None:
            # The child's clock starts where ours stands now, not where it stood when we began.
            environment["KANGBAN_NOW"] = self._clock.now().isoformat()
        return environment

    def _changed(self) -> None:
        self._write_run_file()
        if self._dialogue.address() is not None and not self._announced:
            self._announced = True
            self._announce()

    def _write_run_file(self) -> None:
        home.write_run_file(
            self._settings,
            {
                "app_url": self._url,
                "dialogue_url": self._dialogue.address(),
                "pid": os.getpid(),
                "dialogue_pid": self._dialogue.pid,
            },
        )

    def _announce(self) -> None:
        elder = town.first_elder(self._system.database)
        if elder is None:
            tell("镇里还没有人；想先试试，用 kangban up --demo (nobody is registered; try --demo)")
        write_line("康伴启动好了 (Kangban is ready)")
        write_line(f"  管理台 console     {self._url}/console")
        write_line(f"  聊天页 chat page   {self._url}/chat")
        write_line(f"  接口文档 API docs  {self._url}/docs")
        write_line(f"  聊天 chat          kangban chat --elder {elder or 'ID'}")
        write_line(f"  日志 logs          {self._settings.logs}")
        write_line("  停止 stop          Ctrl-C")

    async def _enter_spooled(self) -> None:
        while True:
            try:
                entered = await asyncio.to_thread(enter_spooled_alarms, self._system)
                if entered:
                    log.warning("%d alarm(s) kept aside were entered in the book", entered)
            except Exception:
                log.exception("alarms that were kept aside cannot be entered yet")
            await asyncio.sleep(SPOOL_PAUSE_S)

    async def _train_when_asked(self) -> None:
        """Do the trainings that are asked for at the console, each in a process of its own."""
        trainer = BoundedLog(self._settings.logs / "training.log")
        while True:
            await asyncio.sleep(ASKED_PAUSE_S)
            try:
                if await asyncio.to_thread(train_gated.waiting, self._system.database):
                    command = [sys.executable, "-m", "assistant.cli", "train", "--gated", "--asked"]
                    child = start_leashed(command, environment=self._child_environment(), log=trainer)
                    await asyncio.to_thread(child.wait)
            except Exception:
                log.exception("a training that was asked for could not be begun")

    async def _extend_demo(self) -> None:
        while True:
            try:
                await asyncio.to_thread(town.extend_demo, self._system.database, clock=self._clock)
            except Exception:
                log.exception("the demo town's coming days could not be added")
            await asyncio.sleep(EXTEND_PAUSE_S)


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        raise PlainError(
            f"端口 {port} 用不了（多半有别的程序占着），请换一个：kangban up --port {port % 65535 + 1}"
            f" (port {port} cannot be used: {getattr(error, 'strerror', None) or error})"
        ) from error
    return listener


def _log_to(settings: CliSettings) -> None:
    handler = RotatingFileHandler(
        settings.logs / "app.log", maxBytes=2_000_000, backupCount=2, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(os.environ.get("KANGBAN_LOG_LEVEL", "INFO"))
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    logging.getLogger("httpcore2").setLevel(logging.WARNING)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("a part of the system stopped", exc_info=task.exception())


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Take a signal without dying of it."""
