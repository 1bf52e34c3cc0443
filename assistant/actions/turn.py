"""One turn as the conversations see it: what was heard, what is remembered, what is said and committed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from assistant.actions import connections
from assistant.actions.client import Backend
from assistant.actions.talk import Talk
from assistant.nlu.arbiter import doubted
from assistant.nlu.catalogue import Catalogue
from assistant.nlu.components import live_catalogue
from assistant.nlu.understanding import Understanding, understand
from assistant.replies.phrasebook import phrases
from assistant.vocabulary import FALLBACK_INTENT, Intent, RequestState, Slot, identifiers

KEPT = 5
"""Actions (one or two a sentence) for which the time of a sentence that was not understood is kept."""
FRESH = 2
"""Turns within which a booking is still what is being spoken of."""
TOWN_ZONE = timezone(timedelta(hours=8))
_SLOTS = identifiers(Slot)

FORM_OF: dict[str, str] = {
    "meal": "meal_form",
    "home_care": "home_care_form",
    "medical_appointment": "appointment_form",
    "companionship": "company_form",
    "reminder": "reminder_form",
    "change": "change_form",
    "cancel": "cancel_form",
}
"""What is arranged → Rasa's name of the form that arranges it."""

STARTS: dict[str, str] = {
    Intent.ORDER_MEAL: "meal",
    Intent.REQUEST_HOME_CARE: "home_care",
    Intent.BOOK_APPOINTMENT: "medical_appointment",
    Intent.SEEK_COMPANY: "companionship",
    Intent.SET_REMINDER: "reminder",
    Intent.CHANGE_REQUEST: "change",
    Intent.CANCEL_REQUEST: "cancel",
}
"""Intents that open a form, and what is arranged in it (the rules in data/dialogues/rules say the same)."""


def action_of(intent: str) -> str:
    """Return the action with which the rules answer ``intent`` outside a form."""
    if intent in STARTS:
        return FORM_OF[STARTS[intent]]
    return "action_misunderstood" if intent == FALLBACK_INTENT else f"action_{intent}"


def _doubted(message: dict[str, Any]) -> str | None:
    if (message.get("intent") or {}).get("name") != FALLBACK_INTENT:
        return None
    ranking = message.get("intent_ranking") or []
    scores = [(str(item["name"]), float(item["confidence"])) for item in ranking]
    found = doubted(scores, message.get("text") or "")
    return STARTS.get(found) if found else None


