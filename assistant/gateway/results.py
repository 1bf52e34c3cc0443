"""The object that answers a turn: what is the same in every answer, whoever gave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.gateway.errors import DialogueFault
from assistant.gateway.ports import Alarm, TurnResult


def answer(
    text: str,
    replies: Sequence[str],
    *,
    intent: str | None = None,
    confidence: float = 0.0,
    alarm: Alarm | None = None,
    error: str | None = None,
    **more: Any,
) -> TurnResult:
    """Build an answer that the gateway gives by itself; ``latency_ms`` is filled in when it leaves."""
    result: TurnResult = {
        "text": text,
        "intent": intent,
        "confidence": confidence,
        "entities": [],
        "slots": {},
        "replies": list(replies),
        "committed": [],
        "alarm": None if alarm is None else {"id": alarm.id, "category": alarm.category},
        "latency_ms": 0.0,
    }
    if error is not None:
        result["error"] = error
    result.update(more)
    return result


def _expect(answered: Mapping[str, Any], key: str, kind: type, default: Any) -> Any:
    value = answered.get(key, default)
    if value is None:
        value = default
    if not isinstance(value, kind):
        raise DialogueFault(f"the dialogue answered with {key!r} of type {type(value).__name__}")
    return value


def from_dialogue(text: str, answered: Mapping[str, Any], *, when_silent: str) -> TurnResult:
    """Build the answer from what the dialogue said.

    Keys beyond the contract (``repaired``, ``form``) are kept, for the log.

    Args:
        text: the elder's words as received.
        answered: the body of the dialogue's answer.
        when_silent: what to say where the dialogue says nothing; an elder is never left with silence.

    Raises:
        DialogueFault: the body is not an answer.
    """
    replies = [str(reply) for reply in _expect(answered, "replies", list, []) if str(reply).strip()]
    confidence = answered.get("confidence")
    result: TurnResult = {
        "text": text,
        "intent": None if answered.get("intent") is None else str(answered["intent"]),
        "confidence": float(confidence) if isinstance(confidence, int | float) else 0.0,
        "entities": _expect(answered, "entities", list, []),
        "slots": _expect(answered, "slots", dict, {}),
        "replies": replies or [when_silent],
        "committed": _expect(answered, "committed", list, []),
        "alarm": None,
        "latency_ms": 0.0,
    }
    for key, value in answered.items():
        result.setdefault(key, value)
    return result


def asks_something(result: Mapping[str, Any] | None) -> bool:
    """Return whether a turn left a question open: something half-said that an alarm must not wipe out."""
    if not result or result.get("error") or result.get("alarm"):
        return False
    if "form" in result:
        return result["form"] is not None
    replies = result.get("replies") or [""]
    return not result.get("committed") and str(replies[-1]).rstrip().endswith(("？", "?"))
