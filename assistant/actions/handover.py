"""Bringing a person in: a call-back is asked for, and said only when its row is committed."""

from __future__ import annotations

from assistant.actions.client import BackendError
from assistant.actions.turn import Turn


async def request(turn: Turn, *, reason: str) -> None:
    """Ask the coordinator to call back.

    Args:
        turn: the turn in which it is asked.
        reason: ``asked`` (the elder wants a person), ``misunderstood``, ``urgent`` or ``repeat_wish``.
    """
    body = {"turn_key": turn.key(), "elder_id": turn.elder_id, "reason": reason, "said": turn.text}
    try:
        row = await turn.backend.record("/handovers", body)
    except BackendError:
        turn.say("handover.failed")
        return
    turn.commit({"kind": "handover", "id": row["id"], "state": row["state"]})
    turn.talk.last_request = None
    turn.say(f"handover.{reason}")
