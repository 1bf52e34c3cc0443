"""The live catalogue as the understanding sees it: names of dishes, doctors, places and carers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.nlu.lexicon.care import CARE_WORDS
from assistant.nlu.lexicon.departments import DEPARTMENT_WORDS
from assistant.nlu.lexicon.dishes import other_names
from assistant.nlu.matching import Name as Name
from assistant.nlu.matching import NameIndex
from assistant.nlu.pinyin import sound_key, syllable

_KEPT = 4
"""Catalogues whose index is kept: one lives, one replaces it, tests have theirs."""
_indexes: OrderedDict[tuple[str, int], NameIndex] = OrderedDict()

_VILLAGE_ENDINGS = ("居民委员会", "村民委员会", "居委会", "村委会", "社区", "村")
_FACILITY_ENDINGS = ("卫生服务站", "卫生服务中心", "服务站", "卫生院", "卫生室")


@dataclass(frozen=True, kw_only=True)
class Doctor:
    """A doctor who can be asked for."""

    name: str
    title: str = ""
    department: str | None = None
    facility: str | None = None


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Every name that a sentence may hold, with the index over them."""

    version: str
    names: tuple[Name, ...] = field(repr=False)
    doctors: tuple[Doctor, ...] = ()
    carers: tuple[str, ...] = ()
    as_written: bool = False
    """Whether names are found by their very characters only: the repair of misheard ones is off."""
    index: NameIndex = field(repr=False, compare=False)

    @classmethod
    def from_snapshot(cls, snapshot: Mapping[str, Any]) -> Catalogue:
        """Build from the answer of ``GET /api/v1/catalogue``; missing parts are taken as empty.

        The index is built once for each version with these names (a tenth of a second per few
        thousand names), later calls find it ready.
        """
        names = tuple(_names(snapshot))
        version = str(snapshot.get("version", ""))
        doctors = tuple(
            Doctor(
                name=row["name"],
                title=row.get("title") or "",
                department=row.get("department"),
                facility=row.get("facility"),
            )
            for row in snapshot.get("doctors", ())
        )
        carers = tuple(row["name"] for row in snapshot.get("carers", ()))
        key = (version, hash(names))
        index = _indexes.get(key)
        if index is None:
            index = _indexes[key] = NameIndex((*names, *_lexicon_names()))
            while len(_indexes) > _KEPT:
                _indexes.popitem(last=False)
        return cls(version=version, names=names, doctors=doctors, carers=carers, index=index)

    def without_repair(self) -> Catalogue:
        """Return the same names found only as they are written: to measure what the repair is worth."""
        return replace(self, as_written=True)

    @classmethod
    def empty(cls) -> Catalogue:
        """Return a catalogue without names: only the built-in words are understood."""
        return cls.from_snapshot({"version": "empty"})

    def doctors_called(self, surname: str) -> tuple[Doctor, ...]:
        """Return the doctors of that surname; where there is none, those whose surname sounds the same."""
        exact = tuple(doctor for doctor in self.doctors if doctor.name.startswith(surname))
        if exact or not surname or self.as_written:
            return exact
        same = tuple(doctor for doctor in self.doctors if syllable(doctor.name[0]) == syllable(surname[0]))
        key = sound_key(surname[0])
        return same or tuple(doctor for doctor in self.doctors if sound_key(doctor.name[0]) == key)

    def carers_called(self, words: str) -> tuple[str, ...]:
        """Return the full names of the carers whom 小李, 李阿姨 or a full name may mean."""
        if words in self.carers:
            return (words,)
        surname = words[1] if len(words) >= 2 and words[0] in "小老阿" else words[:1]
        return tuple(carer for carer in self.carers if surname and carer.startswith(surname))


def _names(snapshot: Mapping[str, Any]) -> Iterable[Name]:
    for row in snapshot.get("dishes", ()):
        said = (row["name"], *(row.get("aliases") or ()))
        for phrase in (*said, *(other for name in said for other in other_names(name))):
            yield Name("dish", row["name"], phrase, partial=True)
    for row in snapshot.get("doctors", ()):
        for phrase in (row["name"], *(row.get("aliases") or ())):
            yield Name("doctor", row["name"], phrase, strict=len(phrase) < 2)
    for part in ("facilities", "canteens"):
        kind = "facility" if part == "facilities" else "canteen"
        for row in snapshot.get(part, ()):
            phrases = [row["name"], *(row.get("aliases") or ())]
            phrases.extend(
                ending
                for ending in _FACILITY_ENDINGS
                if kind == "facility" and row["name"].endswith(ending) and ending not in phrases
            )
            for phrase in phrases:
                yield Name(kind, row["name"], phrase, strict=len(phrase) < 3)
    for row in snapshot.get("carers", ()):
        yield Name("carer", row["name"], row["name"])
    for row in snapshot.get("villages", ()):
        phrases = [row["name"], *(row.get("aliases") or ())]
        for ending in _VILLAGE_ENDINGS:
            stem = row["name"].removesuffix(ending)
            if stem != row["name"] and len(stem) >= 2:
                phrases.append(stem)
                break
        for phrase in phrases:
            yield Name("village", row["name"], phrase, strict=len(phrase) < 3)


def _lexicon_names() -> Iterable[Name]:
    for value, phrases in CARE_WORDS.items():
        for phrase in phrases:
            yield Name("care_item", value, phrase)
    for value, phrases in DEPARTMENT_WORDS.items():
        for phrase in phrases:
            yield Name("department", value, phrase)
