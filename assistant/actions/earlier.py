"""Changing and cancelling what was arranged earlier."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assistant.actions import offers, reminded, spoken, times
from assistant.actions.client import BackendError
from assistant.actions.forms import Form, by_elder, say_refused
from assistant.actions.talk import CHOICE, CONFIRM
from assistant.actions.turn import Turn
from assistant.nlu import answers, remarks
from assistant.nlu.understanding import Understanding
from assistant.vocabulary import CHANGEABLE_STATES, RequestState, ServiceKind, Slot

MOST_NAMED = 3
"""Bookings named in one breath when it is unclear which is meant."""


class EarlierForm(Form):
    """A form about one request that exists: first which one, then what is to happen to it."""

    slots = tuple(Slot)

    async def find_target(
        self, turn: Turn, heard: Understanding, when: dict[str, Any] | None, *, text: str | None = None
    ) -> bool:
        """Find the request that is meant; ask where several may be. True when it is known."""
        try:
            rows = await turn.backend.requests(elder_id=turn.elder_id, open="true", limit=50)
        except BackendError as error:
            await say_refused(turn, error)
            turn.leave_form()
            return False
        changeable = {str(state) for state in CHANGEABLE_STATES} | {RequestState.MISSED.value}
        rows = [row for row in rows if row["state"] in changeable]
        if not rows:
            turn.keep_time(turn.hear())
            turn.say("earlier.nothing")
            turn.leave_form()
            return False
        meant = spoken.matching(
            rows, heard, now=turn.now, last=turn.talk.last_request, text=text or turn.text, when=when
        )
        just = [row for row in rows if row["id"] == turn.talk.last_request]
        if len(meant) > 1 and just and turn.just_booked() and self.means_the_last(turn, heard):
            meant = just
        if not meant and just and turn.just_booked():
            meant = just
        if len(meant) == 1:
            turn.talk.target = meant[0]
            return True
        named = meant or rows
        if not answers.means_all(turn.text):
            named = named[:MOST_NAMED]
        turn.talk.choices = [{"label": spoken.request(row, now=turn.now), "target": row} for row in named]
        labels = "；".join(choice["label"] for choice in turn.talk.choices)
        if len(named) == 1:
            turn.ask(CHOICE, "earlier.is_it_this", what=labels)
        else:
            turn.ask(CHOICE, "earlier.which", what=labels)
        return False

    def means_the_last(self, turn: Turn, heard: Understanding) -> bool:
        """Whether a sentence that names nothing can only mean what was arranged a moment ago."""
        return not heard.slots and not answers.means_all(turn.text) and not answers.kind_named(turn.text)

    async def chosen(self, turn: Turn, choice: Any) -> None:
        """Take the request that was chosen."""
        if "target" in choice:
            turn.talk.target = choice["target"]
        turn.slots.update(choice.get("slots", {}))
        await self.advance(turn)

    async def choice_declined(self, turn: Turn, choices: list[dict[str, Any]]) -> None:
        """None of those: leave everything as it is."""
        turn.say("earlier.left_alone")
        turn.talk.forget_wish()
        turn.leave_form()

    async def step(self, turn: Turn) -> None:
        """While it is open which request is meant, a sentence may name it in its own words."""
        rows = [choice["target"] for choice in turn.talk.choices if "target" in choice]
        if turn.talk.target is None and rows:
            heard = turn.hear()
            if rows[0]["kind"] == "reminder":
                meant = reminded.meant(rows, turn.text)
            else:
                meant = spoken.matching(rows, heard, now=turn.now, last=None, text=turn.text)
            if len(meant) == 1 and len(rows) > 1:
                turn.talk.choices, turn.talk.expecting = [], None
                turn.talk.target = meant[0]
                await self.advance(turn)
                return
        await super().step(turn)


class CancelForm(EarlierForm):
    """The cancel form."""

    name = "cancel_form"
    kind = "cancel"

    async def open(self, turn: Turn) -> None:
        """Find what is to be cancelled in the sentence that opened the form."""
        text = answers.without_kept((turn.talk.opening or {}).get("text") or turn.text)
        turn.talk.forget_wish()
        turn.talk.opening, turn.slots = None, {}
        turn.talk.form = self.kind
        heard = turn.hear(text)
        if remarks.speaks_of_reminders(text):
            found = await self._find_reminder(turn, text)
        else:
            found = await self.find_target(turn, heard, heard.slots.get("when"), text=text)
        if not found and len(turn.talk.choices) > 1 and answers.means_all(text):
            self._take_all(turn)
        elif found:
            await self.advance(turn)

    async def step(self, turn: Turn) -> None:
        """「都不要了」 to the question which one is meant: all that were named."""
        if turn.talk.expecting == CHOICE and len(turn.talk.choices) > 1 and answers.means_all(turn.text):
            self._take_all(turn)
            return
        await super().step(turn)

    async def _confirm(self, turn: Turn, heard: Understanding, given: dict[str, Any]) -> None:
        if answers.is_no(turn.text) and not answers.gives_up(turn.text):
            self.abandon(turn)  # 「不不，让他来」: whatever follows the no, the booking stays
            return
        await super()._confirm(turn, heard, given)

    def _take_all(self, turn: Turn) -> None:
        rows = [choice["target"] for choice in turn.talk.choices]
        what = "；".join(choice["label"] for choice in turn.talk.choices)
        turn.said.clear()
        turn.talk.choices, turn.talk.target = [], rows[0]
        turn.talk.plan = {"targets": [row["id"] for row in rows]}
        turn.ask(CONFIRM, "earlier.confirm_cancel_all", what=what)

    async def _find_reminder(self, turn: Turn, text: str) -> bool:
        """Find the reminder that is meant; ask where several may be. True when it is known."""
        try:
            rows = reminded.meant(await reminded.active(turn), text)
        except BackendError as error:
            await say_refused(turn, error)
            turn.leave_form()
            return False
        if not rows:
            turn.say("reminder.none")
            turn.leave_form()
            return False
        if len(rows) == 1:
            turn.talk.target = rows[0]
            return True
        turn.talk.choices = [
            {"label": reminded.said(row, turn.now), "target": row} for row in rows[:MOST_NAMED]
        ]
        turn.ask(CHOICE, "earlier.which", what="；".join(each["label"] for each in turn.talk.choices))
        return False

    async def advance(self, turn: Turn) -> None:
        """Ask whether that one shall really go."""
        if turn.talk.target is None:
            turn.ask_again()
            return
        turn.talk.plan = {"targets": [turn.talk.target["id"]]}
        turn.ask(CONFIRM, "earlier.confirm_cancel", what=_named(turn.talk.target, turn.now))

    def accepts(self, turn: Turn, heard: Understanding) -> dict[str, Any]:
        """Take no values: there is only yes, no and which."""
        return {}

    async def commit(self, turn: Turn) -> None:
        """Cancel it; what is said comes from the committed row."""
        target = turn.talk.target
        if target is None:
            turn.ask_again()
            return
        for request_id in (turn.talk.plan or {}).get("targets", [target["id"]]):
            body = {"turn_key": turn.key(), "reason": "asked", "by": by_elder(turn), "said": turn.text}
            try:
                if target["kind"] == "reminder":
                    ended = await turn.backend.cancel_reminder(request_id, {"by": by_elder(turn)})
                    row = {**ended, "kind": "reminder"}
                else:
                    row = await turn.backend.cancel(request_id, body)
            except BackendError as error:
                await say_refused(turn, error)
                break
            turn.commit(row)
            if target["kind"] == "reminder":
                turn.talk.last_request = None
            turn.say("earlier.cancelled", what=_named(row, turn.now))
        self.finish(turn)

    def abandon(self, turn: Turn) -> None:
        """算了 while cancelling: the booking stays."""
        if turn.talk.expecting == CONFIRM and turn.talk.declined == 0 and "取消" in turn.text:
            turn.talk.declined = 1
            turn.ask_again()
            return
        turn.say("earlier.left_alone")
        turn.talk.forget_wish()
        turn.leave_form()


def _named(row: dict[str, Any], now: datetime) -> str:
    return reminded.said(row, now) if row["kind"] == "reminder" else spoken.request(row, now=now)


_CHANGED_BY_KIND: dict[str, tuple[str, ...]] = {
    ServiceKind.MEAL: ("meal", "dish", "quantity", "delivery", "diet", "address", "person"),
    ServiceKind.HOME_CARE: ("care_item", "address", "person"),
    ServiceKind.MEDICAL_APPOINTMENT: ("department", "doctor", "facility", "accompaniment"),
    ServiceKind.COMPANIONSHIP: ("mode", "person"),
}


class ChangeForm(EarlierForm):
    """The change form."""

    name = "change_form"
    kind = "change"

    async def open(self, turn: Turn) -> None:
        """Find which request is meant and what is to be different."""
        text = (turn.talk.opening or {}).get("text") or turn.text
        turn.talk.forget_wish()
        turn.talk.opening, turn.slots = None, {}
        turn.talk.form = self.kind
        heard = turn.hear(text)
        old_when, new_when = _old_and_new(heard)
        reference = _reference(heard, text)
        turn.talk.notes["said"] = text
        if not await self.find_target(turn, reference, old_when):
            return
        if new_when is None and old_when is not None and not _is_at(turn.talk.target or {}, old_when):
            new_when = old_when  # 「上午去不了了，下午有没有」
        self._take_changes(turn, heard, new_when)
        await self.advance(turn)

    def _take_changes(self, turn: Turn, heard: Understanding, new_when: dict[str, Any] | None) -> None:
        target = turn.talk.target or {}
        details = target.get("details", {})
        # In the light of what it is: 「还要有人陪我去」 is a companion to the doctor, not somebody to come.
        close = turn.hear(heard.text, context=target["kind"])
        said = {**heard.slots, **close.slots}
        for name in _CHANGED_BY_KIND[target["kind"]]:
            key = "dishes" if name == "dish" else name
            if name in said and said[name] != details.get(key):
                turn.slots[name] = said[name]
        if "dish" in turn.slots and answers.adds(turn.talk.notes.get("said") or turn.text):
            held = details.get("dishes") or []
            turn.slots["dish"] = [*held, *(dish for dish in turn.slots["dish"] if dish not in held)]
        if new_when is not None:
            start = datetime.fromisoformat(target["start"])
            held = times.slot_of(start, datetime.fromisoformat(target["end"]))
            merged, parts = times.merge(held, ("day", "clock"), new_when, heard.when_parts)
            if times.window(merged)[0] != start:
                turn.slots["when"], turn.talk.when_parts = merged, parts

    async def chosen(self, turn: Turn, choice: Any) -> None:
        """Take the request that was chosen, and what was said of it before that was clear."""
        if "target" not in choice:
            await super().chosen(turn, choice)
            return
        turn.talk.target = choice["target"]
        await self._take_what_was_said(turn)

    async def _take_what_was_said(self, turn: Turn) -> None:
        heard = turn.hear(turn.talk.notes.get("said") or turn.text)
        old, new = _old_and_new(heard)
        if new is None and old is not None and not _is_at(turn.talk.target or {}, old):
            new = old
        self._take_changes(turn, heard, new)
        await self.advance(turn)

    async def step(self, turn: Turn) -> None:
        """A sentence that names one of several is not lost: what was said before still counts."""
        named = turn.talk.target is None
        await super().step(turn)
        if named and turn.talk.target is not None and turn.talk.expecting == "change" and not turn.slots:
            turn.said.clear()
            await self._take_what_was_said(turn)

    async def _answer(self, turn: Turn, heard: Understanding, given: dict[str, Any]) -> None:
        if turn.talk.target is not None and given:
            self._take_changes(turn, heard, heard.slots.get("when"))
            await self.advance(turn)
            return
        await super()._answer(turn, heard, given)

    async def advance(self, turn: Turn) -> None:
        """Ask what shall be different, or read the change back."""
        target = turn.talk.target
        if target is None:
            turn.ask_again()
            return
        changes = {name: value for name, value in turn.slots.items() if value is not None}
        what = spoken.request(target, now=turn.now)
        if not changes:
            turn.ask("change", "earlier.ask_change", what=what)
            return
        try:
            plan = await self._plan(turn, target, changes)
        except BackendError as error:
            await say_refused(turn, error)
            return
        if plan is None:
            return
        turn.talk.plan = plan
        after = {
            **target,
            "details": {**target["details"], **plan.get("details", {})},
            "start": plan.get("start", target["start"]),
            "end": plan.get("end", target["end"]),
            "carer": plan.get("carer", target.get("carer")),
        }
        turn.ask(CONFIRM, "earlier.confirm_change", what=what, after=spoken.request(after, now=turn.now))

    async def _plan(
        self, turn: Turn, target: dict[str, Any], changes: dict[str, Any]
    ) -> dict[str, Any] | None:
        details = {
            ("dishes" if name == "dish" else name): changes[name] for name in changes if name != "when"
        }
        plan: dict[str, Any] = {"details": details} if details else {}
        start, end = datetime.fromisoformat(target["start"]), datetime.fromisoformat(target["end"])
        if target["kind"] == ServiceKind.MEAL:
            meal = details.get("meal") or target["details"]["meal"]
            day = times.window(changes["when"])[0] if "when" in changes else start
            if "when" in changes and "meal" not in details and not times.is_whole_day(changes["when"]):
                said = times.meal_of(changes["when"])
                if said is not None and "part_of_day" in turn.talk.when_parts:
                    meal = details["meal"] = said.value
            if "when" in changes or "meal" in details:
                first, last = times.meal_window(day, meal)
                details["day"] = first.date().isoformat()
                plan = {"details": details, "start": first.isoformat(), "end": last.isoformat()}
            return plan
        if "when" not in changes and not {"care_item", "department", "doctor", "facility"} & set(details):
            return plan
        wanted = changes.get("when") or times.slot_of(start, end)
        first, last = offers.asked_window(wanted, turn.now)
        if target["kind"] == ServiceKind.MEDICAL_APPOINTMENT:
            found = await self._slots(turn, target, details, first, last)
        else:
            before = target["details"]
            skill = (
                details.get("care_item")
                or before.get("care_item")
                or details.get("mode")
                or before.get("mode")
                or target["kind"]
            )
            found = await turn.backend.care_offers(
                care_item=skill, start=first.isoformat(), end=last.isoformat(), elder_id=turn.elder_id
            )
        if not found:
            turn.slots.pop("when", None)
            turn.ask("change", "earlier.nothing_free")
            return None
        best = offers.nearest(found, times.window(wanted)[0])[0]
        plan = {"details": details, "start": best["start"], "end": best["end"]}
        if "carer" in best:
            details |= {"carer_id": best["carer"]["id"], "carer": best["carer"]["name"]}
            plan["carer"] = best["carer"]
        else:
            details |= {
                "slot_id": best["id"],
                "doctor": best["doctor"]["name"],
                "doctor_id": best["doctor"]["id"],
                "facility": best["facility"]["name"],
                "facility_id": best["facility"]["id"],
            }
        return plan

    async def _slots(
        self,
        turn: Turn,
        target: dict[str, Any],
        details: dict[str, Any],
        first: datetime,
        last: datetime,
    ) -> list[dict[str, Any]]:
        department = details.get("department") or target["details"]["department"]
        found = await turn.backend.slots(
            start=first.isoformat(), end=last.isoformat(), department=department, limit=60
        )
        doctor = details.get("doctor") or (
            None if "department" in details else target["details"].get("doctor")
        )
        same = [slot for slot in found if slot["doctor"]["name"] == doctor]
        return same or found

    async def commit(self, turn: Turn) -> None:
        """Change it; what is said comes from the committed row."""
        target, plan = turn.talk.target, turn.talk.plan
        if target is None or plan is None:
            await self.advance(turn)
            return
        body = {
            **{key: value for key, value in plan.items() if key != "carer"},
            "turn_key": turn.key(),
            "by": by_elder(turn),
            "said": turn.text,
        }
        try:
            row = await turn.backend.change(target["id"], body)
        except BackendError as error:
            turn.talk.plan = None
            turn.slots = {}
            if error.code == "unreachable":
                await say_refused(turn, error)
            else:
                turn.ask("change", "earlier.change_refused", what=spoken.request(target, now=turn.now))
            return
        turn.commit(row)
        turn.say("earlier.changed", what=spoken.request(row, now=turn.now))
        self.finish(turn)

    def abandon(self, turn: Turn) -> None:
        """算了: the booking stays as it is."""
        turn.say("earlier.left_alone")
        turn.talk.forget_wish()
        turn.slots = {}
        turn.leave_form()


def _old_and_new(heard: Understanding) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the time by which the request is meant and the time that it shall have."""
    rejected = heard.rejected.get("when") or []
    said = heard.slots.get("when")
    old = rejected[0] if rejected else None
    if old is not None and hasattr(old, "as_slot"):
        old = old.as_slot()
    if old is None and said is not None and not _moves(heard):
        return said, None
    return old, said


