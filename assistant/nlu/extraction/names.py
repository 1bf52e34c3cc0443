"""Names of the catalogue and of the closed lists (dishes, care items, departments, places) in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.nlu.extraction.sentence import Entity, Sentence
from assistant.nlu.lexicon.departments import AMBIGUOUS_DEPARTMENTS, NEEDS_MEDICAL_CONTEXT, NOT_FOLLOWED_BY
from assistant.nlu.lexicon.everyday import EVERYDAY
from assistant.nlu.matching import Hit, Support
from assistant.nlu.phrases import Phrases
from assistant.vocabulary import ServiceKind, Slot

_KINDS = {
    ServiceKind.MEAL.value: ("dish", "canteen"),
    ServiceKind.HOME_CARE.value: ("care_item", "carer"),
    ServiceKind.MEDICAL_APPOINTMENT.value: ("department", "doctor", "facility"),
    ServiceKind.COMPANIONSHIP.value: ("carer",),
    "asks_for_somebody": ("care_item", "carer"),
}
_EXPECTED = {
    Slot.DISH.value: "dish",
    Slot.CARE_ITEM.value: "care_item",
    Slot.DEPARTMENT.value: "department",
    Slot.DOCTOR.value: "doctor",
    Slot.FACILITY.value: "facility",
    Slot.PERSON.value: "carer",
    Slot.ADDRESS.value: "village",
}
_CLOSED = frozenset(("care_item", "department"))
_NOT_CARE_BEFORE = {
    "护理": ("员", "费", "院"),
    "办事": ("处",),
    "按摩": ("椅",),
    "理发": ("店", "馆"),
    "抽血": ("化验", "检查"),
    "修一下": (),
    "维修": ("工",),
    "清洁": ("工",),
}


@lru_cache(maxsize=1)
def _everyday() -> Phrases[None]:
    return Phrases((word, None) for word in EVERYDAY)


def find_names(sentence: Sentence) -> tuple[list[Entity], int]:
    """Return the names said, in order, and how many catalogue names had to be compared for it."""
    kinds = frozenset(kind for topic in sentence.topics for kind in _KINDS.get(topic, ()))
    expected = _EXPECTED.get(sentence.expecting or "")
    everyday = [(said.start, said.end) for said in _everyday().find(sentence.text, overlapping=True)]
    support = Support(kinds=kinds, expected=expected, everyday=everyday)
    found = sentence.catalogue.index.search(
        sentence.text, support, by_sound=not sentence.catalogue.as_written
    )
    entities = [entity for hit in found.hits if (entity := _entity(hit, sentence)) is not None]
    return entities, found.examined


def _entity(hit: Hit, sentence: Sentence) -> Entity | None:
    best = hit.names[0]
    words = sentence.text[hit.start : hit.end]
    if best.kind == "department" and not _is_department(words, hit, sentence):
        return None
    if best.kind == "care_item" and sentence.text[hit.end :].startswith(
        _NOT_CARE_BEFORE.get(words, ("\0",)) or "\0"
    ):
        return None
    values = tuple(name.value for name in hit.names)
    meant = best.phrase if hit.how in ("sound", "near") and len(values) == 1 else None
    if best.kind == "department" and best.phrase in AMBIGUOUS_DEPARTMENTS:
        values = AMBIGUOUS_DEPARTMENTS[best.phrase]
    if len(values) == 1:
        return _make(sentence, hit, values[0], hit.confidence, (), meant)
    value = values[0] if best.kind in _CLOSED else words
    return _make(sentence, hit, value, min(hit.confidence, 0.6), values, None)


def _make(
    sentence: Sentence,
    hit: Hit,
    value: str,
    confidence: float,
    alternatives: tuple[str, ...],
    meant: str | None,
) -> Entity:
    return Entity(
        entity=hit.names[0].kind,
        value=value,
        text=sentence.text[hit.start : hit.end],
        start=hit.start,
        end=hit.end,
        confidence=confidence,
        alternatives=alternatives,
        meant=meant,
    )


def _is_department(words: str, hit: Hit, sentence: Sentence) -> bool:
    if sentence.text[hit.end :].startswith(NOT_FOLLOWED_BY.get(words, ("\0",))):
        return False
    if hit.names[0].phrase in NEEDS_MEDICAL_CONTEXT:
        return sentence.speaks_of(ServiceKind.MEDICAL_APPOINTMENT)
    return True


def without_overlap(entities: Sequence[Entity]) -> list[Entity]:
    """Return the entities in order, without those of the same kind that lie inside another."""
    kept: list[Entity] = []
    for entity in sorted(entities, key=lambda found: (found.start, -(found.end - found.start))):
        if any(_repeats(entity, other) for other in kept):
            continue
        kept.append(entity)
    return kept


def _repeats(entity: Entity, other: Entity) -> bool:
    if entity.entity != other.entity or entity.start >= other.end:
        return False
    # 少油少盐 is two limits in one breath: the same words, another value.
    return (entity.start, entity.end) != (other.start, other.end) or entity.value == other.value
