"""Slots of an appointment: complaints, the department they suggest, doctors, a companion on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from assistant.nlu.catalogue import Doctor
from assistant.nlu.extraction.people import relation_pattern
from assistant.nlu.extraction.sentence import Entity, Sentence
from assistant.nlu.lexicon.company import ACCOMPANIED, FAMILY_COMES, UNACCOMPANIED
from assistant.nlu.lexicon.people import DOCTOR_TITLES, SURNAMES
from assistant.nlu.lexicon.symptoms import (
    BETWEEN,
    BODY_PARTS,
    PAINS,
    PART_ALIASES,
    PART_SPECIAL,
    SYMPTOM_WORDS,
    TROUBLES,
)
from assistant.nlu.phrases import Phrases
from assistant.vocabulary import Department, ServiceKind, Slot

_TITLES = "|".join(sorted(DOCTOR_TITLES, key=len, reverse=True))
_DOCTOR = re.compile(rf"(?:姓(?P<s>[\u4e00-\u9fff])的|老?(?P<n>[\u4e00-\u9fff]))(?P<t>{_TITLES})")
_MUST_BE_DOCTOR = ("医生", "大夫", "医师", "郎中")
_YES = re.compile(
    r"^(?:嗯|呃|哎|好|那|就|还是|最好|,)*(?:要的?|好的?|需要|有|是的?|对的?|可以|行|当然|麻烦|想要|要得|来一个|派一个|找一个|安排|陪)"
)
_HOSPITAL = re.compile(
    r"(?:^(?=.{2,6}(?:医院|卫生院|诊所)(?:约|挂|看|有|的))|(?<=[去到在上往约挂]))"
    r"(?P<name>[^去到在上往约挂看住送陪从回拉我你他她的了是里,，。\d]{2,6}(?:医院|卫生院|卫生站|诊所|卫生服务中心))"
)
_ANY_HOSPITAL = re.compile(
    r"^(?:大|小|好|那|哪|这|什么|啥|别|家|附近|一|几|镇|县|市|城|乡|先|就|还|直接|医院)"
)
_NOBODY = re.compile(
    r"没人(?:能|可以|好)?(?:陪|带|送)我?|(?:派|叫|找|安排|请)(?:个|一个)?人(?:来)?(?:陪|带|扶)(?:我|着|一下)"
)
_NO = re.compile(r"^(?:嗯|呃|哎|那|就|还是|,)*(?:不|没|勿|弗|别|甭|用不着|算了|我自己|自己|一个人|自家)")


def suggest_department(symptom: str) -> Department | None:
    """Return the department that an information desk would name for a complaint, None for no complaint.

    Source: the table of `lexicon.symptoms`, after hospitals' guidance sheets; general practice where a
    complaint is recognised and belongs nowhere in particular. To be confirmed with the elder.
    """
    found = _complaints().find(symptom)
    if found:
        return _departments()[found[0].value]
    part = _part_and_trouble().search(symptom)
    if part:
        return _departments()[_department(*_named_groups(part))]
    return Department.GENERAL_PRACTICE if symptom.strip() else None


def find_symptoms(sentence: Sentence) -> list[Entity]:
    """Return the complaints in the sentence: the part of the body and what is wrong with it."""
    found: list[Entity] = []
    complaints = _complaints().find(sentence.text)
    for match in _part_and_trouble().finditer(sentence.text):
        part, trouble = _named_groups(match)
        if any(said.start < match.start() < said.end for said in complaints):
            continue  # 拉肚子拉了两天: the complaint has taken the part
        if part == "人" and sentence.text[max(0, match.start() - 1) : match.start()] not in (
            "",
            "我",
            ",",
            "。",
            "个",
        ):
            continue
        found.append(sentence.entity("symptom", f"{part}{trouble}", *match.span()))
    for said in complaints:
        if not any(said.start < other.end and other.start < said.end for other in found):
            found.append(sentence.entity("symptom", said.text, said.start, said.end))
    return sorted(found, key=lambda entity: entity.start)


def find_doctors(sentence: Sentence) -> list[Entity]:
    """Return doctors by surname and title, one where the catalogue has one, else alternatives."""
    departments = {entity.value for entity in sentence.named("department") if not entity.alternatives}
    found = []
    for match in _DOCTOR.finditer(sentence.text):
        surname = match["s"] or match["n"]
        if surname not in SURNAMES or any(
            entity.start < match.end() and match.start() < entity.end for entity in sentence.named("doctor")
        ):
            continue
        if match["t"] in ("医生", "中医") and sentence.text[
            max(0, match.start() - 1) : match.start() + 1
        ] in ("家庭", "有时"):
            continue
        called = _narrowed(sentence.catalogue.doctors_called(surname), departments)
        words = f"{surname}{match['t']}"
        if not called:
            medical = sentence.speaks_of(ServiceKind.MEDICAL_APPOINTMENT)
            if match["t"] in _MUST_BE_DOCTOR or (medical and sentence.expects(Slot.DOCTOR)):
                found.append(sentence.entity("doctor", words, *match.span(), 0.5))
            continue
        exact = called[0].name.startswith(surname)
        if len(called) == 1:
            found.append(sentence.entity("doctor", called[0].name, *match.span(), 0.95 if exact else 0.7))
        else:
            names = tuple(doctor.name for doctor in called)
            found.append(sentence.entity("doctor", words, *match.span(), 0.6, names))
    return found


def find_unknown_facilities(sentence: Sentence) -> list[Entity]:
    """Return a hospital that the catalogue does not know, as spoken: 去中心医院; not 去医院, 去大医院."""
    if sentence.named("facility") or not sentence.speaks_of(ServiceKind.MEDICAL_APPOINTMENT):
        return []
    return [
        sentence.entity("facility", match["name"], *match.span("name"), 0.5)
        for match in _HOSPITAL.finditer(sentence.text)
        if not _ANY_HOSPITAL.search(match["name"])
    ]


def find_accompaniment(sentence: Sentence) -> list[Entity]:
    """Return whether somebody is wanted to come along to the doctor; a relative who comes is enough."""
    asked = sentence.expects(Slot.ACCOMPANIMENT)
    if not asked and not sentence.speaks_of(ServiceKind.MEDICAL_APPOINTMENT):
        return []
    if sentence.context not in (None, ServiceKind.MEDICAL_APPOINTMENT.value):
        return []
    family = _family_comes().search(sentence.text)
    if family:
        return [sentence.entity("accompaniment", False, *family.span(), 0.85)]
    found = [
        sentence.entity("accompaniment", said.value, said.start, said.end)
        for said in _ways().find(sentence.text)
    ]
    found += [
        sentence.entity("accompaniment", True, *match.span()) for match in _NOBODY.finditer(sentence.text)
    ]
    found.sort(key=lambda entity: entity.start)
    if found or not asked:
        return found[-1:]
    no, yes = _NO.search(sentence.text), _YES.search(sentence.text)
    if no:
        return [sentence.entity("accompaniment", False, *no.span(), 0.9)]
    if yes:
        return [sentence.entity("accompaniment", True, *yes.span(), 0.9)]
    person = re.search(relation_pattern(), sentence.text)
    return [sentence.entity("accompaniment", False, *person.span(), 0.7)] if person else []


def _narrowed(doctors: tuple[Doctor, ...], departments: set[str]) -> tuple[Doctor, ...]:
    same = tuple(doctor for doctor in doctors if doctor.department in departments)
    return same or doctors


def _department(part: str, trouble: str) -> str:
    special = PART_SPECIAL.get(PART_ALIASES.get(part, part), {}) or {}
    special = {**special, **PART_SPECIAL.get(part, {})}
    return (
        special.get(trouble)
        or _parts().get(part)
        or _parts().get(PART_ALIASES.get(part, part), "general_practice")
    )


@lru_cache(maxsize=1)
def _departments() -> dict[str, Department]:
    return {str(department.value): department for department in Department}


@lru_cache(maxsize=1)
def _parts() -> dict[str, str]:
    return {part: department for department, parts in BODY_PARTS.items() for part in parts}


@lru_cache(maxsize=1)
def _complaints() -> Phrases[str]:
    return Phrases.of(SYMPTOM_WORDS)


@lru_cache(maxsize=1)
def _ways() -> Phrases[bool]:
    return Phrases([*((words, False) for words in UNACCOMPANIED), *((words, True) for words in ACCOMPANIED)])


@lru_cache(maxsize=1)
def _family_comes() -> re.Pattern[str]:
    comes = "|".join(FAMILY_COMES)
    return re.compile(
        rf"(?:{relation_pattern()})(?:明天|后天|那天|到时候|会|要|可以|能|肯|来|请假|也|就|一起|开车)*(?:{comes})"
    )


@lru_cache(maxsize=1)
def _part_and_trouble() -> re.Pattern[str]:
    """Return the pattern of part, modifiers, trouble: one alternative (groups pN, tN) a set of troubles."""
    general = {*PAINS, *TROUBLES}
    by_troubles: dict[frozenset[str], list[str]] = {}
    for part in {*_parts(), *PART_SPECIAL, *PART_ALIASES}:
        special = {*PART_SPECIAL.get(part, {}), *PART_SPECIAL.get(PART_ALIASES.get(part, ""), {})}
        common = general if part in _parts() or part in PART_ALIASES else set()
        if part in ("人", "身体", "身子"):
            common = common - set(PAINS) - {"毛病", "难过"}
        by_troubles.setdefault(frozenset(common | special), []).append(part)
    between = _either(BETWEEN)
    alternatives = [
        f"(?P<p{number}>{_either(parts)})(?:{between}){{0,4}}?(?P<t{number}>{_either(troubles)})"
        for number, (troubles, parts) in enumerate(
            sorted(by_troubles.items(), key=lambda item: sorted(item[1]))
        )
    ]
    return re.compile("|".join(alternatives))


def _named_groups(match: re.Match[str]) -> tuple[str, str]:
    part, trouble = (words for words in match.groups() if words is not None)
    return part, trouble


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
