"""Booking a doctor: which department, when, where, and whether somebody comes along."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assistant.actions import offers, spoken, times
from assistant.actions.client import BackendError
from assistant.actions.forms import Form, say_refused
from assistant.actions.talk import CHOICE, CONFIRM
from assistant.actions.turn import Turn
from assistant.nlu.understanding import Understanding, suggest_department
from assistant.replies import phrasing
from assistant.vocabulary import Department, ServiceKind, Slot, word_of

LOOKED_AT = 60
"""Open slots looked at in the window asked for."""


class AppointmentForm(Form):
    """The appointment form."""

    name = "appointment_form"
    kind = ServiceKind.MEDICAL_APPOINTMENT.value
    context = ServiceKind.MEDICAL_APPOINTMENT.value
    slots = (
        *(Slot.DEPARTMENT, Slot.WHEN, Slot.ACCOMPANIMENT),
        *(Slot.SYMPTOM, Slot.FACILITY, Slot.DOCTOR, Slot.PERSON),
    )

    def take(self, turn: Turn, given: Any, heard: Understanding) -> None:
        """Besides filling slots, keep which doctors an unclear name may mean."""
        super().take(turn, given, heard)
        if "department" in given and "doctor" not in given:
            turn.slots.pop("doctor", None)
        unclear = [e for e in heard.entities if e.entity == "doctor" and len(e.alternatives) > 1]
        turn.talk.choices = (
            [{"label": name, "slots": {"doctor": name}} for name in unclear[0].alternatives]
            if unclear
            else []
        )

    async def advance(self, turn: Turn) -> None:
        """Ask for what is missing, or read a free time back."""
        slots = turn.slots
        if not self._know_department(turn):
            return
        if "when" not in slots:
            department = word_of(Department, slots["department"]).label
            turn.ask(Slot.WHEN.value, "appointment.ask_when", department=department)
            return
        try:
            await self._propose(turn)
        except BackendError as error:
            await say_refused(turn, error)

    def _know_department(self, turn: Turn) -> bool:
        slots = turn.slots
        if "department" not in slots and slots.get("doctor"):
            named = [doctor for doctor in turn.catalogue.doctors if doctor.name == slots["doctor"]]
            if named and named[0].department:
                slots["department"] = named[0].department
        if "department" in slots:
            return True
        symptom = slots.get("symptom")
        suggested = suggest_department(symptom) if symptom else None
        if suggested is not None:
            turn.talk.choices = [{"label": suggested.label, "slots": {"department": suggested.value}}]
            turn.ask(CHOICE, "appointment.suggest_department", symptom=symptom, department=suggested.label)
        else:
            turn.ask(Slot.DEPARTMENT.value, "appointment.ask_department")
        return False

    async def choice_declined(self, turn: Turn, choices: list[dict[str, Any]]) -> None:
        """Not the department or time on offer: ask openly."""
        slots = choices[0].get("slots", {}) if choices else {}
        if "department" in slots:
            turn.ask(Slot.DEPARTMENT.value, "appointment.ask_department")
        else:
            turn.slots.pop("when", None)
            turn.ask(Slot.WHEN.value, "appointment.ask_other_time")

    async def _propose(self, turn: Turn) -> None:
        slots = turn.slots
        start, end = offers.asked_window(slots["when"], turn.now)
        found = self._fitting(turn, await self._open(turn, start, end))
        found = await offers.without_own_clashes(turn, found)
        point, point_end = times.window(slots["when"])
        if found and point == point_end:
            found = offers.nearest(found, point)
        if found:
            choices = _distinct_doctors(turn, found)
            if choices:
                turn.talk.choices = choices
                turn.ask(CHOICE, "form.which_of", names="，还是".join(choice["label"] for choice in choices))
                return
            self._read_back(turn, found[0])
            return
        await self._offer_other_times(turn, start)

    async def _open(self, turn: Turn, start: datetime, end: datetime) -> list[dict[str, Any]]:
        return await turn.backend.slots(
            start=start.isoformat(),
            end=end.isoformat(),
            department=turn.slots["department"],
            limit=LOOKED_AT,
        )

    def _fitting(self, turn: Turn, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        doctor, facility = turn.slots.get("doctor"), turn.slots.get("facility")
        return [
            slot
            for slot in found
            if (not doctor or doctor in slot["doctor"]["name"])
            and (not facility or facility in slot["facility"]["name"])
        ]

    async def _offer_other_times(self, turn: Turn, start: datetime) -> None:
        later = await self._open(turn, turn.now, start + timedelta(days=offers.SEARCH_DAYS))
        near = offers.nearest(self._fitting(turn, later) or later, start)[:1]
        wished = phrasing.say_when(start, start, now=turn.now)
        if not near:
            turn.slots.pop("when", None)
            turn.ask(
                Slot.WHEN.value,
                "appointment.none",
                department=word_of(Department, turn.slots["department"]).label,
            )
            return
        slot = near[0]
        at = datetime.fromisoformat(slot["start"])
        label = phrasing.say_when(at, at, now=turn.now)
        turn.talk.choices = [
            {
                "label": label,
                "slots": {
                    "when": times.slot_of(at, at),
                    "doctor": slot["doctor"]["name"],
                    "facility": slot["facility"]["name"],
                },
            }
        ]
        turn.ask(
            CHOICE,
            "appointment.other_time",
            when=wished,
            other=label,
            facility=slot["facility"]["name"],
            doctor=slot["doctor"]["name"],
        )

    def _read_back(self, turn: Turn, slot: dict[str, Any]) -> None:
        slots = turn.slots
        slots.setdefault("accompaniment", False)
        details: dict[str, Any] = {
            "department": slots["department"],
            "slot_id": slot["id"],
            "doctor": slot["doctor"]["name"],
            "doctor_id": slot["doctor"]["id"],
            "facility": slot["facility"]["name"],
            "facility_id": slot["facility"]["id"],
            "accompaniment": slots["accompaniment"],
        }
        for name in ("symptom", "person"):
            if slots.get(name):
                details[name] = slots[name]
        turn.talk.plan = {
            "kind": self.kind,
            "details": details,
            "start": slot["start"],
            "end": slot["end"],
        }
        key = "appointment.read_back_with" if slots["accompaniment"] else "appointment.read_back"
        turn.ask(CONFIRM, key, what=spoken.request(turn.talk.plan, now=turn.now))

    async def suggest(self, turn: Turn) -> bool:
        """随便: general practice for the department, the soonest free time for the time."""
        if turn.talk.expecting == Slot.DEPARTMENT:
            turn.slots["department"] = Department.GENERAL_PRACTICE.value
        elif turn.talk.expecting == Slot.WHEN:
            soon = turn.now + timedelta(hours=2)
            turn.slots["when"] = times.slot_of(soon, soon + timedelta(days=offers.SEARCH_DAYS))
        else:
            return False
        await self.advance(turn)
        return True

    async def refused(self, turn: Turn, error: BackendError) -> None:
        """Somebody else was quicker: look again."""
        if error.code in ("slot_taken", "no_slot"):
            turn.say("appointment.just_taken")
            await self.advance(turn)
        else:
            await say_refused(turn, error)


def _distinct_doctors(turn: Turn, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the choices where an unclear doctor's name still means several who have time."""
    labels = {choice["label"] for choice in turn.talk.choices}
    turn.talk.choices = []
    free = list(dict.fromkeys(slot["doctor"]["name"] for slot in found if slot["doctor"]["name"] in labels))
    return [{"label": name, "slots": {"doctor": name}} for name in free[:3]] if len(free) > 1 else []
