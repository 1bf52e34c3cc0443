"""How every form of ours goes on: one sentence in, slots filled, the next question or the read-back out.

A form takes everything at once or bit by bit, in any order; a correction counts at any point; a question in
between is answered and the form comes back to its own; it ends with a read-back and an explicit yes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from assistant.actions import asides, handover, like_before, spoken, times
from assistant.actions.client import BackendError
from assistant.actions.talk import CHOICE, CONFIRM
from assistant.actions.turn import Turn
from assistant.actions.wishes import Wish, other_wishes
from assistant.nlu import answers
from assistant.nlu.understanding import Understanding
from assistant.vocabulary import BOOKING_INTENTS, Intent, Slot

STALE_AFTER = timedelta(hours=2)
"""A form left alone for longer is not continued: an old woman who sits down in the evening does not mean
the lunch of which she spoke in the morning."""
MOST_MISHEARD = 2
"""Re-prompts, each worded differently, before a person is asked to call (design of the fallback)."""


_OF_ANOTHER = frozenset(("when", "meal", "person", "quantity"))
"""What is said of another order like the one in hand; who names more changes this one."""


class Form(ABC):
    """A form. Subclasses say which slots are theirs, what is still missing, and what is committed."""

    name: str
    """Rasa's name of the form."""
    kind: str
    """What it arranges: a service kind, or ``reminder``, ``change``, ``cancel``."""
    slots: tuple[Slot, ...]
    """The slots that it fills."""
    context: str | None = None
    """The service kind in whose light sentences are read."""
    yes_suggests: Slot | None = None
    """The slot whose question names something that a bare yes may take; it is read back like any other."""

    @abstractmethod
    async def advance(self, turn: Turn) -> None:
        """Ask for what is missing next, or read back."""

    async def commit(self, turn: Turn) -> None:
        """Do what was read back and said yes to; what is said comes from the committed row."""
        plan = turn.talk.plan
        if plan is None:
            await self.advance(turn)
            return
        body = {
            **plan,
            "turn_key": turn.key(),
            "elder_id": turn.elder_id,
            "said": turn.text,
            "by": by_elder(turn),
        }
        try:
            row = await turn.backend.submit(body)
        except BackendError as error:
            turn.talk.plan = None
            await self.refused(turn, error)
            return
        turn.commit(row)
        turn.say(f"{self.kind}.booked", what=spoken.request(row, now=turn.now))
        if row["details"].get("repeat"):
            turn.say("form.repeat_once")
        self.finish(turn)

    async def refused(self, turn: Turn, error: BackendError) -> None:
        """The backend did not commit: say so, and what else there is."""
        await say_refused(turn, error)

    async def suggest(self, turn: Turn) -> bool:
        """Choose something concrete for what was asked (随便, 你看着办). False where there is nothing."""
        return False

    def accepts(self, turn: Turn, heard: Understanding) -> dict[str, Any]:
        """Return the slots of this form that the sentence holds."""
        mine = {str(slot) for slot in self.slots}
        if heard.is_past:
            # 「昨天夜里没睏好」 is a story: no day of it is the day that is wanted.
            mine -= {Slot.WHEN.value, Slot.MEAL.value}
        return {name: value for name, value in heard.slots.items() if name in mine}

    # -- the way of one sentence through the form ------------------------------------------------

    async def open(self, turn: Turn) -> None:
        """Start the form with the sentence, or the queued wish, that opened it."""
        opening = turn.talk.opening
        turn.talk.forget_wish()
        turn.talk.opening = None
        turn.talk.form = self.kind
        turn.slots = {}
        offer, turn.talk.offer = turn.talk.offer, None
        if opening is None:
            wishes = other_wishes(turn, self.kind, opening=True)
            turn.talk.queue += [wish.as_dict() for wish in wishes.others]
            heard = turn.hear(wishes.own, context=self.context)
            self.take(turn, self.accepts(turn, heard), heard)
            self._keep_day(turn, wishes.day)
            self._take_offer(turn, offer)
            turn.take_unplaced()
            await like_before.fill(turn, self.kind, heard)
            if self._ask_which_time(turn, heard):
                return
        else:
            wish = Wish.from_dict(opening)
            if wish.text:
                heard = turn.hear(wish.text, context=self.context)
                self.take(turn, self.accepts(turn, heard), heard)
                self._keep_day(turn, wish.day)
                await like_before.fill(turn, self.kind, heard, text=wish.text)
            turn.slots.update(wish.slots)
            turn.take_unplaced()
        await self.advance(turn)

    async def step(self, turn: Turn) -> None:
        """Take one more sentence."""
        if self._is_stale(turn):
            await self._start_afresh(turn)
            return
        heard = turn.hear(self._own_words(turn), context=self.context)
        given = self.accepts(turn, heard)
        if turn.intent == Intent.ASK_REPEAT and not given:
            asides.repeat(turn)
        elif turn.talk.expecting is None:
            # The last turn could not ask (the backend did not answer): nothing is lost, it is tried again.
            self.take(turn, given, heard)
            await self.advance(turn)
        elif turn.talk.expecting == CHOICE:
            await self._choose(turn, heard, given)
        elif turn.talk.expecting == CONFIRM:
            await self._confirm(turn, heard, given)
        else:
            await self._answer(turn, heard, given)

    def _own_words(self, turn: Turn) -> str:
        """Return the sentence without the other wishes in it, whose day is not the day of this one."""
        if self.kind not in like_before.KEPT:
            return turn.text
        wishes = other_wishes(turn, self.kind)
        return wishes.own if wishes.others else turn.text

    async def _answer(self, turn: Turn, heard: Understanding, given: dict[str, Any]) -> None:
        offered = self.yes_suggests is not None and turn.talk.expecting == self.yes_suggests
        if offered and not given and answers.is_yes(turn.text):
            turn.talk.misheard = 0
            await self.suggest(turn)
            return
        if await self._leave_or_interrupt(turn, heard, given):
            return
        if given or self._corrects(turn, heard):
            turn.talk.misheard = 0
            self.take(turn, given, heard)
            if not self._ask_which_time(turn, heard):
                await self.advance(turn)
        elif answers.leaves_choice(turn.text) and await self.suggest(turn):
            turn.talk.misheard = 0
        elif answers.is_no(turn.text) and answers.is_bare(turn.text):
            turn.ask(turn.talk.expecting, "form.ask_what_instead")
        else:
            await self.misheard(turn)

    async def _choose(self, turn: Turn, heard: Understanding, given: dict[str, Any]) -> None:
        choices = turn.talk.choices
        index = answers.chosen(turn.text, len(choices)) if len(choices) > 1 else None
        if index is None and (
            # A yes to 「今天，还是下个礼拜三？」 takes the nearer: it is read back before anything is booked.
            (answers.is_yes(turn.text) and not given and (len(choices) == 1 or _of_times(choices)))
            or (answers.leaves_choice(turn.text) and choices)
        ):
            index = 0
        if index is None and not heard.rejected:
            named = [i for i, choice in enumerate(choices) if choice["label"] in turn.text]
            index = named[0] if len(named) == 1 else None
            if index is not None:
                mine = choices[index].get("slots", {})
                self.take(turn, {name: value for name, value in given.items() if name not in mine}, heard)
        if index is not None:
            chosen = choices[index]
            turn.talk.choices, turn.talk.expecting, turn.talk.misheard = [], None, 0
            await self.chosen(turn, chosen)
            return
        if answers.is_no(turn.text) and answers.is_bare(turn.text) and not answers.gives_up(turn.text):
            turn.talk.choices, turn.talk.expecting = [], None
            await self.choice_declined(turn, choices)
            return
        await self._answer(turn, heard, given)

    async def chosen(self, turn: Turn, choice: Mapping[str, Any]) -> None:
        """Take a choice; by default it brings slots."""
        turn.slots.update(choice.get("slots", {}))
        if "when" in choice.get("slots", {}):
            turn.talk.when_parts = ["clock", "day"]
        await self.advance(turn)

    async def choice_declined(self, turn: Turn, choices: list[dict[str, Any]]) -> None:
        """None of what was offered: forget the slots on offer and ask openly."""
        for choice in choices:
            for name in choice.get("slots", {}):
                turn.slots.pop(name, None)
        turn.ask(next(iter(choices[0].get("slots", {})), None) if choices else None, "form.ask_what_instead")

    def _is_one_more(self, turn: Turn, given: dict[str, Any]) -> bool:
        """「后天也要一份」, 「老头子也来一份」 at the read-back: another one, no change."""
        if (
            not answers.also(turn.text)
            or not given.keys() <= _OF_ANOTHER
            or self.kind not in like_before.KEPT
        ):
            return False
        held = turn.slots.get("when")
        other_day = "when" in given and held is not None and times.other_day(given["when"], held)
        return other_day or given.get("person", turn.slots.get("person")) != turn.slots.get("person")

    async def _confirm(self, turn: Turn, heard: Understanding, given: dict[str, Any]) -> None:
        if self._is_one_more(turn, given) and not other_wishes(turn, self.kind).others:
            turn.talk.queue.append(Wish(self.kind, turn.text).as_dict())
            turn.say("form.noted_another")
            turn.ask_again()
            return
        changed = {name: value for name, value in given.items() if self._differs(turn, name, value, heard)}
        if answers.is_yes(turn.text) and not changed and not heard.rejected:
            await self.commit(turn)
            return
        if changed or self._corrects(turn, heard):
            if await self._leave_or_interrupt(turn, heard, changed):
                return
            turn.talk.declined = turn.talk.misheard = 0
            self.take(turn, changed, heard)
            turn.talk.plan = None
            if not self._ask_which_time(turn, heard):
                await self.advance(turn)
            return
        if turn.intent == Intent.AFFIRM and turn.confidence >= 0.6 and not answers.is_no(turn.text):
            await self.commit(turn)
            return
        if answers.is_no(turn.text) and answers.is_bare(turn.text) and not answers.gives_up(turn.text):
            turn.talk.declined += 1
            if turn.talk.declined >= 2:
                self.abandon(turn)
            else:
                turn.say("form.ask_what_is_wrong")
            return
        if given and not changed and not answers.is_question(turn.text):
            # The same thing said once more is no yes by itself: read back again, shortly.
            if answers.begins_with_yes(turn.text):
                await self.commit(turn)
            else:
                turn.ask_again()
            return
        if await self._leave_or_interrupt(turn, heard, changed):
            return
        if answers.leaves_choice(turn.text):
            await self.commit(turn)
            return
        await self.misheard(turn)

    async def _leave_or_interrupt(self, turn: Turn, heard: Understanding, given: dict[str, Any]) -> bool:
        wishes = other_wishes(turn, self.kind)
        instead = answers.wants_instead(turn.text) and not heard.rejected
        if wishes.others and (not given or not wishes.own.strip() or instead):
            await self._another_wish(turn, wishes.others)
            return True
        if answers.gives_up(turn.text) and not self._gives_anything_new(turn, given):
            self.abandon(turn)
            return True
        if await asides.interrupt(turn, heard, given, form=self.kind):
            return True
        if wishes.others:
            turn.talk.queue += [wish.as_dict() for wish in wishes.others]
        return False

    @staticmethod
    def _gives_anything_new(turn: Turn, given: dict[str, Any]) -> bool:
        """「明天的饭不要了」 names the day and the meal only to say which order is dropped."""
        naming = {"when", "meal", "dish"} if turn.intent in (Intent.CANCEL_REQUEST, Intent.DENY) else set()
        return bool(given.keys() - naming)

    async def _another_wish(self, turn: Turn, others: list[Wish]) -> None:
        if answers.wants_instead(turn.text):
            turn.say("form.dropped_for_another")
            turn.talk.forget_wish()
            turn.slots = {}
            turn.talk.queue = [wish.as_dict() for wish in others] + turn.talk.queue
            turn.leave_form()
            return
        known = {wish["kind"] for wish in turn.talk.queue}
        turn.talk.queue += [wish.as_dict() for wish in others if wish.kind not in known]
        turn.say("form.noted_another")
        turn.ask_again()

    async def misheard(self, turn: Turn) -> None:
        """Nothing of the sentence was understood: ask again in other words, then bring a person."""
        turn.talk.misheard += 1
        if turn.talk.misheard > MOST_MISHEARD:
            turn.talk.misheard = 0
            await handover.request(turn, reason="misunderstood")
            turn.ask_again()
        else:
            turn.say(f"form.misheard_{turn.talk.misheard}")
            turn.ask_again()

    def abandon(self, turn: Turn) -> None:
        """Drop the wish and say so."""
        turn.say("form.abandoned")
        turn.talk.forget_wish()
        turn.slots = {}
        turn.leave_form()

    def finish(self, turn: Turn) -> None:
        """The wish is done: close the form, keep what it was about for 刚才那个."""
        turn.talk.forget_wish()
        turn.leave_form()

    # -- filling slots -----------------------------------------------------------------------------

    def take(self, turn: Turn, given: Mapping[str, Any], heard: Understanding) -> None:
        """Put what was heard into the slots; what was rejected goes out of them."""
        for name, values in heard.rejected.items():
            self._take_out(turn, name, values)
        for name, value in given.items():
            if name == Slot.WHEN:
                merged, parts = times.merge(
                    turn.slots.get("when"), turn.talk.when_parts, value, heard.when_parts
                )
                turn.slots["when"], turn.talk.when_parts = merged, parts
            elif name == Slot.DIET:
                turn.slots[name] = sorted({*turn.slots.get(name, []), *value})
            else:
                turn.slots[name] = value

    def _take_offer(self, turn: Turn, offer: dict[str, Any] | None) -> None:
        """「明天中午有狮子头」, 「那给我来一份」: what was just spoken of need not be said again."""
        if offer is None or offer["kind"] != self.kind:
            return
        for name, value in offer["slots"].items():
            turn.slots.setdefault(name, value)
        if offer["slots"].get("when") is turn.slots.get("when"):
            turn.talk.when_parts = ["day", "part_of_day"]

    def _keep_day(self, turn: Turn, day: dict[str, Any] | None) -> None:
        """「明天上午看病，中午订份套餐」: the noon meant is tomorrow's."""
        if day is None or "day" in turn.talk.when_parts:
            return
        said = turn.slots.get("when")
        if said is not None:
            turn.slots["when"], turn.talk.when_parts = times.merge(
                day, ["day", "part_of_day"], said, turn.talk.when_parts
            )
        elif self.kind == "meal" and "meal" not in turn.slots:
            turn.slots["when"], turn.talk.when_parts = day, ["day", "part_of_day"]
        elif "meal" in turn.slots:
            window = times.meal_window(times.window(day)[0], turn.slots["meal"])
            turn.slots["when"], turn.talk.when_parts = times.slot_of(*window), ["day", "part_of_day"]

    def _ask_which_time(self, turn: Turn, heard: Understanding) -> bool:
        """Ask which time is meant where two are as likely; the first stays until she says."""
        readings = times.which(heard, self.accepts(turn, heard))
        if not readings:
            return False
        labels = [spoken.time_words(each, now=turn.now) for each in readings]
        turn.talk.choices = [
            {"label": label, "slots": {"when": each}} for label, each in zip(labels, readings, strict=True)
        ]
        turn.ask(CHOICE, "form.which_time", one=labels[0], other=labels[1])
        return True

    def _take_out(self, turn: Turn, name: str, values: list[Any]) -> None:
        held = turn.slots.get(name)
        if isinstance(held, list):
            left = [item for item in held if item not in values]
            if left:
                turn.slots[name] = left
            else:
                turn.slots.pop(name, None)
        elif held is not None and held in values and name != Slot.WHEN:
            turn.slots.pop(name)

    def _corrects(self, turn: Turn, heard: Understanding) -> bool:
        return any(turn.slots.get(name) is not None for name in heard.rejected if name != Slot.WHEN)

    def _differs(self, turn: Turn, name: str, value: Any, heard: Understanding) -> bool:
        held = turn.slots.get(name)
        if name == Slot.WHEN and held is not None:
            merged, _ = times.merge(held, turn.talk.when_parts, value, heard.when_parts)
            return bool(merged != held)
        if name == Slot.DIET and held is not None:
            return not set(value) <= set(held)
        return bool(held != value)

    def _is_stale(self, turn: Turn) -> bool:
        touched = turn.talk.touched_at
        return touched is not None and turn.now - datetime.fromisoformat(touched) > STALE_AFTER

    async def _start_afresh(self, turn: Turn) -> None:
        turn.talk.forget_wish()
        turn.talk.queue = []
        turn.slots = {}
        if BOOKING_INTENTS.get(turn.intent) == self.kind:  # type: ignore[call-overload]
            await self.open(turn)
            return
        turn.leave_form()
        turn.hand_on()


def _of_times(choices: list[dict[str, Any]]) -> bool:
    return bool(choices) and all(set(choice.get("slots", {})) == {Slot.WHEN.value} for choice in choices)


def by_elder(turn: Turn) -> dict[str, str]:
    """Return who acts: the elder herself."""
    return {"role": "elder", "id": turn.elder_id}


async def say_refused(turn: Turn, error: BackendError) -> None:
    """Say honestly that nothing was done, where no alternative can be offered."""
    key = "form.unreachable" if error.code == "unreachable" else "form.refused"
    turn.say(key)
