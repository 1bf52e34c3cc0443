"""Understanding without a turn: what would be understood of some texts, with no side effect at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from assistant.gateway import text as texts
from assistant.gateway.ports import Dialogue, Guard

MAX_TEXTS = 200
"""Most texts in one call."""


class Understanding:
    """Asks the dialogue for intent, entities and times, and the guard for emergencies."""

    def __init__(self, *, guard: Guard, dialogue: Dialogue, now: Callable[[], datetime]) -> None:
        self._guard = guard
        self._dialogue = dialogue
        self._now = now

    async def of(self, raw_texts: Sequence[str], *, repair: bool = True) -> list[dict[str, Any]]:
        """Return the objects of ``kangban parse --json``, one for each text, in order.

        Without ``repair`` misheard names are not put right, so that it can be measured what that is worth.
        Texts that say nothing, or too much, are not passed on: they have no intent.

        Raises:
            DialogueError: the dialogue gave no usable answer.
        """
        cleaned = [texts.clean(raw) for raw in raw_texts]
        asked = [
            index
            for index, text in enumerate(cleaned)
            if texts.says_something(text) and not texts.is_too_long(text)
        ]
        plain = [texts.as_plain_words(cleaned[index]) for index in asked]
        understood = await self._dialogue.parse(plain, now=self._now(), repair=repair) if plain else []
        found: dict[int, dict[str, Any]] = {}
        for index, words, result in zip(asked, plain, understood, strict=True):
            found[index] = _as_written(result, dropped=len(cleaned[index]) - len(words))
        return [self._object(text, found.get(index, {})) for index, text in enumerate(cleaned)]

    def _object(self, text: str, result: dict[str, Any]) -> dict[str, Any]:
        finding = self._guard.check(text)
        return {
            "text": text,
            "intent": result.get("intent"),
            "confidence": float(result.get("confidence") or 0.0),
            "entities": list(result.get("entities") or []),
            "slots": dict(result.get("slots") or {}),
            "when": result.get("when"),
            "emergency": None if finding is None else finding.category,
            "repaired": result.get("repaired") or text,
        }


def _as_written(result: dict[str, Any], *, dropped: int) -> dict[str, Any]:
    """Move the offsets of entities by what was dropped in front of the text (a leading "/")."""
    if not dropped:
        return result
    entities = [
        {**entity, "start": entity["start"] + dropped, "end": entity["end"] + dropped}
        for entity in result.get("entities") or []
    ]
    return {**result, "entities": entities}
