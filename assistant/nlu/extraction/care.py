"""Care items said in a roundabout way: 地板好久没拖了，叫人来拖拖; 指甲剪不动了; 水斗堵牢了."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.nlu.extraction.people import relation_pattern
from assistant.nlu.extraction.sentence import Entity, Sentence, overlaps
from assistant.nlu.lexicon.care_frames import GENERIC, TROUBLES, WISHES
from assistant.vocabulary import ServiceKind, Slot

_COME_ALONG = re.compile(r"陪(?:我|着我|我们)(?:去|到|上|出)")


def find_care_items(sentence: Sentence) -> list[Entity]:
    """Return care items that no word of the lists names, where somebody is asked for or something is amiss.

    Exact words win, but for the few that say little by themselves (帮我洗洗).
    """
    if sentence.context not in (None, ServiceKind.HOME_CARE.value):
        return []
    asks = sentence.speaks_of("asks_for_somebody") or sentence.speaks_of(ServiceKind.HOME_CARE)
    asks = asks or sentence.expects(Slot.CARE_ITEM) or bool(sentence.named("care_item"))
    named = [entity for entity in sentence.named("care_item") if entity.text not in GENERIC]
    taken = [*named, *sentence.named("dish"), *sentence.named("department")]
    found: list[Entity] = []
    for item, pattern in (*(_wishes() if asks else ()), *_troubles()):
        for match in pattern.finditer(sentence.text):
            entity = sentence.entity("care_item", item, match.start(), match.end(), 0.85)
            if item == "accompaniment" and _family_before().search(sentence.text[: match.start()]):
                continue
            if not any(overlaps(entity, other) for other in (*taken, *found)):
                found.append(entity)
    if not found and not named and sentence.context == ServiceKind.HOME_CARE.value:
        # 陪我去趟社保局: wherever it is, somebody is to come along.
        for match in _COME_ALONG.finditer(sentence.text):
            found.append(sentence.entity("care_item", "accompaniment", match.start(), match.end(), 0.8))
    return found


def replaces(entity: Entity, found: list[Entity]) -> bool:
    """Say whether a word of the lists says less than what was found beside it."""
    return entity.entity == "care_item" and entity.text in GENERIC and bool(found)


@lru_cache(maxsize=1)
def _family_before() -> re.Pattern[str]:
    return re.compile(rf"{relation_pattern()}(?:会|要|每天|天天|常|经常|都|也|就|今天|明天|昨天|刚)*$")


@lru_cache(maxsize=1)
def _wishes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((item, re.compile(pattern)) for item, pattern in WISHES)


@lru_cache(maxsize=1)
def _troubles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((item, re.compile(pattern)) for item, pattern in TROUBLES)
