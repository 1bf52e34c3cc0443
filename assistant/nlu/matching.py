"""Finds known names in a sentence, said exactly, in part, or misheard; work does not grow with the names.

Every stretch of the sentence up to the longest name is looked up, never every name compared: by its
characters, by its fuzzy sound, and by its fuzzy sound with one syllable left out on either side
(which finds one insertion, deletion or substitution). What is found so is judged by `distance`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.nlu.pinyin import DELETION, distance, sound_key

MARGIN = 0.06
"""Two names whose confidences are closer than this are both kept: the bot asks."""
BUCKET = 12
"""Names kept per key; where more share one, what was said does not tell them apart anyway."""
LONGEST = 12
"""Characters of the longest stretch looked up."""

CLASS_CHARACTERS = frozenset("鱼鸡鸭鹅虾蟹肉蛋粥面汤饼糕羹粽藕笋")
"""Single characters that name a class of dishes: 「来条鱼」."""

_BEFORE = frozenset(
    "吃要个份碗来点喝盘条只是换成的给和跟去找看挂帮请叫到加订、,。:;!?笼杯做预约上想号些弄买会嗯呃啊"
)
_AFTER = frozenset("换改吧啊呀哦的了、,。!?;和跟还再加就也行好呢嘛哈罢伐哉嗯各来一两三送")


_CLOSED_AFTER = frozenset("挂有能看明后今约")
_CLOSED_BEFORE = frozenset("我门侬家")
_CLOSED_LISTS = frozenset(("care_item", "department"))


@dataclass(frozen=True)
class Name:
    """One way of saying one thing that can be meant."""

    kind: str
    """What it is: dish, doctor, department …"""
    value: str
    """What it stands for: the catalogue's name, or an identifier."""
    phrase: str
    """How it is said: the name itself or an alias."""
    partial: bool = False
    """Whether part of the phrase may stand for it (红烧 for 红烧肉)."""
    strict: bool = False
    """Whether only the very characters count (short everyday aliases)."""


@dataclass(frozen=True)
class Hit:
    """A stretch of the sentence that stands for one of ``names``, the best first."""

    start: int
    end: int
    names: tuple[Name, ...]
    """More than one where what was heard does not decide."""
    confidence: float
    how: str
    """exact, sound (same or confusable syllables), near (a syllable more, less or other) or part."""


@dataclass(frozen=True)
class Support:
    """What the conversation and the rest of the sentence make likely."""

    kinds: frozenset[str] = frozenset()
    """Kinds of which the sentence or the running form speaks."""
    expected: str | None = None
    """The kind just asked for."""
    everyday: Sequence[tuple[int, int]] = ()
    """Spans of words that mean something by themselves: nothing misheard is seen in them."""


@dataclass(frozen=True)
class Found:
    """What a search gave, and how many names it had to compare."""

    hits: tuple[Hit, ...]
    examined: int


