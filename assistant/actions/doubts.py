"""A wish not sure enough to act on is asked about (您是要订饭吗); her answer opens or drops it."""

from __future__ import annotations

from assistant.actions import like_before
from assistant.actions.turn import FRESH, Turn
from assistant.nlu import answers
from assistant.vocabulary import FALLBACK_INTENT, Intent, ServiceKind, identifiers

_MAY_ANSWER = frozenset(
    (
        *(FALLBACK_INTENT, Intent.AFFIRM, Intent.ASK_DATETIME, Intent.ASK_MENU),
        *(Intent.CHITCHAT, Intent.GREET, Intent.OUT_OF_SCOPE),
    )
)
"""Intents that the model gives to bare answers (明天, 中午, 套餐): only these are taken for one."""
_MAY_DROP = frozenset((FALLBACK_INTENT, Intent.CHITCHAT, Intent.DENY, Intent.OUT_OF_SCOPE))
_MAY_REPEAT = frozenset((FALLBACK_INTENT, Intent.CHITCHAT, Intent.REPORT_WELLBEING, Intent.AFFIRM))
_NAMED = {
    "care_item": "home_care",
    "department": "medical_appointment",
    "doctor": "medical_appointment",
    "dish": "meal",
}
"""slot → the wish that names it: 「推拿，哪天呢，礼拜三吧」 changes nothing where nothing was booked."""
_ANSWERS = frozenset(("when", "meal", "dish", "quantity", "delivery", "diet", *_NAMED, "mode"))
"""Slots with which she goes on with what was asked about."""
LONGEST_WORD = 4
"""Characters of an opening that is nothing but the name of a service: 吃饭, 要看病."""
_CONTEXTS = frozenset(identifiers(ServiceKind))


def ask(turn: Turn) -> bool:
    """Ask, once, whether she wants what it may be; False where there is no such thing."""
    heard = turn.hear()
    kind, before = turn.doubted or only_named(turn), turn.talk.offer
    if turn.just_booked() and kind in (None, *_CONTEXTS):
        kind = "change" if _speaks_of_the_last(turn) or answers.just_now(turn.text) else kind
    if kind == "change" and not turn.just_booked() and not answers.alters(turn.text):
        kind = next((wish for slot, wish in _NAMED.items() if slot in heard.slots), kind)
    if kind is None or (before is not None and before.get("text")):
        return False
    turn.talk.offer = {"kind": kind, "slots": {}, "text": turn.text}
    turn.ask(None, f"doubt.{kind}")
    return True


def only_named(turn: Turn) -> str | None:
    """Return the kind of a service that is all she says (吃饭): a wish, or the beginning of one."""
    heard = turn.hear()
    topics = heard.topics & _CONTEXTS
    if len(topics) != 1 or len(turn.text.strip("，。！…")) > LONGEST_WORD or answers.is_question(turn.text):
        return None
    return None if heard.slots or "past" in heard.tags else next(iter(topics))


def _speaks_of_the_last(turn: Turn) -> bool:
    """「上午去不了了，下午有没有」 right after 约好了, nothing new named: that one."""
    heard = turn.hear()
    named = heard.slots.keys() & {"care_item", "department", "doctor", "mode", "dish"}
    return "when" in heard.slots and not named and not heard.is_past


def taken_up(turn: Turn) -> bool:
    """Open the wish asked about where the sentence goes on with it: 「您是要订饭吗？」 「明天中午」."""
    if goes_on_with_offer(turn):
        return True
    if _takes_from_menu(turn):
        named = turn.hear(context="meal").slots
        told = (turn.talk.offer or {})["slots"].items()
        kept = {name: value for name, value in told if name not in named}
        turn.talk.offer = None
        turn.open_wish("meal", text=turn.text, slots=kept)
        return True
    if _once_more(turn):
        turn.open_wish(str(turn.talk.last_kind), text=turn.text)
        return True
    if again(turn):
        return True
    if _alters_the_last(turn) or _moves_the_last(turn):
        turn.open_wish("change", text=turn.text)
        return True
    if _drops_the_last(turn):
        turn.open_wish("cancel", text=turn.text)
        return True
    offer = turn.talk.offer
    if offer is None or not offer.get("text") or turn.intent not in _MAY_ANSWER:
        return False
    yes = answers.is_yes(turn.text) or answers.begins_with_yes(turn.text)
    if not yes and (
        answers.is_no(turn.text) or answers.is_question(turn.text) or not _goes_on(turn, offer["kind"])
    ):
        return False
    said = offer["text"] if answers.is_bare(turn.text) else f"{offer['text']}，{turn.text}"
    turn.talk.offer = None
    turn.open_wish(offer["kind"], text=said)
    turn.say("form.gladly")
    return True


