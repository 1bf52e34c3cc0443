"""Where the dialogue process finds its model, its secret and the backend."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parent
"""The Rasa project: config, domain, endpoints."""
ROOT = PROJECT.parents[1]
"""The checkout: `data/dialogues` and `models` lie here, as Rasa's commands expect."""
DATA = ROOT / "data" / "dialogues"
MODELS = ROOT / "models"


@dataclass(frozen=True)
class DialogueSettings:
    """Settings of one dialogue process, from its environment."""

    home: Path
    secret: str
    backend_url: str
    model: Path | None
    tracker_url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> DialogueSettings:
        """Read KANGBAN_HOME, KANGBAN_SECRET_FILE, KANGBAN_BACKEND_URL, KANGBAN_MODEL, KANGBAN_DATABASE_URL.

        Raises:
            OSError: the secret file cannot be read.
        """
        home = Path(environment.get("KANGBAN_HOME", "var"))
        secret_file = Path(environment.get("KANGBAN_SECRET_FILE", home / "secrets" / "service"))
        database = environment.get("KANGBAN_DATABASE_URL", "")
        model = environment.get("KANGBAN_MODEL")
        return cls(
            home=home,
            secret=secret_file.read_text(encoding="utf-8").strip(),
            backend_url=environment.get("KANGBAN_BACKEND_URL", "http://127.0.0.1:8000"),
            model=Path(model) if model else None,
            tracker_url=database if database.startswith("postgresql") else str(home / "dialogue.sqlite3"),
        )
