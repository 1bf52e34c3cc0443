"""A tracker store whose turns do not get slower with history: one row an elder, a bounded tail of events."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    Restarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_TURNS = 3
"""User turns whose events are kept. The rules look at the latest turn only; one before it tells Rasa what
it answers to, one more is for reading logs. Slots and the running form are carried over the cut."""

_metadata = sa.MetaData()
_states = sa.Table(
    "dialogue_states",
    _metadata,
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("turn_key", sa.String(255), nullable=True),
    sa.Column("events", sa.Text, nullable=False),
)


class BoundedTrackerStore(TrackerStore):  # type: ignore[misc]
    """Keeps, for each elder, the slots, the running form and the events of the last turns.

    Rasa's SQLTrackerStore replays every event since the session began on each turn (measured.md: p50
    75 ms fresh, 617 ms after 380 messages). Here the work of a turn is bounded by construction.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Open the store.

        Args:
            domain: Rasa's domain, for the slots.
            host: what `url` of endpoints.yml holds: a file path, or an SQLAlchemy URL.
            event_broker: Rasa's event broker, where there is one.
            url: the same as ``host``, for callers of our own.
            kwargs: other settings of Rasa's, not used here.
        """
        self._engine = _engine(url or host or "var/dialogue.sqlite3")
        _metadata.create_all(self._engine)
        super().__init__(domain, event_broker, **kwargs)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation of ``sender_id``, or None where there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(
                sa.select(_states.c.events).where(_states.c.sender_id == sender_id)
            ).fetchone()
        if row is None:
            return None
        return DialogueStateTracker.from_dict(sender_id, json.loads(row[0]), self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Replace the elder's row with the bounded tail of the conversation."""
        await self.stream_events(tracker)
        kept = bounded(list(tracker.events))
        content = json.dumps([event.as_dict() for event in kept], ensure_ascii=False)
        values = {"turn_key": latest_turn_key(kept), "events": content}
        with self._engine.begin() as connection:
            updated = connection.execute(
                sa.update(_states).where(_states.c.sender_id == tracker.sender_id).values(**values)
            )
            if updated.rowcount == 0:
                connection.execute(sa.insert(_states).values(sender_id=tracker.sender_id, **values))

    def snapshot(self, sender_id: str) -> tuple[str | None, str] | None:
        """Return the elder's row as it lies there: the last turn's key and the events, or None."""
        with self._engine.connect() as connection:
            row = connection.execute(
                sa.select(_states.c.turn_key, _states.c.events).where(_states.c.sender_id == sender_id)
            ).fetchone()
        return None if row is None else (row[0], row[1])

    def restore(self, sender_id: str, row: tuple[str | None, str] | None) -> None:
        """Put back what :meth:`snapshot` returned, so that a turn that failed leaves no trace."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_states).where(_states.c.sender_id == sender_id))
            if row is not None:
                connection.execute(
                    sa.insert(_states).values(sender_id=sender_id, turn_key=row[0], events=row[1])
                )

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        with self._engine.connect() as connection:
            return [row[0] for row in connection.execute(sa.select(_states.c.sender_id))]


def bounded(events: list[Event], turns: int = KEPT_TURNS) -> list[Event]:
    """Return a short list of events that leaves a tracker in the same state as ``events`` do.

    The last ``turns`` user turns are kept as they are; what came before is folded into the values of the
    slots and the running form.
    """
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], Restarted):
            events = events[index:]
            break
    heard = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(heard) <= turns:
        return events
    cut = heard[-turns]
    while cut > 0 and not _is_listen(events[cut]):
        cut -= 1
    slots: dict[str, Any] = {}
    loop: str | None = None
    for event in events[:cut]:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
        elif isinstance(event, ActiveLoop):
            loop = event.name
    folded: list[Event] = [SlotSet(key, value) for key, value in slots.items() if value is not None]
    if loop:
        folded += [ActionExecuted(loop), ActiveLoop(loop)]
    return folded + events[cut:]


def latest_turn_key(events: list[Event]) -> str | None:
    """Return the message id of the last thing the elder said."""
    return next((event.message_id for event in reversed(events) if isinstance(event, UserUttered)), None)


def _is_listen(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _engine(where: str) -> sa.engine.Engine:
    if "://" not in where:
        path = Path(where)
        path.parent.mkdir(parents=True, exist_ok=True)
        where = f"sqlite:///{path}"
    url = sa.engine.make_url(where)
    if url.drivername.startswith("postgresql"):
        # The app reaches the same server with psycopg 3; this environment has psycopg 2.
        return sa.create_engine(url.set(drivername="postgresql+psycopg2"), future=True, pool_pre_ping=True)
    engine = sa.create_engine(url, future=True, connect_args={"check_same_thread": False, "timeout": 15})

    @sa.event.listens_for(engine, "connect")
    def _durable(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    return engine
