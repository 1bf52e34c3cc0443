"""An elder asks for a bind code: it is made, and said so that it can be written down."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from assistant.gateway.ports import Incoming, Phrases
from assistant.nlu.bind_wish import wants_code
from backend.bindings import service as bindings
from backend.bindings.models import BindingKind
from backend.clock import Clock
from backend.database import Database, word_of

MOST = 3
"""Codes of an elder that may be open at a time before no more are said."""


class BackendBindWishes:
    """See the port: the codes of the room of bindings."""

    def __init__(self, database: Database, clock: Clock, *, phrases: Phrases) -> None:
        self._database = database
        self._clock = clock
        self._phrases = phrases

    def answer(self, incoming: Incoming) -> Sequence[str] | None:
        """See the port."""
        kind = wants_code(incoming.text)
        if kind is None:
            return None
        now = self._clock.now()

        def work(session: Session) -> str | None:
            if len(bindings.live_codes(session, elder_id=incoming.elder_id, now=now)) >= MOST:
                return None
            _, code = bindings.make_code(
                session,
                elder_id=incoming.elder_id,
                kind=word_of(BindingKind, kind),
                consent=f"{incoming.text} ({incoming.turn_key})"[:2000],
                holds=bindings.SAID,
                now=now,
                actor=f"elder:{incoming.elder_id}",
            )
            return code

        code = self._database.transact(work)
        if code is None:
            return [self._phrases.say("gateway.bind.enough")]
        said = "，".join(" ".join(code[at : at + 4]) for at in (0, 4))
        return [self._phrases.say(f"gateway.bind.{kind}", code=said), self._phrases.say("gateway.bind.care")]
