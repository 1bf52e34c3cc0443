"""A new model takes over without a silence: the old process serves until the new one is ready."""

from __future__ import annotations

import asyncio
import os
import sys
import urllib.request
from pathlib import Path

import pytest

from assistant.cli import supervisor
from assistant.cli.supervisor import DialogueSupervisor

SERVER = """#!{python}
import http.server, json, os, sys, time
model = open({model!r}).read()
if model == "broken":
    sys.exit(1)
time.sleep(0.3)
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({{"ready": True, "model": model}}).encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    def log_message(self, *about): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Health).serve_forever()
"""


def model_at(url: str | None) -> str:
    assert url is not None
    with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
        return str(answer.read())


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "HEALTHY_PAUSE_S", 0.1)
    monkeypatch.setattr(supervisor, "STARTING_PAUSE_S", 0.05)


def test_the_old_process_answers_until_the_new_one_does(tmp_path: Path, quick: None) -> None:
    model = tmp_path / "model"
    python = tmp_path / "python"
    python.write_text(SERVER.format(python=sys.executable, model=str(model)))
    python.chmod(0o700)
    model.write_text("first")
    addresses: list[str | None] = []

    async def live() -> None:
        watched: DialogueSupervisor = DialogueSupervisor(
            python=python,
            secret="s",
            environment=lambda: dict(os.environ),
            log_file=tmp_path / "log",
            has_model=lambda: True,
            tell=lambda _line: None,
            changed=lambda: addresses.append(watched.address()),
            model=model.read_text,
        )
        running = asyncio.create_task(watched.run())

        async def until_serves(name: str) -> None:
            for _ in range(200):
                await asyncio.sleep(0.05)
                if watched.address() and name in await asyncio.to_thread(model_at, watched.address()):
                    return
            raise AssertionError(f"{name} never served")

        await until_serves("first")
        old = watched.pid
        model.write_text("second")
        await until_serves("second")
        assert watched.pid != old
        model.write_text("broken")
        await asyncio.sleep(1.0)
        await until_serves("second")  # one that does not start changes nothing
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(live())
    assert len(addresses) == 3
    assert None not in addresses[:2]  # from the first to the second there was never nobody
    assert addresses[2] is None