@dataclass
class Turn:
    """A turn in progress. Conversations change it; :meth:`events` hands the changes back to Rasa."""

    elder_id: str
    text: str
    intent: str
    confidence: float
    now: datetime
    turn_key: str
    channel: str
    backend: Backend
    catalogue: Catalogue
    talk: Talk
    slots: dict[str, Any]
    dispatcher: CollectingDispatcher
    stored: dict[str, Any]
    doubted: str | None = None
    """What she may want, where it was not sure enough to act on (您是要订饭吗)."""
    said: list[str] = field(default_factory=list)
    committed: list[dict[str, Any]] = field(default_factory=list)
    effects: int = 0
    left_form: bool = False
    next_action: str | None = None

    @classmethod
    def begin(cls, tracker: Tracker, dispatcher: CollectingDispatcher) -> Turn:
        """Read the turn out of Rasa's tracker."""
        message = tracker.latest_message or {}
        metadata = message.get("metadata") or {}
        intent = message.get("intent") or {}
        stored = {name: tracker.get_slot(name) for name in (*_SLOTS, "talk")}
        now = metadata.get("now")
        talk = Talk.from_slot(stored["talk"])
        return cls(
            elder_id=tracker.sender_id,
            text=message.get("text") or "",
            intent=intent.get("name") or FALLBACK_INTENT,
            confidence=float(intent.get("confidence") or 0.0),
            now=datetime.fromisoformat(now).astimezone(TOWN_ZONE) if now else datetime.now(TOWN_ZONE),
            turn_key=metadata.get("turn_key") or f"shell:{message.get('message_id') or tracker.sender_id}",
            channel=metadata.get("channel") or "shell",
            backend=connections.current().backend,
            catalogue=live_catalogue.catalogue(),
            talk=talk,
            slots={name: stored[name] for name in _SLOTS if stored[name] is not None},
            dispatcher=dispatcher,
            stored=stored,
            doubted=_doubted(message),
        )

    def hear(self, text: str | None = None, *, context: str | None = None) -> Understanding:
        """Understand the sentence (or a part of it) in the light of what was asked."""
        expecting = self.talk.expecting if self.talk.expecting in _SLOTS else None
        return understand(
            self.text if text is None else text,
            now=self.now,
            catalogue=self.catalogue,
            context=context,
            expecting=expecting,
        )

    def say(self, key: str, **values: Any) -> None:
        """Say a phrase; wordings take turns from turn to turn."""
        self.said.append(phrases().say(key, variant=self.talk.turns, **values))

    def ask(self, expecting: str | None, key: str, **values: Any) -> None:
        """Say a phrase that asks for something, and remember it to come back to."""
        text = phrases().say(key, variant=self.talk.turns, **values)
        self.said.append(text)
        self.talk.expecting = expecting
        self.talk.question = [key, text]

    def ask_again(self) -> None:
        """Put the open question once more, as it was put."""
        if self.talk.question:
            self.said.append(self.talk.question[1])

    def leave_form(self) -> None:
        """Close the running form when this turn is handed back."""
        self.left_form = True
        self.talk.form = None

    def hand_on(self) -> None:
        """Let the sentence be handled once more as if no form had been running."""
        self.next_action = action_of(self.intent)

    def open_wish(self, kind: str, *, text: str, slots: dict[str, Any] | None = None) -> None:
        """Go on with the form of a wish, which starts with what is said and known of it here."""
        self.talk.opening = {"kind": kind, "slots": slots or {}, "text": text}
        self.next_action = FORM_OF[kind]

    def key(self) -> str:
        """Return the idempotency key of the next effect of this turn."""
        self.effects += 1
        return self.turn_key if self.effects == 1 else f"{self.turn_key}#{self.effects}"

    def commit(self, row: dict[str, Any]) -> None:
        """Note a committed row: it goes out with the turn's answer."""
        self.committed.append(row)
        if row.get("kind"):
            self.talk.last_request = row.get("id")
            self.talk.last_kind = row["kind"]
            gone = row["kind"] != "reminder" and row.get("state") == RequestState.CANCELLED
            self.talk.committed_turn = None if gone else self.talk.turns
            self.talk.dropped = {"turn": self.talk.turns, "details": row["details"]} if gone else None

    def keep_time(self, heard: Understanding) -> None:
        """Remember the time of a sentence that was not understood: 「明天中午的那个」, then 「红烧带鱼」."""
        if "when" in heard.slots and not heard.is_past:
            kept = {"turn": self.talk.turns, "when": heard.slots["when"], "parts": list(heard.when_parts)}
            self.talk.unplaced = kept

    def unplaced_time(self) -> dict[str, Any] | None:
        """Return the time of a sentence just before that was not understood."""
        kept = self.talk.unplaced
        fresh = kept is not None and self.talk.turns - kept["turn"] <= KEPT
        return kept["when"] if kept is not None and fresh else None

    def take_unplaced(self) -> None:
        """Take that time for the wish that opens now, where none was said with it."""
        when, kept = self.unplaced_time(), self.talk.unplaced
        self.talk.unplaced = None
        if kept is not None and when is not None and "when" not in self.slots:
            self.slots["when"], self.talk.when_parts = when, kept["parts"]

    def just_booked(self) -> bool:
        """Whether the last booking is so fresh that a bare 不要了 can only mean it."""
        at = self.talk.committed_turn
        return self.talk.last_request is not None and at is not None and self.talk.turns - at <= FRESH

    def events(self) -> list[EventType]:
        """Hand what was said to Rasa, and return the slots that changed (always the memory)."""
        if self.said:
            self.talk.last_said = list(self.said)
        self.talk.touched_at = self.now.isoformat()
        self.talk.turns += 1
        for index, text in enumerate(self.said):
            last = index == len(self.said) - 1
            extra = {"committed": self.committed} if last and self.committed else None
            self.dispatcher.utter_message(text=text, json_message=extra)
        changed: list[EventType] = [
            SlotSet(name, self.slots.get(name))
            for name in _SLOTS
            if self.slots.get(name) != self.stored.get(name)
        ]
        events = [*changed, SlotSet("talk", self.talk.as_slot())]
        if self.next_action:
            events.append(FollowupAction(self.next_action))
        return events
