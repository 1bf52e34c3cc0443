"""Runs the `kangban` command as its users do: as a process of its own, on a home of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NOW = "2026-05-11T09:00:00+08:00"
START_S = 120.0
"""How long an app may take to start on a machine with other work, in seconds."""


def environment_for(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KANGBAN_")}
    return {**kept, "KANGBAN_HOME": str(home), "KANGBAN_NOW": NOW, **more}


def kangban(
    home: Path, *arguments: str, lines: str | bytes = "", timeout_s: float = 300, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments],
        cwd=ROOT,
        env=environment_for(home, **environment),
        input=lines.encode() if isinstance(lines, str) else lines,
        capture_output=True,
        timeout=timeout_s,
        check=False,
    )


def objects(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    """Return the JSON objects of a command that must have succeeded."""
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


@dataclass
class Town:
    """A `kangban up` process."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    port: int = 0
    dialogue: subprocess.Popen[bytes] | None = None
    """A dialogue process beside it, where the app does not look after its own."""

    def start(self, *, ready: bool = True, timeout_s: float = START_S, **environment: str) -> Town:
        with (self.home / "up.out").open("ab") as out, (self.home / "up.err").open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assistant.cli", "up", "--demo", "--port", str(self.port)],
                cwd=ROOT,
                env=environment_for(self.home, **self.environment, **environment),
                stdout=out,
                stderr=errors,
            )
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError((self.home / "up.err").read_text())
            record = self.record()
            if record.get("pid") == self.process.pid and (record.get("dialogue_url") or not ready):
                return self
            time.sleep(0.05)
        raise AssertionError("not ready in time: " + (self.home / "up.err").read_text())

    def record(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.home / "run" / "system.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        token = (self.home / "secrets" / "service").read_text()
        request = urllib.request.Request(
            f"{self.record()['app_url']}/api/v1{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def get(self, path: str) -> dict[str, Any]:
        status, answered = self.call("GET", path)
        assert status == 200, answered
        return answered

    def say(
        self, text: str, *, message_id: str, elder_id: str = "E0007", channel: str = "web"
    ) -> dict[str, Any]:
        status, answered = self.call(
            "POST",
            "/turns",
            {"elder_id": elder_id, "channel": channel, "message_id": message_id, "text": text},
        )
        assert status == 200, answered
        return answered

    def dies_of(self, text: str, *, message_id: str, elder_id: str = "E0007") -> None:
        """Say something to a process that has a fail point armed, and see it die."""
        assert self.process is not None
        try:
            self.say(text, message_id=message_id, elder_id=elder_id)
        except (OSError, ValueError):
            pass
        else:
            raise AssertionError("the process answered, and should have died")
        assert self.process.wait(30) == 137

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)
