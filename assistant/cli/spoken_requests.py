"""Spoken requests for measuring: written sentences, said by several voices in several rooms. Synthetic."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.cli.settings import ROOT
from speech.decode import decode
from speech.models import Manner, Sound
from speech.phrase_cache import write_wav
from speech.ports import Speaker
from speech.room import ROOMS

FOLDER = ROOT / "tests" / "corpora" / "spoken"

VERSION = "2"
"""Changed when the same request is to be spoken in another way."""


@dataclass(frozen=True, kw_only=True)
class SpokenSet:
    """A table of requests and who says them.

    Attributes:
        table: the file.
        voices: voices of Kokoro.
        paces: how fast; elders speak slowly.
    """

    table: Path
    voices: Sequence[str]
    paces: Sequence[float]


SETS = {
    "dev": SpokenSet(
        table=FOLDER / "spoken_dev.yml",
        voices=("zf_xiaobei", "zf_xiaoyi", "zm_yunxi", "zm_yunyang"),
        paces=(1.0, 0.85, 0.75),
    ),
    "test": SpokenSet(
        table=FOLDER / "spoken_test.yml",
        voices=("zf_xiaoni", "zf_xiaoxiao", "zm_yunjian", "zm_yunxia"),
        paces=(1.05, 0.9, 0.8),
    ),
}
"""What is tuned on, and what is only measured: other sentences by another hand, other voices, other paces."""


@dataclass(frozen=True, kw_only=True)
class SpokenRequest:
    """One sentence as it is said.

    Attributes:
        text: the sentence.
        intent: what is meant.
        slots: what is said of it; times are compared with what the written sentence gives.
        voice: a voice of Kokoro.
        rate: its pace.
        room: a key of ROOMS.
        seed: of the room's noise.
    """

    text: str
    intent: str
    slots: dict[str, Any]
    voice: str
    rate: float
    room: str
    seed: int

    @property
    def file(self) -> str:
        """The name of its sound."""
        key = "\0".join((VERSION, self.text, self.voice, f"{self.rate}", self.room, f"{self.seed}"))
        return f"synthetic-{hashlib.sha256(key.encode()).hexdigest()[:20]}.wav"


def read_requests(spoken: SpokenSet, *, most: int | None = None) -> list[SpokenRequest]:
    """Return the requests, each with a voice, a pace and a room drawn by its number: always the same.

    With ``most`` they are taken evenly from the whole table.
    """
    rows = yaml.safe_load(spoken.table.read_text(encoding="utf-8"))
    rooms = list(ROOMS)
    made = []
    for number, row in enumerate(rows):
        chance = random.Random(number)  # noqa: S311 - no secret
        made.append(
            SpokenRequest(
                text=row["text"],
                intent=row["intent"],
                slots=row["slots"],
                voice=chance.choice(spoken.voices),
                rate=chance.choice(spoken.paces),
                room=chance.choice(rooms),
                seed=number,
            )
        )
    if most is None or most >= len(made):
        return made
    return [made[number * len(made) // most] for number in range(most)]


def speak_requests(
    requests: list[SpokenRequest], speaker: Speaker, folder: Path
) -> Iterator[tuple[SpokenRequest, Path]]:
    """Yield each request with its sound, made unless it is there. Raises SpeechError."""
    folder.mkdir(parents=True, exist_ok=True)
    for request in requests:
        path = folder / request.file
        if not path.exists():
            fresh = path.with_suffix(".part")
            write_wav(fresh, speaker.speak(request.text, Manner(rate=request.rate, voice=request.voice)))
            heard: Sound = ROOMS[request.room](decode(fresh), request.seed)
            write_wav(fresh, [heard])
            fresh.replace(path)
        yield request, path
