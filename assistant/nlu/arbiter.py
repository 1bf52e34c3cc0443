"""The last word on the intent: a wish needs evidence, and what was named can give it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.nlu.understanding import Understanding
from assistant.vocabulary import ACTING_INTENTS, BOOKING_INTENTS, FALLBACK_INTENT, Intent, ServiceKind

DOUBTFUL = 0.5
"""Confidence of the model below which what was named decides."""
WISH = 0.85
"""What all intents on which something is done must weigh together before one of them is taken.

Measured on the development set (docs/adr/0004): below it lies most talk that looks like a wish.
"""

ASKED = 0.4
"""The same from which the elder is asked whether she means it, where it does not suffice to act."""
PLAIN = 0.5
"""The same where what and when are named and nothing is told: 「明天夜饭清蒸鱼」. No talk does."""

_NAMED: tuple[tuple[Intent, frozenset[str]], ...] = (
    (Intent.REPORT_VITALS, frozenset({"reading"})),
    (Intent.REQUEST_HOME_CARE, frozenset({"care_item"})),
    (Intent.BOOK_APPOINTMENT, frozenset({"department", "doctor"})),
    (Intent.ORDER_MEAL, frozenset({"dish", "set_meal"})),
)
"""intent → concept tags one of which must stand in the sentence to speak for it."""
_WHAT = frozenset({"dish", "set_meal", "care_item", "department", "doctor"})
_HANZI = re.compile("[\u3400-\u9fff]")
_LATIN = {
    "hello": Intent.GREET,
    "hi": Intent.GREET,
    "ok": Intent.AFFIRM,
    "okay": Intent.AFFIRM,
    "bye": Intent.GOODBYE,
    "byebye": Intent.GOODBYE,
}
"""The few words of another script that everybody says."""
_THAT_ONE = re.compile("那[份顿碗个趟次][^，,。]{0,8}(?:还是|改|换成|换到)")
"""「那份狮子头还是给我送来吧」 speaks of an order that stands."""
_ASKS_ADVICE = re.compile(
    "(?:要不要|该不该|是不是[要该得]|好不好|用不用)[^，,。]{0,3}(?:看|挂|约|找)[^，,。]{0,4}(?:医生|医院|毛病|门诊|大夫|郎中)"
)
"""「你说要不要去看看医生」 at the end of a long story: she is asked whether she wants one."""
_ADDED = re.compile("[加添][^，,。]{0,10}(?:那[个份顿单]|上面|原来|原先|刚才|里面|里头|里向)")
"""「再加个青菜豆腐到那个里面」 speaks of an order that stands."""
_TICKET = re.compile("挂|[的个]号|号子|门诊")
_EATS_THERE = re.compile(
    "^(?!.*(?:取消|退掉|退了|不要了|不订|作废)).*(?:食堂|自己[来去过走]|过来吃|去吃|来吃|堂食)"
)
_ASKING = frozenset({"want", "book", "quantity", "come"})
"""Tags that make a named thing a wish for it."""
_TELLING = frozenset({"past", "small_talk"})
"""Tags that make it a story."""
_TALK = frozenset((Intent.CHITCHAT.value, Intent.REPORT_WELLBEING.value))
_ACTING = frozenset(intent.value for intent in ACTING_INTENTS)


def decide(ranking: Sequence[tuple[str, float]], heard: Understanding) -> tuple[str, float]:
    """Return the intent and its confidence.

    Args:
        ranking: the model's intents with their confidence, best first; empty where it has none.
        heard: what was understood of the sentence.
    """
    intent, confidence = ranking[0] if ranking else (FALLBACK_INTENT, 0.0)
    tags = frozenset(heard.tags)
    if not _HANZI.search(heard.text) and "reading" not in tags:
        # The model knows no sentence without a character: what it says of one is chance, and books nothing.
        known = _LATIN.get(heard.text.strip(" .!?~。！？").lower())
        return (known.value, 1.0) if known else (FALLBACK_INTENT, 0.0)
    if intent == FALLBACK_INTENT or confidence < DOUBTFUL:
        named = _named(tags)
        if named is not None:
            return named.value, max(confidence, DOUBTFUL)
    if intent in _TALK and _ASKS_ADVICE.search(heard.text):
        return FALLBACK_INTENT, confidence
    if "dish" in heard.slots and _ADDED.search(heard.text):
        return Intent.CHANGE_REQUEST.value, confidence
    if intent in _ACTING and confidence < DOUBTFUL and set(heard.slots) == {"when"} and tags == {"time"}:
        return FALLBACK_INTENT, confidence  # 「后天上午」: a time, and no word of what for
    if intent in _ACTING and wish(ranking) < (PLAIN if _is_plain(heard) else WISH):
        return FALLBACK_INTENT, confidence
    if intent == Intent.REQUEST_HOME_CARE and _sees_a_doctor(tags, heard.text):
        return Intent.BOOK_APPOINTMENT.value, confidence
    if intent == Intent.REQUEST_HOME_CARE and _wants_talk(heard):
        return Intent.SEEK_COMPANY.value, confidence
    if intent in BOOKING_INTENTS and _THAT_ONE.search(heard.text):
        return Intent.CHANGE_REQUEST.value, confidence
    if intent == Intent.CANCEL_REQUEST and "delivery" in heard.slots and _EATS_THERE.search(heard.text):
        # 「不用送了，我自己去吃」 drops the delivery, not the meal.
        return Intent.CHANGE_REQUEST.value, confidence
    return intent, confidence


def wish(ranking: Sequence[tuple[str, float]]) -> float:
    """Return how likely it is, 0..1, that something is to be done, whatever it is."""
    return sum(confidence for intent, confidence in ranking if intent in _ACTING)


def doubted(ranking: Sequence[tuple[str, float]], text: str = "") -> str | None:
    """Return the intent about which the elder is asked (您是要订饭吗); None where it is sure or far off.

    Nothing is done on it: talk that is taken for a wish costs one question.
    """
    if _ASKS_ADVICE.search(text):
        return str(Intent.BOOK_APPOINTMENT.value)
    if wish(ranking) < ASKED:
        return None
    likeliest = max((pair for pair in ranking if pair[0] in _ACTING), key=lambda pair: pair[1])
    return str(likeliest[0]) if likeliest[1] >= ASKED else None


def _wants_talk(heard: Understanding) -> bool:
    """「来个人唠唠嗑」: somebody is asked for, and nothing to be done at home."""
    return "care_item" not in heard.slots and ServiceKind.COMPANIONSHIP.value in heard.topics


def _is_plain(heard: Understanding) -> bool:
    tags = frozenset(heard.tags)
    if not tags & _WHAT or "time" not in tags or tags & (_TELLING | {"question", "repeat"}):
        return False
    return not heard.is_past


def _sees_a_doctor(tags: frozenset[str], text: str) -> bool:
    """「礼拜四看眼睛，要个人陪我去」, 「挂个全科配点药」: a doctor first, and the rest goes with it."""
    if not tags & {"department", "doctor"}:
        return False
    return bool(_TICKET.search(text)) or bool(tags & {"accompaniment", "company"} and "care_item" not in tags)


def _named(tags: frozenset[str]) -> Intent | None:
    for intent, names in _NAMED:
        asked = tags & _ASKING and not tags & _TELLING and "question" not in tags
        if tags & names and (asked or intent is Intent.REPORT_VITALS):
            return intent
    return None
