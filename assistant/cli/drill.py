"""The drill: a day of promises that is killed at a point and begun again, and what must be true at its end.

Everything happens by the same services as in the running system, on a clock of its own: alarms and their
ladder, reminders, check-ins, somebody who does not come, messages that go out. What people do has the same
turn keys each time, as when a channel sends its message again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.cli.promised import BackendPromised
from assistant.cli.wording import SpokenWording
from assistant.gateway.ports import Incoming
from assistant.vocabulary import (
    CheckInChannel,
    CheckInOutcome,
    Emergency,
    RequestEvent,
    Role,
    ServiceKind,
)
from backend.alarms import service as alarms
from backend.alarms.models import Alarm, AlarmEvent
from backend.audit import service as audit
from backend.checkins import rounds
from backend.checkins import service as checkins
from backend.checkins.models import CheckIn, Rhythm, Round
from backend.clock import FrozenClock, outward
from backend.database import Database
from backend.due import service as due
from backend.due.models import OPEN, Due, DueState
from backend.engine import build_workers
from backend.failpoints import FailPoints
from backend.notifications.models import Occurrence, Reminder, ReminderState
from backend.notifications.service import reminders
from backend.outbox import service as outbox
from backend.outbox.models import Channel, Message, MessageState
from backend.outbox.notifier import Parcel
from backend.requests import service as requests
from backend.requests.models import Request, RequestHistory
from backend.requests.schemas import CreateIn, EventIn, Who
from backend.settings import Settings
from backend.wire import By

START = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
"""When the day begins, a Monday; the demo town must have been seeded for it."""

RESTART = timedelta(seconds=61)
"""How long after a kill the next process begins: rows in hand are free again when their lease is over."""

ALONE, QUIET, CARED = "E0007", "E0008", "E0009"
"""Elders of the demo town."""

STAFF = By(role=Role.COORDINATOR, id="S03")


class Passed(FailPoints):
    """Kills nobody, and remembers which points were passed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def reach(self, name: str) -> None:
        """See the base."""
        self.names.append(name)


class FileNotifier:
    """Delivers into a file, one key a line: it outlives the process, as a mailbox does."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def deliver(self, parcel: Parcel) -> None:
        """See the port."""
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, f"{parcel.key}\n".encode())
        finally:
            os.close(descriptor)


class _FailsOnce(SpokenWording):
    """Has one step of the day fail once, so that trying again is drilled too."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def say(self, key: str, *, variant: int = 0, **values: Any) -> str:
        """See the port."""
        if key == "checkin.visit" and not self._mark.exists():
            self._mark.touch()
            raise RuntimeError("this step fails the first time")
        return super().say(key, variant=variant, **values)


