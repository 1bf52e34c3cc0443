"""Scenes: two or three ideas close together, in any order, that make an emergency whatever the wording.

The phrase rules of the lexicon know how things are usually said; a scene also hears what nobody wrote down
(「疼，这里疼，胸口」, 「血…手上…止不住」). Each idea is searched by character and by sound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

from assistant.safety.concepts import CONCEPTS
from assistant.safety.openings import openings
from assistant.safety.rules import expand
from assistant.safety.sounds import SOUND_OF
from assistant.vocabulary import Emergency

_TAKEN_BACK = re.compile(
    r"(?:不|没有?|没什么|没啥|未|勿|别|无|从不)(?:再|什么|怎么|太|那么|觉得|感到|会|是|被|发|有)?$"
)
_NO_DENIAL = re.compile(r"(?:是不是|有没有|要不要|不小心|不知道?|止不|忍不|受不|[起站爬坐]不)\S?$")


@dataclass(frozen=True)
class Concept:
    """An idea: its words as patterns, by character and by sound."""

    name: str

    @cached_property
    def exact(self) -> re.Pattern[str]:
        """Its words by character."""
        return re.compile(expand(CONCEPTS[self.name]))

    @cached_property
    def by_sound(self) -> re.Pattern[str]:
        """Its words by sound."""
        return re.compile(expand(CONCEPTS[self.name]).translate(SOUND_OF))

    @cached_property
    def openings(self) -> frozenset[str] | None:
        """One of these is in a text that has the idea by character; None: no telling."""
        return openings(self.exact.pattern)

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters that its words name; any other one in a match was a homophone."""
        return frozenset(expand(CONCEPTS[self.name]))

    def denied(self, text: str, start: int) -> bool:
        """Return whether the words at ``start`` are taken back by a negation right before them."""
        if not self.name.startswith("!"):
            return False
        before = text[max(0, start - 5) : start]
        return bool(_TAKEN_BACK.search(before)) and not _NO_DENIAL.search(before)


@dataclass(frozen=True)
class Scene:
    """Ideas that make an emergency when they stand together.

    Attributes:
        category: the emergency.
        parts: names of concepts, in any order, no two of them overlapping.
        within: how many characters may lie between them, in all.
        confidence: 0..1, of an exact match.
        state: see ``Rule``.
        mild: see ``Rule``.
        unless: words that make the scene an everyday one.
        sound: whether homophones count too.
    """

    category: Emergency
    parts: tuple[str, ...]
    within: int
    confidence: float = 0.8
    state: bool = False
    mild: bool = False
    unless: str = ""
    sound: bool = True

    @cached_property
    def everyday(self) -> re.Pattern[str] | None:
        """The pattern of ``unless``."""
        return re.compile(self.unless) if self.unless else None


@cache
def concept(name: str) -> Concept:
    """Return the concept of that name."""
    return Concept(name)