class NameIndex:
    """An index over names, built once; searching it takes the same time for a hundred and ten thousand."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.names = tuple(dict.fromkeys(name for name in names if name.phrase))
        # Buckets hold numbers, not names: tuples of numbers cost the garbage collector nothing, and a
        # collection over ten thousand names' worth of objects would be a pause in somebody's turn.
        self._exact: dict[str, tuple[int, ...]] = {}
        self._sound: dict[str, tuple[int, ...]] = {}
        self._shortened: dict[str, tuple[int, ...]] = {}
        self._parts: dict[str, tuple[int, ...]] = {}
        for number, name in enumerate(self.names):
            _add(self._exact, name.phrase, number)
            length = len(name.phrase)
            if length < 2 or name.strict or length > LONGEST:
                continue
            key = sound_key(name.phrase)
            _add(self._sound, key, number)
            if length >= 4:
                for position in range(length):
                    _add(self._shortened, key[:position] + key[position + 1 :], number)
        partial = [number for number, name in enumerate(self.names) if name.partial]
        partial.sort(key=lambda number: len(self.names[number].phrase))
        for parts_of in (_tails, _other_parts):
            for number in partial:
                for part in parts_of(self.names[number].phrase):
                    _add(self._parts, part, number)

    def search(self, text: str, support: Support, *, by_sound: bool = True) -> Found:
        """Return the best non-overlapping hits in ``text``, in order, and the number of names compared.

        Without ``by_sound`` only what is written as the name (or a part of it) is found.
        """
        keys = sound_key(text)
        everyday = support.everyday
        covered = _covered(len(text), everyday)
        hits: list[Hit] = []
        examined = 0
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + LONGEST) + 1):
                window = text[start:end]
                if window in self._exact:
                    exact = self._named(self._exact[window])
                    examined += len(exact)
                    hits.extend(_exact_hits(start, end, exact, text, support))
                    continue
                if window in self._parts:
                    parts = self._named(self._parts[window])
                    examined += len(parts)
                    hit = _part_hit(start, end, parts, text, support)
                    if hit:
                        hits.append(hit)
                if end - start < 2 or not by_sound:
                    continue
                candidates = self._candidates(keys[start:end])
                if candidates:
                    examined += len(candidates)
                    spans = everyday if any(covered[start:end]) else ()
                    words = [text[first:last] for first, last in spans if first < end and start < last]
                    hits.extend(_misheard_hits(start, end, candidates, text, support, words))
        return Found(hits=tuple(_cover(hits, len(text))), examined=examined)

    def _named(self, numbers: Iterable[int]) -> list[Name]:
        return [self.names[number] for number in numbers]

    def _candidates(self, key: str) -> list[Name]:
        sound, shortened = self._sound, self._shortened
        found = sound.get(key, ())
        if len(key) >= 3:
            found += shortened.get(key, ())
        if len(key) >= 4:
            for position in range(len(key)):
                rest = key[:position] + key[position + 1 :]
                if rest in sound:
                    found += sound[rest]
                if rest in shortened:
                    found += shortened[rest]
        return self._named(dict.fromkeys(found))


def _add(index: dict[str, tuple[int, ...]], key: str, number: int) -> None:
    bucket = index.get(key, ())
    if len(bucket) < BUCKET and number not in bucket:
        index[key] = (*bucket, number)


def _tails(phrase: str) -> list[str]:
    """Return the proper endings of a phrase that may stand for it."""
    tails = [phrase[start:] for start in range(1, len(phrase) - 1)]
    if phrase[-1] in CLASS_CHARACTERS and len(phrase) > 1:
        tails.append(phrase[-1])
    return tails


def _other_parts(phrase: str) -> list[str]:
    """Return the other proper parts: beginnings, middles, and beginning and end together (冬瓜…汤)."""
    length = len(phrase)
    parts = [phrase[start:end] for start in range(length - 1) for end in range(start + 2, length)]
    parts.extend(
        character
        for position, character in enumerate(phrase[:-1])
        if character in CLASS_CHARACTERS and phrase[position : position + 2] != "鸡蛋"
    )
    if length >= 4:
        parts.extend(phrase[:2] + phrase[-tail:] for tail in (1, 2) if length - tail > 2)
    return parts


def _exact_hits(start: int, end: int, names: Sequence[Name], text: str, support: Support) -> list[Hit]:
    hits = []
    for kind in dict.fromkeys(name.kind for name in names):
        same = _one_per_value(name for name in names if name.kind == kind)
        if end - start == 1 and not _stands_alone(text, start, end, support, kind):
            continue
        confidence = 1.0 if len(same) == 1 else 0.6
        hits.append(Hit(start, end, same, confidence, "exact"))
    return hits


def _part_hit(start: int, end: int, names: Sequence[Name], text: str, support: Support) -> Hit | None:
    kind = names[0].kind
    if kind not in support.kinds and kind != support.expected:
        return None
    if end - start == 1 and not _stands_alone(text, start, end, support, kind):
        return None
    if end < len(text) and text[start : end + 1] == "鸡蛋":
        return None
    same = _one_per_value(name for name in names if name.kind == kind)
    share = (end - start) / min(len(name.phrase) for name in same)
    return Hit(start, end, same, round(0.45 + 0.3 * min(1.0, share), 3), "part")


def _misheard_hits(
    start: int, end: int, names: Sequence[Name], text: str, support: Support, everyday: Sequence[str]
) -> list[Hit]:
    window = text[start:end]
    scored: list[tuple[float, str, Name]] = []
    for name in names:
        judged = _judge(window, name, start, end, text, support, everyday)
        if judged:
            scored.append((*judged, name))
    scored.sort(key=lambda score: -score[0])
    hits = []
    for kind in dict.fromkeys(name.kind for _, _, name in scored):
        same = [score for score in scored if score[2].kind == kind]
        confidence, how, _ = same[0]
        close = _one_per_value(name for score, _, name in same if confidence - score < MARGIN)
        hits.append(Hit(start, end, close, round(confidence, 3), how))
    return hits


def _judge(
    window: str, name: Name, start: int, end: int, text: str, support: Support, everyday: Sequence[str]
) -> tuple[float, str] | None:
    """Return confidence and manner of ``window`` standing for ``name``, or None where that is too bold."""
    length = len(name.phrase)
    cost = distance(window, name.phrase)
    expected = support.expected == name.kind
    supported = expected or name.kind in support.kinds
    alone = _is_bounded(text, start, end) or (
        # 帮我配要, 上门理法
        name.kind in _CLOSED_LISTS
        and (start == 0 or text[start - 1] in _CLOSED_BEFORE or text[start - 1] in _BEFORE)
        and (_ends(text, end) or text[end] in _CLOSED_AFTER)
    )
    shared = sum(character in name.phrase for character in window)
    free = all(word in name.phrase for word in everyday)
    if not free and not (expected and alone and start <= 1):
        return None
    if len(window) != length and {window[0], window[-1]}.isdisjoint({name.phrase[0], name.phrase[-1]}):
        return None
    how = "sound" if len(window) == length and cost <= 0.35 * length and cost < DELETION else "near"
    if length == 2:
        # 酱鸭 and 降压 are one sound: two characters need all the help that there is.
        allowed = 0.45 if expected and alone else 0.3 if supported and alone and shared else 0.0
        if supported and alone and cost <= 2 * 0.1:
            allowed = 0.2
        if how != "sound":
            allowed = 0.0
    elif length == 3:
        allowed = 0.9 if expected else 0.6 if supported else 0.35 if shared else 0.0
        if how != "sound" and not (len(window) == 4 and cost <= 0.2):
            allowed = 0.0
    else:
        # A whole other syllable is another thing: 红烧鲫鱼 is not 红烧带鱼. Closed lists hold verbs (吃点东西
        # is not 买点东西), so that only sounds may differ there.
        allowed = 0.85 if supported else 0.5
        if name.kind in _CLOSED_LISTS:
            allowed = 0.45
        if shared < length // 2 and not supported:
            allowed = 0.0
        if shared == 0 and how != "sound":
            allowed = 0.0
    if cost > allowed:
        return None
    base = 0.95 if how == "sound" else 0.9
    return base - cost / length * (0.6 if supported else 1.0), how


def _one_per_value(names: Iterable[Name]) -> tuple[Name, ...]:
    return tuple({name.value: name for name in reversed(list(names))}.values())[::-1]


def _stands_alone(text: str, start: int, end: int, support: Support, kind: str) -> bool:
    """Return whether a single character is a word here: 「喝点粥」, not 「八宝粥店」."""
    if start == 0 and end == len(text):
        return support.expected == kind
    return _is_bounded(text, start, end) and (kind in support.kinds or support.expected == kind)


def _is_bounded(text: str, start: int, end: int) -> bool:
    before = start == 0 or text[start - 1] in _BEFORE
    return before and _ends(text, end)


def _ends(text: str, end: int) -> bool:
    return end == len(text) or text[end] in _AFTER


def _covered(length: int, spans: Sequence[tuple[int, int]]) -> bytearray:
    covered = bytearray(length)
    for start, end in spans:
        for position in range(start, min(end, length)):
            covered[position] = 1
    return covered


def _weight(hit: Hit) -> float:
    return (hit.end - hit.start) * hit.confidence**2 + (0.3 if hit.how == "exact" else 0.0)


def _cover(hits: Sequence[Hit], length: int) -> list[Hit]:
    """Return the non-overlapping hits of the greatest weight (length times squared confidence)."""
    if not hits:
        return []
    by_end: dict[int, list[Hit]] = {}
    for hit in hits:
        by_end.setdefault(hit.end, []).append(hit)
    best = [0.0] * (length + 1)
    chosen: list[Hit | None] = [None] * (length + 1)
    for end in range(1, length + 1):
        best[end] = best[end - 1]
        for hit in by_end.get(end, ()):
            weight = best[hit.start] + _weight(hit)
            if weight > best[end]:
                best[end], chosen[end] = weight, hit
    cover = []
    position = length
    while position > 0:
        hit_here = chosen[position]
        if hit_here is None:
            position -= 1
        else:
            cover.append(hit_here)
            position = hit_here.start
    return cover[::-1]