class Drill:
    """One process's part of the day."""

    def __init__(self, url: str, folder: Path, points: FailPoints | None = None) -> None:
        """Work on ``url``, dying where ``points`` say; ``folder`` holds what outlives a process."""
        self._clock_file = folder / "clock"
        begun = self._clock_file.exists()
        at = datetime.fromisoformat(self._clock_file.read_text()) + RESTART if begun else START
        self._clock = FrozenClock(at)
        self._database = Database(url, pool_size=2, failpoints=points)
        wording = _FailsOnce(folder / "failed")
        self._settings = Settings(database_url=url, service_token="")
        self._workers = build_workers(
            self._database,
            self._clock,
            wording=wording,
            settings=self._settings,
            notifiers={Channel.EMAIL: FileNotifier(folder / "mailbox")},
        )
        self._promised = BackendPromised(
            self._database, self._clock, wording=wording, settings=self._settings
        )

    def run(self) -> None:
        """Live the day to its end."""
        for clock, act in self._day():
            self._until(START + clock)
            act()
        self._until(START + timedelta(hours=16))
        self._database.dispose()

    def _day(self) -> list[tuple[timedelta, Callable[[], Any]]]:
        def at(hour: int, minute: int) -> timedelta:
            return timedelta(hours=hour - 8, minutes=minute)

        return [
            (at(8, 0), self._prepare),
            (at(8, 0), lambda: self._ask_for_cleaning()),
            (at(8, 0), lambda: self._order_lunch()),
            (at(8, 1), self._cry),
            (at(8, 8), lambda: self._move_alarm(alarms.acknowledge, "我过去看看")),
            (at(8, 10), lambda: self._move_alarm(alarms.close, "没有受伤")),
            (at(8, 12), lambda: self._remember("once", "吃降压药", at(8, 20), None)),
            (at(8, 12), lambda: self._remember("daily", "量血压", at(9, 0), "FREQ=DAILY")),
            (at(8, 22), lambda: self._say(ALONE, "1", "等会儿")),
            (at(8, 40), lambda: self._say(ALONE, "2", "吃了")),
            (at(10, 5), self._visit),
            (at(10, 36), lambda: self._say(QUIET, "3", "没睡好")),
            (at(10, 38), lambda: self._say(QUIET, "4", "半夜老是醒")),
            (at(11, 10), lambda: self._event("drill:cleaning", RequestEvent.START)),
            (at(11, 40), lambda: self._event("drill:cleaning", RequestEvent.COMPLETE)),
            (at(13, 8), lambda: self._say(ALONE, "5", "没有")),
            (at(13, 20), lambda: self._event("drill:lunch", RequestEvent.REDISPATCH)),
            (at(13, 25), lambda: self._event("drill:lunch", RequestEvent.START)),
            (at(13, 26), lambda: self._event("drill:lunch", RequestEvent.COMPLETE)),
            (at(19, 0), self._put_away),
        ]

    def _until(self, until: datetime) -> None:
        self._work()
        while True:
            with self._database.session() as session:
                at = due.next_at(session)
            if at is None or at > until:
                break
            if at <= self._clock.now():
                # In another, dead process's hands: time passes until its lease is over.
                at = self._clock.now() + timedelta(seconds=5)
            self._to(at)
            self._work()
        if until > self._clock.now():
            self._to(until)
            self._work()

    def _to(self, at: datetime) -> None:
        self._clock.at = at
        # In one step: a process killed in the middle of writing must not leave an empty file behind.
        written = self._clock_file.with_suffix(".new")
        written.write_text(outward(at))
        written.replace(self._clock_file)

    def _work(self) -> None:
        while sum(worker.run_once() for worker in self._workers):
            pass

    def _prepare(self) -> None:
        now = self._clock.now()

        def work(session: Session) -> None:
            outbox.set_addresses(session, f"contact:{ALONE}:1", [(Channel.EMAIL, "daughter@example.org")])
            if session.get(Rhythm, QUIET) is None:
                rounds.set_rhythm(session, QUIET, times=["08:30", "10:30"], by="drill", now=now)

        self._database.transact(work)

    def _cry(self) -> None:
        now = self._clock.now()
        self._database.transact(
            lambda session: alarms.raise_alarm(
                session, elder_id=ALONE, category=Emergency.FALL, words="我摔倒了", channel="speaker",
                turn_key="drill:alarm", at=now,
            )
        )  # fmt: skip

    def _move_alarm(self, move: Callable[..., Alarm], note: str) -> None:
        now = self._clock.now()
        with self._database.session() as session:
            (alarm,) = alarms.find(session, elder_id=ALONE)
        if move is alarms.acknowledge and alarm.state in ("acknowledged", "closed"):
            return
        self._database.transact(lambda session: move(session, alarm.id, by=STAFF, note=note, at=now))

    def _remember(self, name: str, text: str, at: timedelta, repeat: str | None) -> None:
        now = self._clock.now()
        self._database.transact(
            lambda session: reminders.create(
                session, turn_key=f"drill:{name}", elder_id=ALONE, text=text, start=START + at,
                repeat=repeat, said="", at=now,
            )
        )  # fmt: skip

    def _say(self, elder_id: str, number: str, text: str) -> None:
        now = self._clock.now()
        offered = self._database.transact(
            lambda session: [
                row.id for row in outbox.offer(session, elder_id=elder_id, channel=Channel.SPEAKER, now=now)
            ]
        )
        for message_id in offered:
            self._heard(elder_id, message_id)
        self._promised.answer(
            Incoming(elder_id=elder_id, channel="speaker", message_id=f"drill-{number}", text=text)
        )

    def _heard(self, elder_id: str, message_id: int) -> None:
        now = self._clock.now()
        self._database.transact(lambda session: outbox.heard(session, message_id, elder_id=elder_id, now=now))

    def _visit(self) -> None:
        now = self._clock.now()
        self._database.transact(
            lambda session: checkins.create(
                session, turn_key="drill:visit", elder_id=QUIET, channel=CheckInChannel.VISIT,
                outcome=CheckInOutcome.WELL, by=STAFF, at=now,
            )
        )  # fmt: skip

    def _ask_for_cleaning(self) -> None:
        self._create(
            CreateIn(
                turn_key="drill:cleaning", elder_id=CARED, kind=ServiceKind.HOME_CARE,
                details={"care_item": "cleaning", "minutes": 60},
                start=START + timedelta(hours=2), end=START + timedelta(hours=3),
            )
        )  # fmt: skip

    def _order_lunch(self) -> None:
        details = {"meal": "lunch", "day": START.date().isoformat(), "dishes": ["套餐"], "quantity": 1}
        self._create(
            CreateIn(
                turn_key="drill:lunch", elder_id=ALONE, kind=ServiceKind.MEAL,
                details=details | {"delivery": "delivery", "accept_clash": True},
            )
        )  # fmt: skip

    def _create(self, wish: CreateIn) -> None:
        now = self._clock.now()
        self._database.transact(
            lambda session: requests.create(
                requests.Desk(session=session, now=now, settings=self._settings), wish
            )
        )

    def _event(self, turn_key: str, event: RequestEvent) -> None:
        now = self._clock.now()
        sent = EventIn(turn_key=f"{turn_key}:{event}", event=event, by=Who(role=Role.COORDINATOR, id="S03"))

        def work(session: Session) -> None:
            row = session.scalars(select(Request).where(Request.turn_key == turn_key)).one()
            requests.apply_event(
                requests.Desk(session=session, now=now, settings=self._settings), row.id, sent
            )

        self._database.transact(work)

    def _put_away(self) -> None:
        now = self._clock.now()

        def work(session: Session) -> None:
            daily = session.scalars(select(Reminder).where(Reminder.repeat.is_not(None))).one()
            reminders.end(session, daily.id, ReminderState.CANCELLED, by=By(), at=now)
            rounds.set_rhythm(session, QUIET, times=[], by="drill", now=now)

        self._database.transact(work)


