"""Asking for care at home: what, when, and who can come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assistant.actions import offers, spoken, times
from assistant.actions.client import BackendError
from assistant.actions.forms import Form, say_refused
from assistant.actions.talk import CHOICE, CONFIRM
from assistant.actions.turn import Turn
from assistant.replies import phrasing
from assistant.vocabulary import CareItem, Mode, ServiceKind, Slot, word_of


class CarerForm(Form):
    """What care at home and company have in common: somebody's time is booked."""

    def skill(self, turn: Turn) -> str:
        """Return what the carer must be able to do, as the backend's search calls it."""
        raise NotImplementedError

    def details(self, turn: Turn) -> dict[str, Any]:
        """Return the details of the request, without who comes."""
        raise NotImplementedError

    def needs_carer(self, turn: Turn) -> bool:
        """Whether somebody's time is needed at all."""
        return True

    async def propose(self, turn: Turn) -> None:
        """Look who is free and read back, or offer the nearest other time."""
        when = turn.slots["when"]
        start, end = offers.asked_window(when, turn.now)
        try:
            found = await self._offers(turn, start, end)
            if not found:
                await self._offer_other_times(turn, start)
                return
        except BackendError as error:
            await say_refused(turn, error)
            return
        found = await offers.without_own_clashes(turn, found)
        point, point_end = times.window(when)
        best = offers.nearest(found, point)[0] if point == point_end else found[0]
        best = self._with_wished_carer(turn, found, best)
        self.read_back(turn, best)

    async def _offers(self, turn: Turn, start: datetime, end: datetime) -> list[dict[str, Any]]:
        return await turn.backend.care_offers(
            care_item=self.skill(turn),
            start=start.isoformat(),
            end=end.isoformat(),
            elder_id=turn.elder_id,
        )

    async def _offer_other_times(self, turn: Turn, start: datetime) -> None:
        found = await self._offers(turn, turn.now, start + timedelta(days=offers.SEARCH_DAYS))
        near = offers.nearest(found, start)[:1]
        wished = phrasing.say_when(start, start, now=turn.now)
        if not near:
            turn.slots.pop("when", None)
            turn.ask(Slot.WHEN.value, "home_care.nobody", when=wished)
            return
        at = datetime.fromisoformat(near[0]["start"])
        label = phrasing.say_when(at, at, now=turn.now)
        turn.talk.choices = [{"label": label, "slots": {"when": times.slot_of(at, at)}}]
        turn.ask(CHOICE, "home_care.other_time", when=wished, other=label, carer=near[0]["carer"]["name"])

    def _with_wished_carer(
        self, turn: Turn, found: list[dict[str, Any]], best: dict[str, Any]
    ) -> dict[str, Any]:
        wished = turn.slots.get("person")
        return next((offer for offer in found if offer["carer"]["name"] == wished), best)

    def read_back(self, turn: Turn, offer: dict[str, Any]) -> None:
        """Read the plan back and expect a yes."""
        details = {
            **self.details(turn),
            "carer_id": offer["carer"]["id"],
            "carer": offer["carer"]["name"],
        }
        if "repeat" in turn.slots["when"]:
            details["repeat"] = turn.slots["when"]["repeat"]
        turn.talk.plan = {
            "kind": self.kind,
            "details": details,
            "start": offer["start"],
            "end": offer["end"],
        }
        turn.ask(CONFIRM, "form.read_back", what=spoken.request(turn.talk.plan, now=turn.now))

    async def refused(self, turn: Turn, error: BackendError) -> None:
        """Somebody else was quicker: look again."""
        if error.code in ("carer_busy", "no_carer"):
            turn.say("home_care.just_taken")
            await self.propose(turn)
        else:
            await say_refused(turn, error)

    async def suggest(self, turn: Turn) -> bool:
        """随便 for the time: the soonest that somebody is free."""
        if turn.talk.expecting != Slot.WHEN:
            return False
        soon = turn.now + timedelta(hours=2)
        turn.slots["when"] = times.slot_of(soon, soon + timedelta(days=offers.SEARCH_DAYS))
        await self.advance(turn)
        return True


class HomeCareForm(CarerForm):
    """The form of care at home."""

    name = "home_care_form"
    kind = ServiceKind.HOME_CARE.value
    context = ServiceKind.HOME_CARE.value
    slots = (Slot.CARE_ITEM, Slot.WHEN, Slot.ADDRESS, Slot.PERSON)

    def skill(self, turn: Turn) -> str:
        """Return the care item."""
        return str(turn.slots["care_item"])

    def details(self, turn: Turn) -> dict[str, Any]:
        """Return care item, address, person."""
        return {name: turn.slots[name] for name in ("care_item", "address", "person") if turn.slots.get(name)}

    async def advance(self, turn: Turn) -> None:
        """Ask what and when, then look who can come."""
        if "care_item" not in turn.slots:
            turn.ask(Slot.CARE_ITEM.value, "home_care.ask_item")
        elif "when" not in turn.slots:
            turn.ask(
                Slot.WHEN.value, "home_care.ask_when", item=word_of(CareItem, turn.slots["care_item"]).label
            )
        else:
            await self.propose(turn)


class CompanyForm(CarerForm):
    """The form of company: a visit or a call."""

    name = "company_form"
    kind = ServiceKind.COMPANIONSHIP.value
    context = ServiceKind.COMPANIONSHIP.value
    slots = (Slot.MODE, Slot.WHEN, Slot.PERSON)
    yes_suggests = Slot.MODE  # 「好啊」 to 「上门，还是打电话？」 is a yes to company: a visit

    def skill(self, turn: Turn) -> str:
        """Return the mode: who visits and who calls are different skills."""
        return str(turn.slots["mode"])

    def details(self, turn: Turn) -> dict[str, Any]:
        """Return mode and person."""
        return {name: turn.slots[name] for name in ("mode", "person") if turn.slots.get(name)}

    async def advance(self, turn: Turn) -> None:
        """Ask how and when, then look who can come."""
        if "mode" not in turn.slots and "when" not in turn.slots:
            turn.ask(Slot.MODE.value, "company.ask_mode")
        elif "mode" not in turn.slots:
            turn.ask(Slot.MODE.value, "company.ask_mode_only")
        elif "when" not in turn.slots:
            turn.ask(Slot.WHEN.value, f"company.ask_when_{turn.slots['mode']}")
        else:
            await self.propose(turn)

    async def suggest(self, turn: Turn) -> bool:
        """随便 for visit or call: a visit."""
        if turn.talk.expecting == Slot.MODE:
            turn.slots["mode"] = Mode.VISIT.value
            await self.advance(turn)
            return True
        return await super().suggest(turn)
