"""The words of Kangban, once: wire value = database value = Rasa value = console value. Stdlib only."""

from __future__ import annotations

from assistant.vocabulary.checkins import CheckInChannel, CheckInOutcome
from assistant.vocabulary.emergencies import AlarmState, Emergency
from assistant.vocabulary.intents import ACTING_INTENTS, BOOKING_INTENTS, FALLBACK_INTENT, Intent
from assistant.vocabulary.people import Person, Role
from assistant.vocabulary.requests import (
    ALLOWED_ROLES,
    CHANGEABLE_STATES,
    OPEN_STATES,
    TRANSITIONS,
    RequestEvent,
    RequestState,
    next_state,
)
from assistant.vocabulary.services import (
    SET_MEAL,
    CareItem,
    Delivery,
    Department,
    Diet,
    Meal,
    Mode,
    ServiceKind,
)
from assistant.vocabulary.slots import OPTIONAL_SLOTS, REQUIRED_SLOTS, ReadingKind, Slot
from assistant.vocabulary.word import Word, identifiers, labels, word_of

__all__ = [
    "ACTING_INTENTS",
    "ALLOWED_ROLES",
    "BOOKING_INTENTS",
    "CHANGEABLE_STATES",
    "FALLBACK_INTENT",
    "OPEN_STATES",
    "OPTIONAL_SLOTS",
    "REQUIRED_SLOTS",
    "SET_MEAL",
    "TRANSITIONS",
    "AlarmState",
    "CareItem",
    "CheckInChannel",
    "CheckInOutcome",
    "Delivery",
    "Department",
    "Diet",
    "Emergency",
    "Intent",
    "Meal",
    "Mode",
    "Person",
    "ReadingKind",
    "RequestEvent",
    "RequestState",
    "Role",
    "ServiceKind",
    "Slot",
    "Word",
    "identifiers",
    "labels",
    "next_state",
    "word_of",
]
