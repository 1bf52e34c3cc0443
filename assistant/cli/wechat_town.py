"""A town of its own for the WeChat simulator: an app that can be killed, beside a dialogue that lives on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from assistant.cli import home
from assistant.cli.api import Api
from assistant.cli.bounded_log import BoundedLog
from assistant.cli.errors import PlainError
from assistant.cli.running import APP_LIMIT_S, FOR_A_COMMAND, START_LIMIT_S, find_running
from assistant.cli.settings import CliSettings
from assistant.cli.supervisor import end, free_port, start_leashed


class WechatTown:
    """Starts, kills and starts again the app; starts, stops for a while and ends the dialogue.

    Call it from the main thread: the kernel ties the children to the thread that starts them.
    """

    def __init__(self, settings: CliSettings) -> None:
        """Use the home and database of ``settings``."""
        self._settings = settings
        self._port, self._dialogue_port = free_port(), free_port()
        self._app: subprocess.Popen[bytes] | None = None
        self._dialogue: subprocess.Popen[bytes] | None = None
        home.prepare_home(settings)
        self._secret = home.service_secret(settings)
        self._log = BoundedLog(settings.logs / "started.log")

    @property
    def api(self) -> Api:
        """The app's interface."""
        return Api(url=f"http://127.0.0.1:{self._port}", token=self._secret)

    def start(self, account: Mapping[str, str]) -> None:
        """Start the app with an official account, and the dialogue; return when both answer.

        Raises:
            PlainError: they do not.
        """
        self.launch(account)
        self._until(self.answers, APP_LIMIT_S, "the app")
        if self._dialogue is None:
            python = str(self._settings.dialogue_python)
            self._dialogue = start_leashed(
                [python, "-m", "assistant.dialogue.serve", "--port", str(self._dialogue_port)],
                environment=self._environment(),
                log=BoundedLog(self._settings.logs / "dialogue.log"),
            )
        self._until(lambda: bool(self.api.get("/health").get("dialogue")), START_LIMIT_S, "the dialogue")

    def launch(self, account: Mapping[str, str]) -> None:
        """Start the app with an official account, and do not wait for it."""
        command = [sys.executable, "-m", "assistant.cli", "up", "--demo", "--port", str(self._port)]
        self._app = start_leashed(
            command, environment=self._environment() | dict(account), log=self._log, signal_name="SIGTERM"
        )

    def answers(self) -> bool:
        """Tell whether the app that was started last answers.

        Raises:
            PlainError: it has ended.
        """
        if self._app is not None and self._app.poll() is not None:
            raise PlainError((self._log.last_lines(1) or ["康伴没有启动起来"])[0])
        record = home.read_run_file(self._settings)
        return (
            record is not None
            and self._app is not None
            and record.get("pid") == self._app.pid
            and find_running(self._settings) is not None
        )

    def kill(self) -> None:
        """Kill the app with all that it has in hand."""
        assert self._app is not None  # noqa: S101 - it was started
        self._app.kill()
        self._app.wait()

    def hold_dialogue(self) -> None:
        """Let the dialogue stand still."""
        assert self._dialogue is not None  # noqa: S101 - it was started
        os.kill(self._dialogue.pid, signal.SIGSTOP)

    def let_dialogue_go(self) -> None:
        """Let the dialogue go on."""
        assert self._dialogue is not None  # noqa: S101 - it was started
        os.kill(self._dialogue.pid, signal.SIGCONT)

    def stop_app(self) -> None:
        """End the app kindly."""
        if self._app is not None:
            end(self._app)
            self._app = None

    def stop(self) -> None:
        """End everything."""
        self.stop_app()
        if self._dialogue is not None:
            end(self._dialogue)
            self._dialogue = None

    def _until(self, holds: Callable[[], bool], limit_s: float, what: str) -> None:
        until = time.monotonic() + limit_s
        while not holds():
            if time.monotonic() > until:
                raise PlainError(f"康伴没有启动起来，请运行 kangban doctor ({what} did not start)")
            time.sleep(0.1)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KANGBAN_WECHAT")}
        return {
            **kept,
            "KANGBAN_HOME": str(self._settings.home),
            "KANGBAN_DATABASE_URL": self._settings.database_url,
            "KANGBAN_DIALOGUE_URL": f"http://127.0.0.1:{self._dialogue_port}",
            "KANGBAN_BACKEND_URL": f"http://127.0.0.1:{self._port}",
            "KANGBAN_SECRET_FILE": str(self._settings.service_secret_file),
            FOR_A_COMMAND: "1",
        }
