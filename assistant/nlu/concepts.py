"""Concept tags: what kinds of things a sentence holds, in order; features of the intent model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from assistant.nlu.catalogue import Catalogue
from assistant.nlu.extraction.sentence import Entity
from assistant.nlu.lexicon.people import OTHER_RELATIONS, PERSON_NOT_ALONE, PERSON_WORDS
from assistant.nlu.lexicon.speech import CONCEPT_WORDS
from assistant.nlu.phrases import Phrases

_NUMBER = re.compile(r"\d+(?:\.\d+)?|(?!一[下点样起直定声些会趟])[一二三四五六七八九十百两俩]+")
_NAMED = frozenset(
    ("dish", "doctor", "facility", "canteen", "village", "department", "care_item", "symptom", "meal")
)
"""entities whose inner words say nothing more: 看牙 is a department, not also 看."""


def tags(text: str, catalogue: Catalogue, now: datetime) -> tuple[str, ...]:
    """Return the concept tags of a sentence (a shorthand for ``understand(…).tags``). Never raises."""
    from assistant.nlu.understanding import understand

    return understand(text, now=now, catalogue=catalogue).tags


def concept_tags(
    text: str,
    entities: Iterable[Entity],
    times: Sequence[tuple[int, int]],
    when_parts: frozenset[str],
) -> tuple[str, ...]:
    """Return the tags in the order in which their words stand; repeats next to each other fall together.

    Args:
        text: the normalised sentence.
        entities: what was found in it, rejected or not, offsets in ``text``.
        times: spans of the times said.
        when_parts: what kind of time was said; gives the tags clock, repeat and duration.
    """
    found: list[tuple[int, int, str]] = []
    inside = bytearray(len(text))
    for entity in entities:
        if entity.entity in ("when", "reminder_text"):
            continue
        tag = "set_meal" if entity.entity == "dish" and entity.value == "套餐" else entity.entity
        found.append((entity.start, 0, tag))
        if entity.entity == "care_item":
            found.append((entity.start, 1, f"care:{entity.value}"))
        if entity.entity in _NAMED:
            inside[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
    for number, (start, end) in enumerate(_joined(times)):
        found.append((start, 0, "time"))
        inside[start:end] = b"\1" * (end - start)
        if number == 0:
            found.extend((start, 1, part) for part in ("clock", "repeat", "duration") if part in when_parts)
    for said in _concepts().find(text):
        # 昨天 and 几点 are times and still concepts; the words of a name are not.
        if not all(inside[said.start : said.end]) or said.value[0] in ("past", "question"):
            found.extend((said.start, 2, tag) for tag in said.value)
    found.extend(
        (match.start(), 3, "number")
        for match in _NUMBER.finditer(text)
        if not any(inside[match.start() : match.end()])
    )
    ordered = [tag for _, _, tag in sorted(found)]
    return tuple(tag for position, tag in enumerate(ordered) if position == 0 or ordered[position - 1] != tag)


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans with those that touch made one: 明天 and 中午 are one time."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@lru_cache(maxsize=1)
def _concepts() -> Phrases[tuple[str, ...]]:
    """Return every concept word with all its tags."""
    meanings: dict[str, tuple[str, ...]] = {}
    for tag, words in CONCEPT_WORDS.items():
        for word in words:
            meanings[word] = (*meanings.get(word, ()), tag)
    relatives = {word for spoken in PERSON_WORDS.values() for word in spoken if word not in PERSON_NOT_ALONE}
    for word in (*relatives, *OTHER_RELATIONS):
        meanings.setdefault(word, ("relative",))
    return Phrases(meanings.items())
