"""`kangban train`: the dialogue's own training, run in its environment."""

from __future__ import annotations

import os
import subprocess

from assistant.cli.errors import PlainError
from assistant.cli.settings import ROOT, CliSettings


def train(settings: CliSettings, *, force: bool) -> int:
    """Train where needed; return the exit status.

    Raises:
        PlainError: the dialogue environment is missing.
    """
    if not settings.dialogue_python.exists():
        raise PlainError(
            "还没有装对话环境，请运行 make setup"
            f" (the dialogue environment is missing: {settings.dialogue_python})"
        )
    command = [
        str(settings.dialogue_python),
        "-m",
        "assistant.dialogue.train",
        *(["--force"] if force else []),
    ]
    return subprocess.run(command, cwd=ROOT, env=dict(os.environ), check=False).returncode