def outcome(url: str, folder: Path) -> dict[str, Any]:
    """Return what the day has come to: the same, however often it was killed.

    How often coordinators were told again depends on the minutes that a restart takes, and is left out.
    """
    database = Database(url, pool_size=2)
    try:
        with database.session() as session:
            return _outcome(session, folder)
    finally:
        database.dispose()


def _outcome(session: Session, folder: Path) -> dict[str, Any]:
    steps = Counter(
        step for step in session.scalars(select(AlarmEvent.step)) if step and step != "told_again"
    )
    mailbox = folder / "mailbox"
    mails = Counter(mailbox.read_text().split()) if mailbox.exists() else Counter[str]()
    return {
        "alarms": [str(alarm.state) for alarm in session.scalars(select(Alarm))],
        "alarm events": dict(
            Counter(str(row.state) for row in session.scalars(select(AlarmEvent)) if not row.step)
        ),
        "ladder": dict(sorted(steps.items())),
        "reminders": sorted(
            (str(row.state), row.rounds, row.snoozes) for row in session.scalars(select(Occurrence))
        ),
        "rounds": sorted(
            (outward(row.planned_at), str(row.state), row.mood) for row in session.scalars(select(Round))
        ),
        "check-ins": sorted(
            (str(row.outcome), str(row.channel), row.notes) for row in session.scalars(select(CheckIn))
        ),
        "requests": {
            row.turn_key: (
                str(row.state),
                [
                    str(event)
                    for event in session.scalars(
                        select(RequestHistory.event)
                        .where(RequestHistory.request_id == row.id)
                        .order_by(RequestHistory.id)
                    )
                ],
            )
            for row in session.scalars(select(Request).order_by(Request.turn_key))
        },
        "messages": dict(
            sorted(
                Counter(
                    f"{row.why} {row.to_role} {row.channel}"
                    for row in session.scalars(select(Message))
                    if ":duty:" not in row.key and ":visit:" not in row.key
                ).items()
            )
        ),
        "mails": sorted(mails),
        "waiting": [
            str(key) for key in session.scalars(select(Due.key).where(OPEN))
        ] + [row.key for row in session.scalars(select(Message)) if row.state is MessageState.PENDING],
        "failed": [row.key for row in session.scalars(select(Due).where(Due.state == DueState.FAILED))],
        "audit": audit.verify(session).ok,
    }  # fmt: skip


def mails_sent_twice(folder: Path) -> int:
    """Return how many mails were delivered more than once."""
    mailbox = folder / "mailbox"
    counted = Counter(mailbox.read_text().split()) if mailbox.exists() else Counter[str]()
    return sum(count > 1 for count in counted.values())
