"""The person for whom, or by whom, something is wanted."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.nlu.extraction.sentence import Entity, Sentence
from assistant.nlu.lexicon.company import FAMILY_COMES
from assistant.nlu.lexicon.people import (
    BY_WHOM,
    FOR_WHOM,
    OTHER_RELATIONS,
    PERSON_NOT_ALONE,
    PERSON_WORDS,
    SURNAMES,
    TITLES,
)
from assistant.nlu.phrases import Phrases
from assistant.vocabulary import Person, ServiceKind, Slot

_POSSESSIVES = (
    r"(?:我们|我家|我的|我|阿拉|伲|咱|俺|她|他|那个|隔壁的?|村里的?|楼上的?|楼下的?|对门的?|一下|一声)?"
)
_FRAME = re.compile(rf"(?:{'|'.join((*FOR_WHOM, *BY_WHOM))}){_POSSESSIVES}$")
_MEANT_BY_PRONOUN = re.compile(r"(?:给|帮|替|为|陪|让|叫)(?:他|她|伊|老人家)(?!们|说|讲|打|买|送)")
"""我家老头子头发长了，叫人来给他理一理: he is meant, though nothing stands before him."""
_TOGETHER = re.compile(r"(?:我们?|阿拉)(?:和|跟|同|与)(?:我的?|我家)?$")
_AFTER = re.compile(
    r"^(?:今天|今朝|明天|明朝|后天|这两天|最近|现在)?(?:也|要|想|来|陪|的(?:那)?(?:份|[早中午晚夜]?[饭餐]|号|药|预约)|(?:腿|腰|眼睛|牙|耳朵|手|脚|身体|年纪|走路|行动)[^,，。我]{1,5}?(?:要|想)|那(?:份|个|顿|碗)|(?:约|订|挂|点|定)的|订|点|上门|打|送|过来|约|挂|看)"
)
_FAMILY_COMES = re.compile(
    rf"^(?:明天|会|要|可以|能|来|也|就|一起)*(?:{'|'.join(word for word in FAMILY_COMES if word != '陪我')})"
)
_GOES_ALONE = re.compile(r"^(?:去|来|能|会|可以|走|过去|过来|拿|打|弄|做|烧|认|在|想|一个人)")
_UNWELL = re.compile(
    r"^(?:最近|这两天|现在)?(?:腿|腰|眼睛|牙|耳朵|手|脚|身体|心脏|胃|关节|膝盖|血压|血糖|记性)[^,，。我]{0,3}"
    r"(?:不好|不行|不便|不灵|疼|痛|花|聋|高)"
)
_CARED_FOR = frozenset((Person.SPOUSE.value, Person.MOTHER.value, Person.FATHER.value))
"""Those at home with an elder for whom care is asked, when they are the one spoken of."""
_HAS_ITS_WAY = re.compile(
    r"^(?:今天|明天|后天|也|都|又)?(?:不在|没空|没了|走了|走得|去世|出差|上班|叫|让|说|讲|买|给|帮|会|来|陪|跟|和"
    r"|的?(?:照片|衣服|忌日|生日))"
)
_SURNAME = f"[{''.join(sorted(SURNAMES))}]"
_TITLED = re.compile(
    r"(?:隔壁|对门|楼上|楼下)?的?"
    rf"(?P<name>[小老]?{_SURNAME}(?:{'|'.join(sorted(TITLES, key=len, reverse=True))}))"
)
_NICKNAME = re.compile(rf"(?P<name>[小老]{_SURNAME})(?!时|学|区|心|便|路|龙虾|汤|包|米|白菜|黄鱼|毛|康)")


def find_people(sentence: Sentence) -> list[Entity]:
    """Return for whom or by whom: relations as identifiers, others by the name spoken.

    A relative who is only mentioned (我儿子不在家) is not meant; one is who stands behind a word of
    giving or calling, or who is asked for as company.
    """
    found = [
        entity
        for said in _relations().find(sentence.text)
        if (entity := _relation(sentence, said.start, said.end, said.text, said.value)) is not None
    ]
    taken = [*found, *sentence.named("doctor"), *sentence.named("address")]
    for pattern in (_TITLED, _NICKNAME):
        for match in pattern.finditer(sentence.text):
            start, end = match.span("name")
            if any(start < other.end and other.start < end for other in taken) or sentence.in_time(
                start, end
            ):
                continue
            framed = bool(_FRAME.search(sentence.text[: match.start()])) or sentence.expects(Slot.PERSON)
            after = sentence.text[end:].startswith(("来", "陪", "上门", "过来", "打", "也行"))
            if framed or (pattern is _TITLED and after):
                words = match["name"]
                carers = sentence.catalogue.carers_called(words)
                alternatives = carers if len(carers) > 1 else ()
                entity = sentence.entity("person", words, start, end, 0.9, alternatives)
                found.append(entity)
                taken.append(entity)
    for carer in sentence.named("carer"):
        if not any(carer.start < other.end and other.start < carer.end for other in taken):
            found.append(sentence.entity("person", carer.value, carer.start, carer.end, carer.confidence))
    return sorted(found, key=lambda entity: entity.start)


def relation_pattern() -> str:
    """Return a regular expression (text) for a relative, as elders call them."""
    return _relation_pattern()


def _relation(sentence: Sentence, start: int, end: int, words: str, value: str) -> Entity | None:
    text = sentence.text
    if any(
        start < other.end and other.start < end for other in sentence.named("address")
    ) or sentence.in_time(start, end):
        return None
    before, after = text[:start], text[end:]
    if _TOGETHER.search(before) or (
        value != Person.SELF.value and _FAMILY_COMES.match(after) and _is_medical(sentence)
    ):
        return None
    if words in ("隔壁", "楼上", "楼下", "对门", "邻居") and (
        _TITLED.match(text, start) or _NICKNAME.match(text, end) or _NICKNAME.match(text, end + 1)
    ):
        return None
    framed = bool(_FRAME.search(before))
    if value == Person.SELF.value:
        if _GOES_ALONE.match(after) and not before.endswith(("给", "帮")):
            return None
        alone = framed or sentence.expects(Slot.PERSON) or after.startswith(("吃", "订", "看", "用"))
        return sentence.entity("person", value, start, end) if alone else None
    if re.match(r"(?:家|那里|那儿|那边|屋里|不在|没空|昨天|以前|走了|去世|的?忌日|的?生日|的?周年)", after):
        return None
    asked = sentence.expects(Slot.PERSON) or sentence.speaks_of(ServiceKind.COMPANIONSHIP)
    if words in PERSON_NOT_ALONE and not (framed or sentence.expects(Slot.PERSON)):
        return None
    if value in _CARED_FOR and _is_care(sentence) and not _HAS_ITS_WAY.match(after):
        return sentence.entity("person", value, start, end, 0.8)
    if (
        framed
        or asked
        or _AFTER.match(after)
        or _UNWELL.match(after)
        or _AFTER.match(_beyond_time(sentence, end))
        or _ails(sentence, end)
        or (_A_PORTION.match(after) and sentence.speaks_of(ServiceKind.MEAL))
        or _MEANT_BY_PRONOUN.search(after)
    ):
        return sentence.entity("person", value, start, end, 0.95 if framed else 0.8)
    return None


_A_PORTION = re.compile("[一两半][份碗个客]")
"""「我老头子一份番茄炒蛋」: what stands beside a person is theirs."""


def _beyond_time(sentence: Sentence, end: int) -> str:
    """Return what follows a relative when a time stands between: 我妈下个礼拜三要洗澡."""
    for first, last in sentence.times:
        if end <= first <= end + 1:
            end = last
    return sentence.text[end:] if end else ""


def _ails(sentence: Sentence, end: int) -> bool:
    """Say whether a complaint right after a relative is theirs: 我老头子咳嗽, 我妈最近头晕."""
    return any(
        0 <= symptom.start - end <= 4 and "我" not in sentence.text[end : symptom.start]
        for symptom in (*sentence.named("symptom"), *sentence.named("reading"))
    )


def _is_care(sentence: Sentence) -> bool:
    return sentence.context == ServiceKind.HOME_CARE.value or (
        sentence.context is None and bool(sentence.named("care_item")) and not sentence.speaks_of("reminder")
    )


def _is_medical(sentence: Sentence) -> bool:
    return sentence.speaks_of(ServiceKind.MEDICAL_APPOINTMENT) or sentence.expects(Slot.ACCOMPANIMENT)


@lru_cache(maxsize=1)
def _relations() -> Phrases[str]:
    words = [(word, value) for value, spoken in PERSON_WORDS.items() for word in spoken]
    return Phrases([*words, *((relation, relation) for relation in OTHER_RELATIONS)])


@lru_cache(maxsize=1)
def _relation_pattern() -> str:
    words = {word for value, spoken in PERSON_WORDS.items() if value != Person.SELF.value for word in spoken}
    words = {
        word
        for word in (*words, *OTHER_RELATIONS)
        if len(word) > 1 and word not in ("楼上", "楼下", "屋里厢")
    }
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"
