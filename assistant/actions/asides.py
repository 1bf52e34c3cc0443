"""What is said beside the wish in hand (questions, greetings): answered shortly, then back to it."""

from __future__ import annotations

from typing import Any

from assistant.actions import handover, questions, reminded, wellbeing
from assistant.actions.turn import Turn
from assistant.nlu import answers, remarks
from assistant.nlu.understanding import Understanding
from assistant.vocabulary import FALLBACK_INTENT, Intent, Slot, word_of

SURE = 0.5
"""Confidence from which a sentence without any value for the form counts as an aside."""
VERY_SURE = 0.6
"""Confidence from which a question counts as an aside although it names a value (「明天几号」)."""

_QUESTIONS = frozenset({Intent.ASK_MENU, Intent.ASK_DATETIME, Intent.QUERY_REQUEST, Intent.ASK_HELP})


def repeat(turn: Turn) -> None:
    """Say the last answer once more."""
    if turn.talk.last_said:
        turn.said += turn.talk.last_said
    else:
        turn.say("small_talk.nothing_to_repeat")


def _only_tells(turn: Turn, heard: Understanding, given: dict[str, Any]) -> bool:
    """「对了我今天血压一百五」: the day in it says when she measured, not when she wants her meal."""
    if not given.keys() <= {Slot.WHEN.value, Slot.MEAL.value, Slot.PERSON.value}:
        return False
    if turn.intent == Intent.REPORT_VITALS and heard.slots.get("reading"):
        return True
    return (
        turn.intent in (Intent.REPORT_WELLBEING, Intent.CHITCHAT)
        and turn.confidence >= VERY_SURE
        and turn.talk.expecting not in (Slot.WHEN, Slot.MEAL)
        and "clock" not in heard.when_parts  # 「十点半好了」 at the read-back is an hour, not good health
        and not {"want", "book"} & set(heard.tags)
    )


_IDLE = frozenset(
    (
        *(Intent.CHITCHAT, Intent.OUT_OF_SCOPE, Intent.REPORT_WELLBEING, Intent.DENY, Intent.THANK),
        *(Intent.ASK_MENU, Intent.ASK_HUMAN, Intent.QUERY_REQUEST, FALLBACK_INTENT),
    )
)
"""Intents under which a complaint may hide: none of them books anything."""


async def remark(turn: Turn) -> bool:
    """Answer what is said to the machine itself, or of what was done for her; False where it is neither.

    The words decide, whatever the intent: asked whether it is one, a machine must not call a person.
    """
    if remarks.asks_who(turn.text):
        turn.say("small_talk.who")
    elif remarks.asks_reminders(turn.text):
        await reminded.tell(turn)
    elif turn.intent in _IDLE and turn.talk.form is None and remarks.complains(turn.text):
        await handover.request(turn, reason="complaint")
    else:
        return False
    return True


async def interrupt(turn: Turn, heard: Understanding, given: dict[str, Any], *, form: str) -> bool:
    """Answer an aside and come back to the form's question; False where the sentence is none."""
    if not given and await remark(turn):
        turn.talk.misheard = 0
        turn.ask_again()
        return True
    intent = turn.intent
    asks = answers.is_question(turn.text) or answers.interrupts(turn.text)
    asked = intent in _QUESTIONS and asks and turn.confidence >= VERY_SURE
    if given and not asked and not _only_tells(turn, heard, given):
        return False
    if turn.confidence < SURE and not (intent in _QUESTIONS and asks):
        return False
    before = len(turn.said)
    if intent == Intent.ASK_MENU and (form == "meal" or "eat" in heard.tags or heard.slots.get("dish")):
        # 「有没有女医生」 asks for no dishes.
        if form == "meal":
            for name in ("when", "meal"):
                if name in given:
                    turn.slots.setdefault(name, given[name])
        await questions.menu(turn, heard)
    elif intent == Intent.ASK_DATETIME:
        questions.date_and_time(turn, heard)
    elif intent == Intent.QUERY_REQUEST:
        await questions.status(turn, heard)
    elif intent == Intent.ASK_HELP:
        turn.say("small_talk.help")
    elif intent == Intent.ASK_HUMAN:
        await handover.request(turn, reason="asked")
    elif intent == Intent.REPORT_VITALS and heard.slots.get("reading"):
        await wellbeing.readings(turn, heard)
    elif intent == Intent.REPORT_WELLBEING:
        await wellbeing.feelings(turn, heard, offer=False)
    elif intent == Intent.REPORT_EMERGENCY:
        await wellbeing.emergency(turn)
    elif intent in (Intent.GREET, Intent.THANK, Intent.CHITCHAT, Intent.OUT_OF_SCOPE):
        turn.say(f"small_talk.{intent}_in_form")
    elif intent in (Intent.SET_REMINDER, Intent.CANCEL_REQUEST, Intent.CHANGE_REQUEST):
        if intent == Intent.CANCEL_REQUEST and not answers.refers_back(turn.text):
            return False
        if form in ("change", "cancel"):
            return False
        kind = {Intent.SET_REMINDER: "reminder", Intent.CANCEL_REQUEST: "cancel"}.get(
            word_of(Intent, intent), "change"
        )
        turn.talk.queue.append({"kind": kind, "text": turn.text, "slots": {}})
        turn.say("form.noted_another")
    if len(turn.said) == before:
        return False
    turn.talk.misheard = 0
    turn.ask_again()
    return True
