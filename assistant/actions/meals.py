"""Ordering a meal: which day and meal, what, how many, sent or eaten there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assistant.actions import spoken, times
from assistant.actions.client import BackendError
from assistant.actions.forms import Form, say_refused
from assistant.actions.talk import CHOICE, CONFIRM
from assistant.actions.turn import Turn
from assistant.nlu import answers
from assistant.nlu.understanding import Understanding
from assistant.vocabulary import SET_MEAL, Delivery, Diet, Meal, Person, ServiceKind, Slot, word_of

NAMED_DISHES = 5
"""Dishes offered in one breath."""


class MealForm(Form):
    """The meal form."""

    name = "meal_form"
    kind = ServiceKind.MEAL.value
    context = ServiceKind.MEAL.value
    slots = (
        *(Slot.WHEN, Slot.MEAL, Slot.DISH, Slot.QUANTITY, Slot.DELIVERY),
        *(Slot.DIET, Slot.ADDRESS, Slot.PERSON),
    )

    def take(self, turn: Turn, given: Any, heard: Understanding) -> None:
        """Besides filling slots, keep which dishes an unclear name may mean."""
        dishes_before = turn.slots.get("dish") or []
        super().take(turn, given, heard)
        refused = heard.rejected.get("dish", [])
        left = [name for name in dishes_before if name not in refused]
        # 「番茄炒蛋不要，换个青菜豆腐」, 「再来一个狮子头」: what else she ordered stays.
        stays = len(left) < len(dishes_before) if refused else answers.adds(turn.text)
        if "dish" in given and stays:
            turn.slots["dish"] = [*left, *(name for name in given["dish"] if name not in left)]
        if "dish" in given and turn.talk.notes.get("clash") == ",".join(turn.slots.get("dish", [])):
            # Named once more after the warning: it is hers to decide.
            turn.talk.notes["clash_accepted"] = turn.talk.notes.pop("clash")
        if "dish" in given:
            unclear = [e for e in heard.entities if e.entity == "dish" and len(e.alternatives) > 1]
            meant = [name for e in unclear for name in e.alternatives if name in dishes_before]
            if len(unclear) == 1 and len(meant) == 1:
                # 「光要汤」, and there is one soup in the order.
                turn.slots["dish"], unclear = meant, []
            turn.talk.choices = []
            if unclear:
                it = {unclear[0].value, *unclear[0].alternatives}
                others = [name for name in turn.slots["dish"] if name not in it]
                turn.talk.choices = [
                    {"label": name, "slots": {"dish": [name, *others]}} for name in unclear[0].alternatives
                ]
        if "meal" in given and "when" in turn.slots and "when" not in given:
            start, end = times.meal_window(times.window(turn.slots["when"])[0], turn.slots["meal"])
            if "repeat" not in turn.slots["when"]:
                turn.slots["when"] = times.slot_of(start, end)

    async def advance(self, turn: Turn) -> None:
        """Ask for what is missing, or read the order back."""
        slots = turn.slots
        when = slots.get("when")
        if when is not None and "meal" not in slots:
            meal = times.meal_of(when)
            if meal is not None:
                slots["meal"] = meal.value
        if when is None and "meal" in slots:
            when = slots["when"] = self._next(turn, slots["meal"])
        if when is None:
            turn.ask(Slot.WHEN.value, "meal.ask_when")
            return
        if "meal" not in slots:
            turn.ask(Slot.MEAL.value, "meal.ask_meal", day=self._day_words(turn))
            return
        menu = await self._menu(turn)
        if menu is None or not self._resolve_dishes(turn, menu):
            return
        self._read_back(turn, menu)

    async def _menu(self, turn: Turn) -> dict[str, Any] | None:
        start, _ = times.window(turn.slots["when"])
        meal = turn.slots["meal"]
        at = spoken.meal_time(start, meal, now=turn.now)
        try:
            menu = await turn.backend.menu(
                elder_id=turn.elder_id,
                day=start.date().isoformat(),
                meal=meal,
                diet=turn.slots.get("diet"),
            )
        except BackendError as error:
            if error.code == "no_menu":
                turn.slots.pop("when")
                turn.ask(Slot.WHEN.value, "meal.no_menu", when=at)
            else:
                await say_refused(turn, error)
            return None
        if datetime.fromisoformat(menu["cut_off"]) <= turn.now:
            tomorrow = times.slot_of(*times.meal_window(max(start, turn.now) + timedelta(days=1), meal))
            next_at = spoken.meal_time(times.window(tomorrow)[0], meal, now=turn.now)
            turn.talk.choices = [{"label": next_at, "slots": {"when": tomorrow}}]
            turn.ask(CHOICE, "meal.too_late", when=at, next=next_at)
            return None
        return menu

    def _resolve_dishes(self, turn: Turn, menu: dict[str, Any]) -> bool:
        dishes = {dish["name"]: dish for dish in menu["dishes"] if dish["left"] > 0}
        at = spoken.meal_time(times.window(turn.slots["when"])[0], turn.slots["meal"], now=turn.now)
        fit = [name for name, dish in dishes.items() if not dish.get("clashes")] or list(dishes)
        there = [choice for choice in turn.talk.choices if choice["label"] in dishes]
        turn.talk.choices = []
        if len(there) == 1:
            turn.slots["dish"] = there[0]["slots"]["dish"]
        elif len(there) > 1:
            turn.slots.pop("dish", None)
            turn.talk.choices = there[:3]
            turn.ask(CHOICE, "form.which_of", names=_or([choice["label"] for choice in there[:3]]))
            return False
        asked = turn.slots.get("dish")
        if not asked:
            turn.ask(Slot.DISH.value, "meal.ask_dish", when=at, dishes=spoken.listed(fit[:NAMED_DISHES]))
            return False
        missing = [name for name in asked if name != SET_MEAL and name not in dishes]
        if missing:
            turn.slots.pop("dish")
            kept = [name for name in asked if name not in missing]
            if kept:
                turn.slots["dish"] = kept
            turn.ask(
                Slot.DISH.value,
                "meal.not_on_menu",
                when=at,
                missing=spoken.listed(missing),
                dishes=spoken.listed([name for name in fit if name not in kept][:NAMED_DISHES]),
            )
            return False
        accepted = turn.talk.notes.get("clash_accepted") == ",".join(asked)
        warned = {**dishes, **({SET_MEAL: menu["set_meal"]} if menu.get("set_meal") else {})}
        clashing = [name for name in asked if warned.get(name, {}).get("clashes")]
        if clashing and not accepted:
            first = clashing[0]
            instead = next((name for name in fit if name not in asked), SET_MEAL)
            because = "、".join(word_of(Diet, limit).label for limit in warned[first]["clashes"])
            turn.talk.choices = [
                {"label": instead, "slots": {"dish": [instead if name == first else name for name in asked]}}
            ]
            turn.ask(CHOICE, "meal.clash", dish=first, because=because, instead=instead)
            turn.talk.notes["clash"] = ",".join(asked)
            return False
        return True

    async def _choose(self, turn: Turn, heard: Understanding, given: dict[str, Any]) -> None:
        if "clash" in turn.talk.notes and not given and answers.insists(turn.text):
            await self.choice_declined(turn, turn.talk.choices)
            return
        await super()._choose(turn, heard, given)

    async def choice_declined(self, turn: Turn, choices: list[dict[str, Any]]) -> None:
        """She wants the dish all the same: it is hers to decide, and it is read back."""
        clash = turn.talk.notes.pop("clash", None)
        if clash is not None:
            turn.talk.notes["clash_accepted"] = clash
            turn.slots["dish"] = clash.split(",")
            await self.advance(turn)
            return
        if choices and "when" in choices[0].get("slots", {}):
            turn.slots.pop("when", None)
            turn.slots.pop("meal", None)
            turn.ask(Slot.WHEN.value, "meal.ask_when")
            return
        turn.slots.pop("dish", None)
        turn.ask(Slot.DISH.value, "meal.ask_dish_again")

    async def suggest(self, turn: Turn) -> bool:
        """随便: the set meal; any day: the next meal that can still be ordered."""
        if turn.talk.expecting in (Slot.DISH, CHOICE):
            turn.slots["dish"] = [SET_MEAL]
        elif turn.talk.expecting == Slot.WHEN:
            turn.slots["when"], turn.slots["meal"] = self._next(turn, Meal.LUNCH), Meal.LUNCH.value
        elif turn.talk.expecting == Slot.MEAL:
            turn.slots["meal"] = Meal.LUNCH.value
        else:
            return False
        await self.advance(turn)
        return True

    def _read_back(self, turn: Turn, menu: dict[str, Any]) -> None:
        slots = turn.slots
        start, end = times.meal_window(times.window(slots["when"])[0], slots["meal"])
        slots.setdefault("quantity", self._usual_quantity(turn))
        slots.setdefault("delivery", Delivery.DELIVERY.value)
        details: dict[str, Any] = {
            "meal": slots["meal"],
            "day": start.date().isoformat(),
            "dishes": slots["dish"],
            "quantity": slots["quantity"],
            "delivery": slots["delivery"],
        }
        for name in ("diet", "address", "person"):
            if slots.get(name):
                details[name] = slots[name]
        if "repeat" in slots["when"]:
            details["repeat"] = slots["when"]["repeat"]
        if turn.talk.notes.get("clash_accepted"):
            details["accept_clash"] = True
        del menu  # the canteen is the backend's to choose, from the elder's village
        turn.talk.plan = {
            "kind": self.kind,
            "details": details,
            "start": start.isoformat(),
            "end": end.isoformat(),
        }
        what = spoken.request({**turn.talk.plan}, now=turn.now)
        turn.ask(CONFIRM, "form.read_back", what=what)

    async def refused(self, turn: Turn, error: BackendError) -> None:
        """Offer what is left, or another day."""
        names = [item if isinstance(item, str) else item.get("name", "") for item in error.alternatives]
        names = [name for name in names if name]
        if error.code in ("sold_out", "not_on_menu", "diet_clash", "no_capacity") and names:
            turn.slots.pop("dish", None)
            turn.ask(Slot.DISH.value, "meal.sold_out", dishes=spoken.listed(names[:NAMED_DISHES]))
        elif error.code == "past_cut_off":
            turn.slots.pop("when", None)
            turn.ask(Slot.WHEN.value, "meal.just_too_late")
        else:
            await say_refused(turn, error)

    @staticmethod
    def _usual_quantity(turn: Turn) -> int:
        return 2 if turn.slots.get("person") == Person.SPOUSE and "too" in turn.talk.notes else 1

    @staticmethod
    def _next(turn: Turn, meal: str) -> dict[str, Any]:
        day = turn.now
        if times.MEAL_HOURS[meal][0] <= turn.now.hour:
            day = turn.now + timedelta(days=1)
        return times.slot_of(*times.meal_window(day, meal))

    def _day_words(self, turn: Turn) -> str:
        start, _ = times.window(turn.slots["when"])
        return spoken.day(start, now=turn.now)


def _or(names: list[str]) -> str:
    return "，还是".join(names)
