"""One sentence in, what it says out: entities, slots, times, what was turned down, concept tags.

Pure: the same sentence, catalogue, clock and question give the same understanding. Never raises on
text. Offsets of entities and times are code points of the sentence as given (`Understanding.text`),
though it is the normalised sentence that is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from assistant.nlu.catalogue import Catalogue
from assistant.nlu.concepts import concept_tags
from assistant.nlu.extraction.care import find_care_items, replaces
from assistant.nlu.extraction.company import find_modes
from assistant.nlu.extraction.corrections import called_off, settle
from assistant.nlu.extraction.meals import (
    find_deliveries,
    find_diets,
    find_meals,
    find_quantities,
    find_set_meals,
    find_unknown_dishes,
    meal_at,
)
from assistant.nlu.extraction.medical import (
    find_accompaniment,
    find_doctors,
    find_symptoms,
    find_unknown_facilities,
)
from assistant.nlu.extraction.medical import suggest_department as suggest_department
from assistant.nlu.extraction.names import find_names, without_overlap
from assistant.nlu.extraction.people import find_people
from assistant.nlu.extraction.places import find_addresses
from assistant.nlu.extraction.reminders import find_reminders
from assistant.nlu.extraction.sentence import Entity, Sentence, overlaps, topics_of
from assistant.nlu.normalise import Normalised, trace
from assistant.nlu.readings import find_readings
from assistant.nlu.when import Candidate, read_with_rejections
from assistant.vocabulary import ServiceKind, Slot

_LISTS = frozenset((Slot.DISH.value, Slot.DIET.value, Slot.READING.value))
_SLOTS = frozenset(slot.value for slot in Slot)
_DAY = timedelta(days=1)
_WHEN_PARTS = frozenset(("day", "part_of_day", "clock", "repeat", "duration"))


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """What a sentence says; see ``docs/contracts.md`` section 1."""

    text: str
    """The sentence as given; all offsets count its code points."""
    entities: tuple[Entity, ...] = ()
    """What was said and holds, in order."""
    slots: dict[str, Any] = field(default_factory=dict)
    """Slot → value; only what was said."""
    when: tuple[Candidate, ...] = ()
    """Readings of the time said, best first."""
    rejected: dict[str, list[Any]] = field(default_factory=dict)
    """Slot → values that were turned down."""
    when_parts: frozenset[str] = frozenset()
    """What kind of time was said: of day, part_of_day, clock, repeat, duration."""
    tags: tuple[str, ...] = ()
    """Concept tags in order."""
    topics: frozenset[str] = frozenset()
    """Service kinds (and "reminder") of which the sentence or the running form speaks."""

    @property
    def is_past(self) -> bool:
        """Whether the likeliest time said lies in the past: a story, and no time for a wish."""
        return bool(self.when) and self.when[0].past


def understand(
    text: str,
    *,
    now: datetime,
    catalogue: Catalogue,
    context: str | None = None,
    expecting: str | None = None,
) -> Understanding:
    """Return what ``text`` says.

    Args:
        text: the sentence as heard or written.
        now: the moment it was said, aware.
        catalogue: the names that may occur.
        context: the service kind (identifier) of the running form, or None.
        expecting: the slot (identifier) just asked for, or None; lets 「两份」 and 「要的」 be answers.
    """
    context = str(getattr(context, "value", context)) if context else None
    expecting = str(getattr(expecting, "value", expecting)) if expecting else None
    source = trace(text)
    if not source.text:
        return Understanding(text=text)
    sentence = Sentence(
        text=source.text,
        catalogue=catalogue,
        context=context,
        expecting=expecting,
        topics=topics_of(source.text, context, expecting),
    )
    sentence = _with_names(sentence)
    sentence = _with_care(sentence)
    meals = find_meals(sentence)
    candidates, refused_times = read_with_rejections(
        _without_false_times(sentence), now=now, context=_time_context(sentence, meals)
    )
    if _readings(sentence):
        candidates = [_of_today(candidate, now) for candidate in candidates]
    times = _spans(candidates, refused_times)
    sentence = replace(sentence, times=times)
    found = _extract(sentence, meals)
    found = _outside_reminder(found)
    held, refused = settle(sentence.text, found)
    if context is None and expecting is None:
        named = called_off(sentence.text, held, refused)
        held, refused = [*held, *named], [entity for entity in refused if entity not in named]
    when_parts = frozenset(candidates[0].parts & _WHEN_PARTS) if candidates else frozenset()
    if sentence.speaks_of(ServiceKind.MEAL) and not any(
        entity.entity in ("meal", "reminder_text") for entity in held
    ):
        held.extend(_meal_of_the_hour(sentence, candidates, when_parts, refused))
    if candidates:
        best = candidates[0]
        held.append(sentence.entity("when", best.as_slot(), best.span[0], best.span[1], best.confidence))
    held.sort(key=lambda entity: (entity.start, entity.end))
    return Understanding(
        text=text,
        entities=tuple(_as_given(entity, source, text) for entity in held),
        slots=_slots(held),
        when=tuple(_time_as_given(candidate, source) for candidate in candidates),
        rejected=_rejected(refused, held, refused_times),
        when_parts=when_parts,
        tags=concept_tags(sentence.text, [*held, *refused], times, when_parts),
        topics=sentence.topics,
    )


def repair(text: str, understanding: Understanding) -> str:
    """Return ``text`` with what was surely misheard put right: 新内课 → 心内科.

    What was heard stays in the log; this is for showing and for reading on. Where the bot has to ask
    (alternatives) nothing is replaced.
    """
    return put_right(
        text,
        [
            (entity.start, entity.end, entity.meant)
            for entity in understanding.entities
            if entity.meant is not None and not entity.alternatives
        ],
    )


def put_right(text: str, misheard: Iterable[tuple[int, int, str]]) -> str:
    """Return ``text`` with each stretch (start, end, right words) replaced, the first of two that overlap."""
    pieces: list[str] = []
    position = 0
    for start, end, words in sorted(misheard):
        if start >= position:
            pieces.extend((text[position:start], words))
            position = end
    return "".join((*pieces, text[position:]))


def _of_today(candidate: Candidate, now: datetime) -> Candidate:
    """早上量的血压一百五 speaks of this morning: what was measured is not to come."""
    if candidate.repeat or "day" in candidate.parts or candidate.start is None or candidate.end is None:
        return candidate
    if candidate.start <= now or candidate.start - _DAY > now or "duration" in candidate.parts:
        return candidate
    return replace(candidate, start=candidate.start - _DAY, end=candidate.end - _DAY, past=True)


def _with_names(sentence: Sentence) -> Sentence:
    names, _ = find_names(sentence)
    topics = set(sentence.topics)
    kinds = {entity.entity for entity in names if entity.confidence >= 0.8}
    if "dish" in kinds and sentence.context is None:
        topics.add(ServiceKind.MEAL.value)
    if kinds & {"department", "doctor"} and sentence.context is None:
        topics.add(ServiceKind.MEDICAL_APPOINTMENT.value)
    return replace(sentence, entities=tuple(names), topics=frozenset(topics))


def _with_care(sentence: Sentence) -> Sentence:
    found = find_care_items(sentence)
    kept = tuple(entity for entity in sentence.entities if not replaces(entity, found))
    return replace(sentence, entities=(*kept, *found))


def _without_false_times(sentence: Sentence) -> str:
    """Return the text with what only looks like a time painted over: 烂一点, 5组12号."""
    text = sentence.text
    for entity in (*find_diets(sentence), *find_addresses(sentence), *_readings(sentence)):
        text = f"{text[: entity.start]}{'※' * (entity.end - entity.start)}{text[entity.end :]}"
    return text


def _time_context(sentence: Sentence, meals: Sequence[Entity]) -> str | None:
    if sentence.context is None and sentence.speaks_of("reminder"):
        return "reminder"
    if meals and sentence.context in (None, ServiceKind.MEAL.value):
        return str(meals[0].value)
    if sentence.context is not None:
        return sentence.context
    if sentence.named("care_item"):
        return str(ServiceKind.HOME_CARE.value)
    for kind in (ServiceKind.MEDICAL_APPOINTMENT, ServiceKind.MEAL, ServiceKind.COMPANIONSHIP):
        if sentence.speaks_of(kind):
            return str(kind.value)
    return None


def _extract(sentence: Sentence, meals: Sequence[Entity]) -> list[Entity]:
    """Run the extractors; each sees what the ones before it found."""

    def also(found: Iterable[Entity]) -> None:
        nonlocal sentence
        sentence = replace(sentence, entities=(*sentence.entities, *found))

    also(meals)
    also(_readings(sentence))
    also(find_symptoms(sentence))
    also(find_doctors(sentence))
    also(find_unknown_facilities(sentence))
    set_meals = [
        entity for entity in find_set_meals(sentence) if not _inside_any(entity, sentence.named("dish"))
    ]
    also(set_meals)
    also(_not_in(find_diets(sentence), sentence.named("dish")))
    also(find_unknown_dishes(sentence))
    also(find_quantities(sentence))
    also(find_addresses(sentence))
    also(find_people(sentence))
    also(find_accompaniment(sentence))
    also(find_deliveries(sentence))
    also(find_modes(sentence))
    also(find_reminders(sentence))
    return _untangled(sentence)


def _untangled(sentence: Sentence) -> list[Entity]:
    """Drop what another entity explains better."""
    return without_overlap([entity for entity in sentence.entities if not _explained(entity, sentence)])


def _explained(entity: Entity, sentence: Sentence) -> bool:
    """Return whether other entities say what ``entity`` seems to say."""
    if entity.entity == "care_item":
        return _no_care_item(entity, sentence)
    if entity.entity == "dish":
        return entity.confidence < 0.9 and any(
            overlaps(entity, diet) and len(diet.text) >= len(entity.text) for diet in sentence.named("diet")
        )
    if entity.entity == "meal" and sentence.named("reminder_text"):
        return sentence.context is None and not sentence.named("dish")
    if entity.entity == "quantity":
        return _inside_any(entity, sentence.named("address"))
    if entity.entity == "department":
        return _inside_any(entity, sentence.named("facility"))
    if entity.entity == "symptom":
        if _no_complaint(sentence):
            return True
        rooms = [found for found in sentence.named("department") if found.text.endswith(("科", "门诊"))]
        return _inside_any(entity, [*sentence.named("diet"), *sentence.named("care_item"), *rooms])
    return False


def _no_complaint(sentence: Sentence) -> bool:
    """Say whether a complaint only gives the reason for something else: 腰酸，找人推拿; 血压高，一百七."""
    if (
        sentence.context == ServiceKind.MEDICAL_APPOINTMENT.value
        or sentence.named("department")
        or sentence.named("doctor")
    ):
        return False
    return any(sentence.named(kind) for kind in ("care_item", "reading", "reminder_text", "diet", "dish"))


def _no_care_item(entity: Entity, sentence: Sentence) -> bool:
    booking = any(sentence.named(kind) for kind in ("department", "symptom", "doctor"))
    if entity.value == "nursing":  # 量了血压 150: a measurement, not a wish for a nurse
        # 「要去抽血，找个人陪我去」: it is done there, not at home
        goes = sentence.text[: entity.start].endswith("去") and "陪" in sentence.text
        return goes or bool(sentence.named("reading"))
    if entity.value == "accompaniment" and any(not found.value for found in sentence.named("accompaniment")):
        return True  # 女儿陪我去
    if entity.value == "accompaniment":  # the companion on the way of an appointment
        return bool(sentence.named("accompaniment")) and (booking or sentence.context is not None)
    return bool(
        entity.value == "medication_pickup" and sentence.context == ServiceKind.MEDICAL_APPOINTMENT.value
    )


def _outside_reminder(entities: Sequence[Entity]) -> list[Entity]:
    """What stands inside the text of a reminder is no wish: 提醒我去看牙 books no dentist."""
    reminders = [entity for entity in entities if entity.entity == "reminder_text"]
    return [
        entity
        for entity in entities
        if entity.entity == "reminder_text" or not any(overlaps(entity, reminder) for reminder in reminders)
    ]


def _readings(sentence: Sentence) -> list[Entity]:
    return [
        sentence.entity(
            "reading",
            {"kind": str(found.kind), "value": found.value, "value2": found.value2, "unit": found.unit},
            found.start,
            found.end,
            0.95 if found.plausible else 0.5,
        )
        for found in find_readings(sentence.text)
    ]


def _meal_of_the_hour(
    sentence: Sentence, candidates: Sequence[Candidate], parts: frozenset[str], refused: Sequence[Entity]
) -> list[Entity]:
    """Read the meal from the clock: 「十一点半送两份饭」 is lunch."""
    if not candidates or "clock" not in parts or any(entity.entity == "meal" for entity in refused):
        return []
    best = candidates[0]
    start = best.first[0] if best.first else best.start
    meal = meal_at(start) if start else None
    return [sentence.entity("meal", meal, best.span[0], best.span[1], 0.7)] if meal else []


def _slots(entities: Sequence[Entity]) -> dict[str, Any]:
    slots: dict[str, Any] = {}
    for entity in entities:
        slot = entity.entity
        if slot not in _SLOTS:
            continue
        if slot in _LISTS:
            values = slots.setdefault(slot, [])
            if entity.value not in values:
                values.append(entity.value)
        elif slot == Slot.QUANTITY.value:
            slots[slot] = _portions([found for found in entities if found.entity == slot])
        else:
            slots.setdefault(slot, entity.value)
    return slots


def _portions(quantities: Sequence[Entity]) -> int:
    """Return the number that counts for the order: one said of each dish or of the people, else the first."""
    for sign in ("各", "每", "人"):
        for entity in quantities:
            if sign in entity.text:
                return int(entity.value)
    return int(quantities[0].value)


def _rejected(
    refused: Sequence[Entity], held: Sequence[Entity], refused_times: Sequence[Candidate]
) -> dict[str, list[Any]]:
    rejected: dict[str, list[Any]] = {}
    for entity in refused:
        if any(entity.entity == kept.entity and entity.value == kept.value for kept in held):
            continue
        values = rejected.setdefault(entity.entity, [])
        # 「鱼换成肉」: whichever of the fishes had been ordered is meant.
        values.extend(value for value in (entity.value, *entity.alternatives) if value not in values)
    for candidate in refused_times:
        values = rejected.setdefault(Slot.WHEN.value, [])
        if candidate.as_slot() not in values:
            values.append(candidate.as_slot())
    return rejected


def _spans(*groups: Sequence[Candidate]) -> tuple[tuple[int, int], ...]:
    spans = {
        span for group in groups for candidate in group for span in (candidate.spans or (candidate.span,))
    }
    return tuple(sorted(span for span in spans if span[0] < span[1]))


def _inside_any(entity: Entity, others: Sequence[Entity]) -> bool:
    return any(overlaps(entity, other) for other in others)


def _not_in(entities: Sequence[Entity], dishes: Sequence[Entity]) -> list[Entity]:
    """Keep what is not part of a dish's surely heard name (素 in 素鸡)."""
    sure = [dish for dish in dishes if dish.confidence >= 0.9]
    return [entity for entity in entities if not _inside_any(entity, sure)]


def _as_given(entity: Entity, source: Normalised, text: str) -> Entity:
    if entity.end <= entity.start:
        return entity
    start, end = source.span(entity.start, entity.end)
    return replace(entity, start=start, end=end, text=text[start:end])


def _time_as_given(candidate: Candidate, source: Normalised) -> Candidate:
    spans = tuple(source.span(*span) for span in candidate.spans if span[0] < span[1])
    return replace(candidate, span=source.span(*candidate.span), spans=spans)
