"""How characters sound, and how far apart two sounds are to an ear used to Jiangnan Mandarin. Stdlib only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

SAME_SOUND = 0.1
"""Cost of another character of the same syllable: the commonest slip of a recogniser."""
SUBSTITUTION = 1.0
"""Cost of a syllable that has nothing in common with the one meant."""
SAME_HALF = 0.75
"""Cost of a syllable that shares only its initial or only its final with the one meant."""
INSERTION = 0.8
"""Cost of a syllable heard that the name does not have."""
FILLER = 0.15
"""Cost of a heard filler inside a name: 番茄 嗯 炒蛋."""
DELETION = 0.7
"""Cost of a syllable of the name that was not heard."""
LIGHT_DELETION = 0.4
"""Cost of an unheard word of cooking, which many leave out: 番茄（炒）蛋."""

# The confusions of Jiangnan speakers and of recognisers trained on others. Costs are hand-set within
# 0.2-0.35: a name of two characters survives one confusion, not two.
INITIAL_CONFUSIONS = {
    frozenset(("z", "zh")): 0.2,
    frozenset(("c", "ch")): 0.2,
    frozenset(("s", "sh")): 0.2,
    frozenset(("n", "l")): 0.25,
    frozenset(("f", "h")): 0.3,
    frozenset(("r", "l")): 0.35,
}
FINAL_CONFUSIONS = {
    frozenset(("an", "ang")): 0.25,
    frozenset(("ian", "iang")): 0.3,
    frozenset(("uan", "uang")): 0.25,
    frozenset(("en", "eng")): 0.2,
    frozenset(("in", "ing")): 0.2,
}

_INITIALS = (
    *("zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h"),
    *("j", "q", "x", "r", "z", "c", "s", "y", "w"),
)
_FILLERS = frozenset("的个了嗯呃啊哦额那只条份碗")
_LIGHT = frozenset("炒烧煮蒸炖拌的小")
_COLLAPSED_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l", "f": "h"}
_COLLAPSED_FINALS = {"ang": "an", "iang": "ian", "uang": "uan", "eng": "en", "ing": "in"}


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    first: dict[str, str] = {}
    also: dict[str, tuple[str, ...]] = {}
    for line in Path(__file__).with_name("pinyin.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        syllable, firsts, others = line.split("\t")
        for character in firsts:
            first[character] = syllable
        for character in others:
            also[character] = (*also.get(character, ()), syllable)
    return first, also


def syllable(character: str) -> str | None:
    """Return the first toneless reading of one character (ü written v), or None where it has none."""
    return _table()[0].get(character)


def readings(character: str) -> tuple[str, ...]:
    """Return every toneless reading of one character, the commonest first; empty where it has none."""
    first, also = _table()
    reading = first.get(character)
    return () if reading is None else (reading, *also.get(character, ()))


def syllables(text: str) -> tuple[str | None, ...]:
    """Return the toneless syllable of each character of ``text``; None where it is not a hanzi."""
    first = _table()[0]
    return tuple(first.get(character) for character in text)


@lru_cache(maxsize=1024)
def split(reading: str) -> tuple[str, str]:
    """Split a syllable into initial (may be empty) and final: ``zhuang`` → ``("zh", "uang")``."""
    for initial in _INITIALS:
        if reading.startswith(initial):
            return initial, reading[len(initial) :]
    return "", reading


@lru_cache(maxsize=1024)
def fuzzy_key(reading: str) -> str:
    """Return the key under which a syllable and those that it is confused with fall together.

    Coarser than `syllable_distance` (fan, huan and han share a key): it finds, the distance judges.
    """
    initial, final = split(reading)
    if initial in ("f", "h") and final.startswith("u") and len(final) > 1:
        # fan/huan, fei/hui, fen/hun: f stands for hu before another vowel.
        final = {"ui": "ei", "un": "en"}.get(final, final[1:])
    return _COLLAPSED_INITIALS.get(initial, initial) + _COLLAPSED_FINALS.get(final, final)


def sound_key(text: str) -> str:
    """Return a string of one code character per character of ``text``: equal for what sounds confusable.

    A character without a reading stands for itself.
    """
    codes = _codes()
    return "".join(codes.get(character, character) for character in text)


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    # The private use area: no character of a text can be taken for a code.
    numbers: dict[str, str] = {}
    codes = {}
    for character, reading in _table()[0].items():
        key = fuzzy_key(reading)
        codes[character] = numbers.setdefault(key, chr(0xE000 + len(numbers)))
    return codes


@lru_cache(maxsize=65536)
def syllable_distance(heard: str, meant: str) -> float:
    """Return the cost, 0..1, of hearing syllable ``heard`` where ``meant`` was said."""
    if heard == meant:
        return SAME_SOUND
    heard_initial, heard_final = split(heard)
    meant_initial, meant_final = split(meant)
    if {heard_initial, meant_initial} == {"f", "h"}:
        # The medial u belongs to the h of this pair: 饭 fan and 换 huan.
        heard_final, meant_final = _without_medial(heard_final), _without_medial(meant_final)
    initial = (
        0.0
        if heard_initial == meant_initial
        else _confusion(INITIAL_CONFUSIONS, heard_initial, meant_initial)
    )
    final = 0.0 if heard_final == meant_final else _confusion(FINAL_CONFUSIONS, heard_final, meant_final)
    if initial < SUBSTITUTION and final < SUBSTITUTION:
        return min(SAME_HALF, SAME_SOUND + initial + final)
    return SAME_HALF if min(initial, final) < SUBSTITUTION else SUBSTITUTION


def _without_medial(final: str) -> str:
    return {"ui": "ei", "un": "en"}.get(
        final, final[1:] if final.startswith("u") and len(final) > 1 else final
    )


def _confusion(costs: dict[frozenset[str], float], one: str, other: str) -> float:
    return costs.get(frozenset((one, other)), SUBSTITUTION)


@lru_cache(maxsize=65536)
def character_distance(heard: str, meant: str) -> float:
    """Return the cost, 0..1, of writing ``heard`` for ``meant``: 0 for the same, by sound otherwise."""
    if heard == meant:
        return 0.0
    return min(
        (syllable_distance(one, other) for one in readings(heard) for other in readings(meant)),
        default=SUBSTITUTION,
    )


def distance(heard: str, meant: str) -> float:
    """Return the least cost of hearing ``heard`` where ``meant`` was said (0 = the same).

    An alignment by substitutions, insertions and deletions with the costs named above; not
    symmetrical, since what is heard too much and what is not heard weigh differently.
    """
    if heard == meant:
        return 0.0
    if len(heard) == len(meant):
        straight = sum(character_distance(one, other) for one, other in zip(heard, meant))  # noqa: B905
        if straight <= DELETION:
            return straight
    row: list[float] = [0.0]
    for character in meant:
        row.append(row[-1] + (LIGHT_DELETION if character in _LIGHT else DELETION))
    for one in heard:
        row = _next_row(row, one, meant)
    return row[-1]


def _next_row(row: Sequence[float], heard: str, meant: str) -> list[float]:
    insertion = FILLER if heard in _FILLERS else INSERTION
    following = [row[0] + insertion]
    for position, character in enumerate(meant):
        deletion = LIGHT_DELETION if character in _LIGHT else DELETION
        following.append(
            min(
                row[position] + character_distance(heard, character),
                row[position + 1] + insertion,
                following[-1] + deletion,
            )
        )
    return following
