"""The engine in tests: real workers over a database, on a clock that the test moves on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assistant.cli.promised import BackendPromised
from assistant.cli.wording import SpokenWording
from assistant.gateway.ports import Incoming
from backend.clock import FrozenClock
from backend.database import Database
from backend.due import service as due
from backend.due.models import Due, DueState
from backend.engine import build_workers
from backend.outbox import service as outbox
from backend.outbox.fakes import FakeNotifier
from backend.outbox.models import Channel, Message
from backend.settings import Settings


class Clockwork:
    """Workers that go round when told to, and notifiers that keep what they deliver."""

    def __init__(self, database: Database, clock: FrozenClock, **notifiers: Any) -> None:
        self.database = database
        self.clock = clock
        self.mail, self.web = FakeNotifier(), FakeNotifier()
        self.settings = Settings(database_url="sqlite://", service_token="token")
        self.workers = build_workers(
            database,
            clock,
            wording=SpokenWording(),
            settings=self.settings,
            notifiers={Channel.EMAIL: self.mail, Channel.WEBHOOK: self.web},
        )

    def run(self) -> int:
        """Do all that is due now; return how many rows that were."""
        done = 0
        while worked := sum(worker.run_once() for worker in self.workers):
            done += worked
            assert done < 5000, "the engine runs in circles"
        return done

    def pass_time(self, by: timedelta) -> None:
        """Let time pass, doing each thing when it falls due."""
        until = self.clock.now() + by
        self.run()
        while True:
            with self.database.session() as session:
                at = due.next_at(session)
            if at is None or at > until:
                break
            self.clock.at = max(at, self.clock.now())
            self.run()
        self.clock.at = until
        self.run()

    def fetch(self, elder_id: str = "E1", channel: Channel = Channel.SPEAKER) -> list[Message]:
        """Let a home fetch what is to be said."""
        now = self.clock.now()
        return self.database.transact(
            lambda session: outbox.offer(session, elder_id=elder_id, channel=channel, now=now)
        )

    def hear(
        self, text: str, *, key: str = "m1", elder_id: str = "E1", fetched: bool = True
    ) -> list[str] | None:
        """Let an elder say something, as the gateway would before it asks the dialogue."""
        if fetched:
            self.fetch(elder_id)
        promised = BackendPromised(self.database, self.clock, wording=SpokenWording(), settings=self.settings)
        return promised.answer(Incoming(elder_id=elder_id, channel="speaker", message_id=key, text=text))

    def due(self, **query: Any) -> list[Due]:
        with self.database.session() as session:
            return due.find(session, limit=500, **query)[::-1]

    def open(self) -> list[Due]:
        return self.due(states=[DueState.PENDING, DueState.CLAIMED])

    def messages(self, **query: Any) -> list[Message]:
        with self.database.session() as session:
            return outbox.find(session, limit=500, **query)[::-1]
