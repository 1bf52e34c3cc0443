"""How company comes: by a visit or by telephone."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.nlu.extraction.sentence import Entity, Sentence
from assistant.nlu.lexicon.company import MODE_ONLY_IN_COMPANY, MODE_WORDS
from assistant.nlu.phrases import Phrases
from assistant.vocabulary import Mode, ServiceKind, Slot

_WAYS = re.compile(
    r"(?P<visit>(?:来|过来|上门)[^,，。]{0,5}?(?:陪|看看|看望|坐坐|坐一坐|聊聊|聊天|说说|讲讲|走走|玩)|(?:来个|派个|找个|叫个|请个|有)人[^,，。]{0,4}?陪"
    r"|(?:叫|让|请|派|喊)[^,，。]{1,6}?(?:来一趟|回来一趟|来看|上门))"
    r"|(?:拨|打|通|挂)(?!针)[^,，。]{0,7}?(?:电话|手机)(?!号|费)|(?:跟|和|同|给)[^,，。]{1,5}?(?:视频|通话|电话里)"
)
_OTHER_ERRANDS = ("care_item", "dish", "department", "symptom", "doctor", "delivery", "reading")


def find_modes(sentence: Sentence) -> list[Entity]:
    """Return visit or call where company is spoken of, or where nothing else is."""
    if sentence.context not in (None, ServiceKind.COMPANIONSHIP.value):
        return []
    company = sentence.speaks_of(ServiceKind.COMPANIONSHIP) or sentence.expects(Slot.MODE)
    if not company and (
        any(sentence.named(kind) for kind in _OTHER_ERRANDS) or sentence.speaks_of("reminder")
    ):
        return []
    others = sentence.speaks_of(ServiceKind.MEAL) or sentence.speaks_of(ServiceKind.MEDICAL_APPOINTMENT)
    found = [
        sentence.entity("mode", Mode.VISIT.value if match["visit"] else Mode.CALL.value, *match.span(), 0.85)
        for match in (_WAYS.finditer(sentence.text) if company else ())
    ]
    for said in _modes().find(sentence.text):
        if not company and (said.text in MODE_ONLY_IN_COMPANY or others):
            continue
        if sentence.text[said.end :].startswith(("号码", "机", "费", "坏")):
            continue
        found.append(sentence.entity("mode", said.value, said.start, said.end, 0.95 if company else 0.75))
    if not found and sentence.expects(Slot.MODE):
        for word, value in (("来", Mode.VISIT.value), ("打", Mode.CALL.value), ("家", Mode.VISIT.value)):
            position = sentence.text.find(word)
            if position >= 0:
                return [sentence.entity("mode", value, position, position + 1, 0.7)]
    return found


@lru_cache(maxsize=1)
def _modes() -> Phrases[str]:
    return Phrases.of(MODE_WORDS)
