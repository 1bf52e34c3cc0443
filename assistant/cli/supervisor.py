"""Looks after the dialogue process: trains a missing model, starts it, and starts it again when it dies."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from assistant.cli.api import dialogue_is_ready
from assistant.cli.bounded_log import BoundedLog
from assistant.cli.settings import ROOT

FIRST_BACK_OFF_S, LONGEST_BACK_OFF_S = 0.5, 30.0
"""Pause before a dead dialogue process is started again, in seconds; doubled each time."""

STEADY_S = 60.0
"""After so many seconds of good service the pauses begin anew."""

START_LIMIT_S = 900.0
"""How long the model may take to load before the process is given up and started anew, in seconds.

Far beyond any honest start (25 s measured on an idle box): giving up a start that is only slow would begin it
again for ever. It is doubled each time it is reached.
"""

SILENCE_LIMIT_S = 45.0
"""How long a process that was ready may leave its health unanswered (twice the longest turn), in seconds."""

STARTING_PAUSE_S, HEALTHY_PAUSE_S = 0.5, 10.0
"""Pause between two looks at the process's health while it starts, and later, in seconds.

That it died is noticed at once; looking is only for one that hangs.
"""

ENDING_S = 5.0
"""How long a process is given to end by itself, in seconds."""


_Begun = tuple[str, "subprocess.Popen[bytes]"]
"""A process that was started, and where it answers."""


def leashed(command: list[str], *, signal_name: str = "SIGKILL") -> list[str]:
    """Return the command that runs ``command`` so that it dies with this process."""
    return [sys.executable, str(Path(__file__).with_name("leash.py")), signal_name, *command]


def start_leashed(
    command: list[str], *, environment: Mapping[str, str], log: BoundedLog, signal_name: str = "SIGKILL"
) -> subprocess.Popen[bytes]:
    """Start a child that dies with this process, its output in ``log``; call it from the main thread only.

    The kernel ties the child to the thread that started it.
    """
    process = subprocess.Popen(
        leashed(command, signal_name=signal_name),
        cwd=ROOT,
        env={**environment, "KANGBAN_LEASH_PARENT": str(os.getpid())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C reaches us alone; we end the child when we are done
    )
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    log.follow(process.stdout)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """End a child: kindly first, then surely."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(ENDING_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class DialogueSupervisor:
    """Runs the dialogue process; ``address`` says where it answers."""

    def __init__(
        self,
        *,
        python: Path,
        secret: str,
        environment: Callable[[], Mapping[str, str]],
        log_file: Path,
        has_model: Callable[[], bool],
        tell: Callable[[str], None],
        changed: Callable[[], None],
        model: Callable[[], object] = lambda: None,
    ) -> None:
        """Prepare; nothing is started before :meth:`run`.

        Args:
            python: the interpreter of the dialogue environment.
            secret: the shared secret, to ask for the process's health.
            environment: gives the child's environment at the moment of its start (the clock goes on).
            log_file: where the child's output goes.
            has_model: tells whether a model has been trained.
            tell: takes lines of progress.
            changed: is called when the process became ready, or is no longer.
            model: says which model is to be used now; where that changes, a process with the new one takes
                over as soon as it is ready, and the old one serves until then.
        """
        self._python = python
        self._secret = secret
        self._environment = environment
        self._log = BoundedLog(log_file)
        self._has_model = has_model
        self._tell = tell
        self._changed = changed
        self._model = model
        self._process: subprocess.Popen[bytes] | None = None
        self._ready_at: str | None = None
        self._start_limit_s = START_LIMIT_S

    def address(self) -> str | None:
        """Return the base URL of the process while it is ready."""
        return self._ready_at

    @property
    def pid(self) -> int | None:
        """The process's id."""
        return self._process.pid if self._process is not None else None

    async def run(self) -> None:
        """Keep the process running until cancelled."""
        back_off = FIRST_BACK_OFF_S
        successor: _Begun | None = None
        try:
            while True:
                if successor is None and not self._has_model() and not await self._train():
                    await asyncio.sleep(LONGEST_BACK_OFF_S)
                    continue
                begun = time.monotonic()
                successor = await self._serve_once(successor)
                if successor is not None:
                    continue
                if time.monotonic() - begun > STEADY_S:
                    back_off = FIRST_BACK_OFF_S
                self._tell(
                    f"对话进程停了，{back_off:g} 秒后重新启动，报警不受影响"
                    f" (the dialogue process ended; restarting in {back_off:g} s; alarms still work)"
                )
                await asyncio.sleep(back_off)
                back_off = min(back_off * 2, LONGEST_BACK_OFF_S)
        finally:
            self._set_ready(None)
            if self._process is not None:
                await asyncio.to_thread(end, self._process)

    async def _train(self) -> bool:
        self._tell(
            "还没有对话模型，现在训练，大约一两分钟 (no dialogue model yet: training it, a minute or two) …"
        )
        self._process = self._start("assistant.dialogue.train")
        status = await asyncio.to_thread(self._process.wait)
        if status == 0 and self._has_model():
            return True
        reason = " / ".join(self._log.last_lines())
        self._tell(f"模型没有训练成，请运行 kangban doctor (training failed; run `kangban doctor`): {reason}")
        return False

    async def _serve_once(self, begun: _Begun | None = None) -> _Begun | None:
        """Serve with one process until it ends; return the one that takes over, None where none does."""
        model = self._model()
        url, process = begun or self._begin()
        self._process = process
        ended = asyncio.ensure_future(asyncio.to_thread(process.wait))
        heard = time.monotonic()
        limit = self._start_limit_s
        while not ended.done():
            if await asyncio.to_thread(dialogue_is_ready, url, self._secret):
                heard, limit = time.monotonic(), SILENCE_LIMIT_S
                self._set_ready(url)
            elif time.monotonic() - heard > limit:
                if limit == self._start_limit_s:
                    self._start_limit_s *= 2
                self._tell("对话进程不答话，重新启动它 (the dialogue process hangs; restarting it)")
                await asyncio.to_thread(end, process)
                break
            await asyncio.wait({ended}, timeout=HEALTHY_PAUSE_S if self._ready_at else STARTING_PAUSE_S)
            if self._ready_at is not None and self._model() != model:
                model = self._model()  # one that does not start is not tried again
                following = await self._successor()
                if following is not None:
                    self._set_ready(following[0])
                    await asyncio.to_thread(end, process)
                    return following
        self._set_ready(None)
        return None

    def _begin(self) -> _Begun:
        port = free_port()
        return f"http://127.0.0.1:{port}", self._start("assistant.dialogue.serve", "--port", str(port))

    async def _successor(self) -> _Begun | None:
        """Start a process with the model of now and wait for it; None where it does not become ready."""
        self._tell("换用新的对话模型 (a new dialogue model takes over) …")
        url, process = self._begin()
        until = time.monotonic() + self._start_limit_s
        try:
            while process.poll() is None and time.monotonic() < until:
                if await asyncio.to_thread(dialogue_is_ready, url, self._secret):
                    return url, process
                await asyncio.sleep(STARTING_PAUSE_S)
        except asyncio.CancelledError:
            end(process)
            raise
        await asyncio.to_thread(end, process)
        self._tell("新的对话模型起不来，照旧用原来的 (the new model does not start; the old one stays)")
        return None

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        return start_leashed(
            [str(self._python), "-m", module, *arguments], environment=self._environment(), log=self._log
        )

    def _set_ready(self, address: str | None) -> None:
        if address != self._ready_at:
            self._ready_at = address
            with suppress(OSError):
                self._changed()


class DialogueElsewhere:
    """A dialogue process that somebody else looks after (``KANGBAN_DIALOGUE_URL``)."""

    pid: int | None = None

    def __init__(self, url: str, *, secret: str, changed: Callable[[], None]) -> None:
        self._url = url
        self._secret = secret
        self._changed = changed
        self._ready = False

    def address(self) -> str | None:
        """Return the base URL while the process is ready."""
        return self._url if self._ready else None

    async def run(self) -> None:
        """Keep looking whether it is ready, until cancelled."""
        while True:
            ready = await asyncio.to_thread(dialogue_is_ready, self._url, self._secret)
            if ready != self._ready:
                self._ready = ready
                self._changed()
            await asyncio.sleep(2.0 if ready else 0.5)
