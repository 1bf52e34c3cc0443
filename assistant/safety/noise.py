"""Noise as recognisers, keyboards and halting speech make it, to measure and to teach the guard with."""

from __future__ import annotations

from functools import cache
from random import Random

from assistant.safety.sounds import SYLLABLES

KINDS = ("homophone", "dropped", "doubled", "filler")
FILLERS = ("那个", "嗯", "这个", "啊", "就是", "呃", "哎")


@cache
def _alike() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in SYLLABLES.split("\n"):
        characters = line.partition(" ")[2]
        table.update({c: characters.replace(c, "") for c in characters if len(characters) > 1})
    return table


def noisy(text: str, kind: str, share: float, chance: Random) -> str:
    """Return ``text`` with about ``share`` of its characters misheard, dropped, doubled, or after a filler.

    Raises:
        ValueError: no such kind.
    """
    alike = _alike()
    out = []
    for character in text:
        if chance.random() >= share:
            out.append(character)
        elif kind == "homophone":
            out.append(chance.choice(alike[character]) if character in alike else character)
        elif kind == "doubled":
            out.append(character * 2)
        elif kind == "filler":
            out.append(chance.choice(FILLERS) + character)
        elif kind != "dropped":
            raise ValueError(f"no such noise: {kind}")
    return "".join(out)