def _drops_the_last(turn: Turn) -> bool:
    """「不要了」, 「别弄了，我姐叫我去她家吃」 right after 订好了 is no answer to anything else."""
    return turn.just_booked() and turn.intent in _MAY_DROP and answers.gives_up(turn.text)


def again(turn: Turn) -> bool:
    """Open what was cancelled just now for another time (礼拜四下午再来); False where that is not meant."""
    dropped, kind = turn.talk.dropped, turn.talk.last_kind
    if dropped is None or kind not in _CONTEXTS or turn.talk.turns - dropped["turn"] > FRESH:
        return False
    if turn.intent not in _MAY_REPEAT | {Intent.CHANGE_REQUEST} or answers.is_question(turn.text):
        return False
    if not _speaks_of_the_last(turn):
        return False
    turn.open_wish(kind, text=turn.text, slots=like_before.kept(kind, dropped["details"]))
    return True


def _alters_the_last(turn: Turn) -> bool:
    """「不用送，我自己去吃」, 「少放点盐」 right after 订好了: that meal is meant."""
    if not turn.just_booked() or turn.talk.last_kind != ServiceKind.MEAL or turn.intent not in _MAY_DROP:
        return False
    heard = turn.hear()
    if heard.is_past:
        return False
    said = heard.slots.keys()
    return bool(said & {"delivery", "quantity", "diet"}) and not said & {"dish", "care_item", "department"}


def goes_on_with_offer(turn: Turn) -> bool:
    """Open what was offered where she only says when: 「要不要约口腔科看看？」 「明天上午」."""
    offer = turn.talk.offer
    if offer is None or offer["kind"] == ServiceKind.MEAL or offer.get("text") or not offer["slots"]:
        return False
    heard = turn.hear(context=offer["kind"])
    if set(heard.slots) != {"when"} or answers.is_no(turn.text) or answers.is_question(turn.text):
        return False
    if heard.is_past:
        return False
    turn.talk.offer = None
    turn.open_wish(offer["kind"], text=turn.text, slots=offer["slots"])
    return True


def _takes_from_menu(turn: Turn) -> bool:
    """「那就来个狮子头」 right after the menu was told: an order for that meal."""
    offer = turn.talk.offer
    if offer is None or offer["kind"] != ServiceKind.MEAL or offer.get("text"):
        return False
    if turn.intent not in (FALLBACK_INTENT, Intent.AFFIRM, Intent.CHITCHAT, Intent.OUT_OF_SCOPE):
        return False
    return "dish" in turn.hear(context="meal").slots and not answers.is_question(turn.text)


def _moves_the_last(turn: Turn) -> bool:
    """「上午去不了了，下午有没有」 right after 约好了: it shall be at another time."""
    if not turn.just_booked() or turn.intent not in (Intent.QUERY_REQUEST, Intent.ASK_MENU):
        return False
    return answers.cannot(turn.text) and _speaks_of_the_last(turn)


def _once_more(turn: Turn) -> bool:
    """「后天还是老样子」 right after 订好了: another one like it."""
    if not turn.just_booked() or turn.talk.last_kind not in _CONTEXTS or turn.intent not in _MAY_REPEAT:
        return False
    return answers.like_before(turn.text) and _speaks_of_the_last(turn)


def _goes_on(turn: Turn, kind: str) -> bool:
    heard = turn.hear(context=kind if kind in _CONTEXTS else None)
    if heard.is_past:
        return False
    return not _ANSWERS.isdisjoint(heard.slots)
