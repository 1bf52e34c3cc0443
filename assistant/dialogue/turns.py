"""One turn through Rasa: run it once, or give the answer that it already gave."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from assistant.actions.talk import CHOICE
from assistant.dialogue.actions_in_process import ActionsInProcess
from assistant.dialogue.tracker_store import BoundedTrackerStore
from assistant.nlu.understanding import put_right
from assistant.vocabulary import Slot, identifiers


class TurnFailedError(Exception):
    """An action failed or nothing was said; the conversation stands as it did before the turn."""


@dataclass(frozen=True)
class Turns:
    """Runs turns on a loaded agent."""

    agent: Agent
    store: BoundedTrackerStore
    actions: ActionsInProcess

    async def run(self, *, turn_key: str, elder_id: str, text: str, now: str, channel: str) -> dict[str, Any]:
        """Return what was understood, said and committed in the turn.

        The same ``turn_key`` as the elder's last turn is answered from the stored conversation.

        Raises:
            TurnFailedError: an action failed, or no reply came.
        """
        before = self.store.snapshot(elder_id)
        if before is not None and before[0] == turn_key:
            told = _told(json.loads(before[1]))
            if told["replies"]:
                return told
        self.actions.failures.pop(elder_id, None)
        message = UserMessage(
            text,
            CollectingOutputChannel(),
            elder_id,
            input_channel=channel,
            message_id=turn_key,
            metadata={"now": now, "turn_key": turn_key, "channel": channel},
        )
        await self.agent.handle_message(message)
        failure = self.actions.failures.pop(elder_id, None)
        after = self.store.snapshot(elder_id)
        told = _told(json.loads(after[1])) if after is not None else {"replies": []}
        if failure is not None or not told["replies"]:
            self.store.restore(elder_id, before)
            raise TurnFailedError(str(failure or "no reply")) from failure
        return told


def _told(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Read the last turn's answer out of its events."""
    last = max((index for index, event in enumerate(events) if event["event"] == "user"), default=None)
    if last is None:
        return {"replies": []}
    heard = events[last].get("parse_data") or {}
    replies: list[str] = []
    committed: list[dict[str, Any]] = []
    repaired: str | None = None
    for event in events[last:]:
        if event["event"] != "bot":
            continue
        if event.get("text"):
            replies.append(event["text"])
        custom = (event.get("data") or {}).get("custom") or {}
        committed += custom.get("committed", [])
        repaired = custom.get("repaired", repaired)
    intent = heard.get("intent") or {}
    talk = next((e["value"] for e in reversed(events) if e["event"] == "slot" and e["name"] == "talk"), None)
    return {
        "intent": intent.get("name"),
        "confidence": intent.get("confidence", 0.0),
        "entities": [shown(entity) for entity in heard.get("entities", [])],
        "slots": _slots(events),
        "replies": replies,
        "committed": committed,
        "repaired": repaired or put_right(str(events[last].get("text") or ""), _misheard(heard)),
        **_open_question(talk or {}),
    }


def _misheard(heard: dict[str, Any]) -> list[tuple[int, int, str]]:
    """Return what was surely misheard and its right words; what was heard stays in the log beside it."""
    return [
        (entity["start"], entity["end"], entity["meant"])
        for entity in heard.get("entities", [])
        if entity.get("meant") and not entity.get("alternatives")
    ]


def _open_question(talk: dict[str, Any]) -> dict[str, Any]:
    """Say which form runs and what it waits for: a channel makes its quick replies from that."""
    form, expecting = talk.get("form"), talk.get("expecting")
    labels = [choice["label"] for choice in talk.get("choices", ())] if expecting == CHOICE else []
    return {
        "form": form,
        "asks": {"slot": expecting, "choices": labels} if form and expecting else None,
    }


def shown(entity: dict[str, Any]) -> dict[str, Any]:
    """Return an entity as the contract of `parse` and `chat` shows it."""
    return {name: entity.get(name) for name in ("entity", "value", "text", "start", "end")}


def _slots(events: Iterable[dict[str, Any]]) -> dict[str, Any]:
    words = set(identifiers(Slot))
    values: dict[str, Any] = {}
    for event in events:
        if event["event"] == "slot" and event["name"] in words:
            values[event["name"]] = event["value"]
    return {name: value for name, value in values.items() if value is not None}
