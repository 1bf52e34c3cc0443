"""Where the ideas of the scenes are in a text, and where they meet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from assistant.safety.homophones import allowed, substituted
from assistant.safety.scenes import Scene, concept

MAX_SPOTS = 8
"""Places of one idea that are looked at; only hostile input has more."""

Spot = tuple[int, int, int]
"""Start, end, and how many characters only sounded right."""


class Spotter:
    """Finds ideas in one text; each is searched once, when a scene first asks for it."""

    def __init__(self, masked: str, sounding: str) -> None:
        self._masked = masked
        self._sounding = sounding
        self._characters = frozenset(masked)
        self._exact: dict[str, list[Spot]] = {}
        self._all: dict[str, list[Spot]] = {}

    def possible(self, scene: Scene) -> bool:
        """Return whether at most one idea of ``scene`` is not there by character; quick."""
        missing = 0
        for name in scene.parts:
            spots = self._exact.get(name)
            if not (self.exact(name) if spots is None else spots):
                missing += 1
                if missing > 1:
                    return False
        return True

    def meetings(self, scene: Scene) -> Iterator[Spot]:
        """Yield where the ideas of ``scene`` stand together; those by character first."""
        exact = [self.exact(name) for name in scene.parts]
        found = False
        if all(exact):
            for spot in _together(exact, scene.within):
                found = True
                yield spot
        if found or not scene.sound:
            return  # at most one idea is taken by its sound alone
        every = [spots or self.by_sound(name) for name, spots in zip(scene.parts, exact, strict=True)]
        if all(every):
            for start, end, off in _together(every, scene.within):
                if 0 < off <= allowed(end - start):
                    yield start, end, off

    def exact(self, name: str) -> list[Spot]:
        """Return where the idea is said with its own characters."""
        spots = self._exact.get(name)
        if spots is None:
            idea = concept(name)
            spots = []
            if idea.openings is not None and self._characters.isdisjoint(idea.openings):
                self._exact[name] = spots
                return spots
            for hit in idea.exact.finditer(self._masked):
                if not idea.denied(self._masked, hit.start()):
                    spots.append((hit.start(), hit.end(), 0))
                    if len(spots) >= MAX_SPOTS:
                        break
            self._exact[name] = spots
        return spots

    def by_sound(self, name: str) -> list[Spot]:
        """Return where the idea is said with characters that only sound right."""
        spots = self._all.get(name)
        if spots is None:
            idea = concept(name)
            spots = []
            for hit in idea.by_sound.finditer(self._sounding):
                off = substituted(idea.characters, self._masked, hit)
                if off == 1 and hit.end() - hit.start() > 1 and not idea.denied(self._masked, hit.start()):
                    spots.append((hit.start(), hit.end(), off))
                    if len(spots) >= MAX_SPOTS:
                        break
            self._all[name] = spots
        return spots


def _together(ideas: list[list[Spot]], within: int) -> Iterator[Spot]:
    if len(ideas) == 1:
        yield from ideas[0]
        return
    for chosen in _choices(ideas):
        ordered = sorted(chosen)
        between = 0
        for (_, end, _), (start, _, _) in pairwise(ordered):
            if start < end:
                break
            between += start - end
        else:
            if between <= within:
                yield ordered[0][0], ordered[-1][1], sum(spot[2] for spot in ordered)


def _choices(ideas: list[list[Spot]]) -> Iterator[tuple[Spot, ...]]:
    first, second, *more = ideas
    for one in first:
        for two in second:
            if more:
                for three in more[0]:
                    yield one, two, three
            else:
                yield one, two