def _is_at(row: dict[str, Any], when: dict[str, Any]) -> bool:
    """Whether ``when`` is the time at which the request stands already."""
    start, end = times.window(when)
    begins = datetime.fromisoformat(row["start"])
    return start <= begins < end or begins == start


def _moves(heard: Understanding) -> bool:
    """Whether the sentence moves something in time, rather than naming it by its time."""
    text = heard.text
    cut = max(
        text.rfind(word)
        for word in (
            "改到",
            "改成",
            "换到",
            "换成",
            "挪到",
            "推到",
            "提前到",
            "改在",
            "推迟到",
            "调到",
            "改个",
        )
    )
    if cut < 0:
        return False
    return any(entity.entity == "when" and entity.start >= cut for entity in heard.entities)


def _reference(heard: Understanding, text: str) -> Understanding:
    """Return the understanding of what comes before 改成: the words that name the request."""
    cuts = [
        text.find(word)
        for word in ("改到", "改成", "换到", "换成", "挪到", "推到", "提前", "改在", "推迟", "调到")
    ]
    cut = min((position for position in cuts if position > 0), default=len(text))
    slots = {
        name: value
        for name, value in heard.slots.items()
        if name not in ("quantity", "delivery", "diet")
        and all(entity.start < cut for entity in heard.entities if entity.entity == name)
    }
    return Understanding(
        text=heard.text,
        entities=tuple(entity for entity in heard.entities if entity.start < cut),
        slots=slots,
        when=heard.when,
        rejected=heard.rejected,
        when_parts=heard.when_parts,
        tags=heard.tags,
    )
