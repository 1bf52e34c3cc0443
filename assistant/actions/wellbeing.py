"""How the elder is: recorded for those who care for her, answered kindly, never a diagnosis."""

from __future__ import annotations

import logging

from assistant.actions import handover
from assistant.actions.client import BackendError
from assistant.actions.turn import Turn
from assistant.nlu import promised
from assistant.nlu.understanding import Understanding, suggest_department
from assistant.replies import phrasing
from assistant.vocabulary import CheckInChannel, CheckInOutcome, ServiceKind

log = logging.getLogger(__name__)

_KINDLY = frozenset({"poor_sleep", "no_appetite", "low"})
"""Moods that have an answer of their own."""
_VOICE_CHANNELS = frozenset({"voice", "speaker"})


async def feelings(turn: Turn, heard: Understanding, *, offer: bool) -> None:
    """Record what she says of herself as a check-in; offer a doctor or company where that may help."""
    symptom = heard.slots.get("symptom")
    mood = promised.feeling(turn.text)
    lonely = mood == "lonely" or "company" in heard.tags or "lonely" in heard.tags
    poorly = symptom or lonely or "unwell" in heard.tags or promised.sounds_poorly(turn.text)
    outcome = CheckInOutcome.NEEDS_ATTENTION if poorly else CheckInOutcome.WELL
    channel = CheckInChannel.VOICE if turn.channel in _VOICE_CHANNELS else CheckInChannel.TEXT
    body = {
        "turn_key": turn.key(),
        "elder_id": turn.elder_id,
        "channel": channel.value,
        "outcome": outcome.value,
        "mood": "lonely" if lonely else mood if mood not in (None, "well") else "",
        "notes": symptom or "",
        "said": turn.text,
    }
    try:
        await turn.backend.record("/checkins", body)
    except BackendError as error:
        log.error("the check-in of turn %s was not taken: %s", turn.turn_key, error)
        turn.say("form.unreachable")
        return
    if symptom:
        department = suggest_department(symptom)
        turn.say("wellbeing.symptom", symptom=symptom)
        if offer and department is not None:
            turn.ask(None, "wellbeing.offer_doctor", department=department.label, symptom=symptom)
            turn.talk.offer = {
                "kind": ServiceKind.MEDICAL_APPOINTMENT.value,
                "slots": {"symptom": symptom, "department": department.value},
            }
    elif mood in _KINDLY:
        turn.say(f"wellbeing.{mood}")
    elif mood == "well":
        turn.say("wellbeing.well")
    else:
        turn.say("wellbeing.noted" if poorly else "wellbeing.heard")


async def readings(turn: Turn, heard: Understanding) -> None:
    """Record measured values and say them back; judge nothing."""
    values = heard.slots.get("reading") or []
    if not values:
        turn.say("wellbeing.which_reading")
        return
    body = {"turn_key": turn.key(), "readings": values, "said": turn.text}
    try:
        await turn.backend.record(f"/elders/{turn.elder_id}/readings", body)
    except BackendError as error:
        turn.say("form.unreachable" if error.code == "unreachable" else "wellbeing.odd_reading")
        return
    said = "，".join(
        phrasing.say_reading(item["kind"], item["value"], item.get("value2"), item["unit"]) for item in values
    )
    turn.say("wellbeing.reading", readings=said)


async def emergency(turn: Turn) -> None:
    """The model heard an emergency where the guard did not: ask a person to call at once."""
    await handover.request(turn, reason="urgent")
