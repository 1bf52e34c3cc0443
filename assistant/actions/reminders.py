"""Setting a reminder: of what, and when."""

from __future__ import annotations

from typing import Any

from assistant.actions import reminded, times
from assistant.actions.client import BackendError
from assistant.actions.forms import Form, say_refused
from assistant.actions.turn import Turn
from assistant.vocabulary import Slot


class ReminderForm(Form):
    """The reminder form. A reminder binds nobody else: it is committed at once and read out."""

    name = "reminder_form"
    kind = "reminder"
    context = "reminder"
    slots = (Slot.REMINDER_TEXT, Slot.WHEN)

    async def advance(self, turn: Turn) -> None:
        """Ask of what and when, then write it down."""
        if "reminder_text" not in turn.slots:
            turn.ask(Slot.REMINDER_TEXT.value, "reminder.ask_text")
        elif "when" not in turn.slots:
            turn.ask(Slot.WHEN.value, "reminder.ask_when", text=turn.slots["reminder_text"])
        else:
            await self.commit(turn)

    async def commit(self, turn: Turn) -> None:
        """Write the reminder down and say it from its row."""
        when = turn.slots["when"]
        start, _ = times.window(when)
        body: dict[str, Any] = {
            "turn_key": turn.key(),
            "elder_id": turn.elder_id,
            "text": turn.slots["reminder_text"],
            "start": start.isoformat(),
            "said": turn.text,
        }
        if "repeat" in when:
            body["repeat"] = when["repeat"]
        try:
            row = await turn.backend.record("/reminders", body)
        except BackendError as error:
            await say_refused(turn, error)
            return
        turn.commit({**row, "kind": "reminder"})
        turn.talk.last_request = None
        turn.say("reminder.noted", when=reminded.when_said(row, turn.now), text=row["text"])
        self.finish(turn)
