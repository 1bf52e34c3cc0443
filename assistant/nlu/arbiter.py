"""The last word on the intent: what was named in the sentence can overrule a doubtful model. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.nlu.understanding import Understanding
from assistant.vocabulary import BOOKING_INTENTS, FALLBACK_INTENT, Intent

DOUBTFUL = 0.5
"""Confidence of the model below which what was named decides."""

_NAMED: tuple[tuple[Intent, frozenset[str]], ...] = (
    (Intent.REPORT_VITALS, frozenset({"reading"})),
    (Intent.REQUEST_HOME_CARE, frozenset({"care_item"})),
    (Intent.BOOK_APPOINTMENT, frozenset({"department", "doctor"})),
    (Intent.ORDER_MEAL, frozenset({"dish", "set_meal"})),
)
"""intent → concept tags one of which must stand in the sentence to speak for it."""
_ASKING = frozenset({"want", "book", "quantity", "come"})
"""Tags that make a named thing a wish for it."""
_TELLING = frozenset({"past", "small_talk"})
"""Tags that make it a story."""


def decide(ranking: Sequence[tuple[str, float]], heard: Understanding) -> tuple[str, float]:
    """Return the intent and its confidence.

    Args:
        ranking: the model's intents with their confidence, best first; empty where it has none.
        heard: what was understood of the sentence.
    """
    intent, confidence = ranking[0] if ranking else (FALLBACK_INTENT, 0.0)
    tags = frozenset(heard.tags)
    if intent == FALLBACK_INTENT or confidence < DOUBTFUL:
        named = _named(tags)
        if named is not None:
            return named.value, max(confidence, DOUBTFUL)
    if intent == Intent.REQUEST_HOME_CARE and _sees_a_doctor_in_company(tags):
        return Intent.BOOK_APPOINTMENT.value, confidence
    if intent in BOOKING_INTENTS and confidence < DOUBTFUL and not tags & _ASKING and tags & _TELLING:
        return Intent.CHITCHAT.value, confidence
    return intent, confidence


def _sees_a_doctor_in_company(tags: frozenset[str]) -> bool:
    """「礼拜四看眼睛，要个人陪我去」 wants a doctor first, and somebody along with it."""
    return bool(
        tags & {"department", "doctor"} and tags & {"accompaniment", "company"} and "care_item" not in tags
    )


def _named(tags: frozenset[str]) -> Intent | None:
    for intent, names in _NAMED:
        wish = tags & _ASKING and not tags & _TELLING and "question" not in tags
        if tags & names and (wish or intent is Intent.REPORT_VITALS):
            return intent
    return None
