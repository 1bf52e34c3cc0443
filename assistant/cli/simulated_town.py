"""A simulated town: elders, families, carers and coordinators who behave as people do, around a real engine.

The engine, its services and its database are the real ones; only the people, the clock and the mail are
simulated. People answer late, not at all, or that it has not come; carers stay away; the box is off for some
hours; the clock is put back once.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from assistant.cli.promised import BackendPromised
from assistant.cli.wording import SpokenWording
from assistant.gateway.ports import Incoming
from assistant.vocabulary import (
    AlarmState,
    CheckInChannel,
    CheckInOutcome,
    Emergency,
    RequestEvent,
    RequestState,
    Role,
    ServiceKind,
)
from backend import rooms
from backend.alarms import service as alarms
from backend.checkins import rounds
from backend.checkins import service as checkins
from backend.clock import FrozenClock, in_town
from backend.database import Database
from backend.demo import people
from backend.demo.seeding import seed
from backend.demo.tables import read
from backend.due import service as due
from backend.due.worker import BATCH
from backend.elders.models import Contact, Elder, ElderTag
from backend.engine import build_workers
from backend.errors import BackendError
from backend.notifications.models import Reminder, ReminderState
from backend.notifications.service import reminders
from backend.outbox import service as outbox
from backend.outbox.models import Channel, Message, Why
from backend.outbox.notifier import NeverDeliveredError, NotDeliveredError, Parcel
from backend.requests import service as requests
from backend.requests.models import Request
from backend.requests.schemas import CreateIn, EventIn, Who
from backend.settings import Settings
from backend.wire import By

START = datetime.fromisoformat("2026-11-23T06:00:00+08:00")

QUANTUM = timedelta(seconds=20)
"""The town's clock moves on by at least this: nothing that people notice happens faster."""

AFTERMATH = timedelta(days=2)
"""How long after the last day people are given to finish what was begun."""

CARE = ("cleaning", "laundry", "bathing", "cooking", "haircut", "repair")
_WELL = ("挺好的", "还行", "睡得好", "蛮好", "老样子", "都好")
_UNWELL = ("没睡好", "没胃口", "膝盖疼", "一个人闷得很", "头晕", "心情不好")
_DONE = ("吃了", "吃过了", "好了", "已经吃了")


class _Post:
    """Mail that is down now and then, and addresses that are wrong."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self.delivered = 0

    def deliver(self, parcel: Parcel) -> None:
        """See the port."""
        if parcel.address.startswith("nobody"):
            raise NeverDeliveredError("no such mailbox")
        if self._random.random() < 0.05:
            raise NotDeliveredError("the mail server does not answer")
        self.delivered += 1


class SimulatedTown:
    """The town and its week."""

    def __init__(self, url: str, *, elders: int, days: int, seed_of_chance: int) -> None:
        """Prepare a town of ``elders`` for ``days`` days, in an empty database of its own."""
        rooms.load_models()
        self.random = Random(seed_of_chance)  # noqa: S311 - people's whims, no secret
        self.clock = FrozenClock(START)
        self.end = START + timedelta(days=days)
        self.database = Database(url, pool_size=2)
        if self.database.is_sqlite:
            # This town lives for one run: nothing would be lost with the plug pulled.
            event.listen(self.database.engine, "connect", _without_syncing)
        self.settings = Settings(database_url=url, service_token="")
        self._wording = SpokenWording()
        self.post = _Post(self.random)
        self._workers = build_workers(
            self.database,
            self.clock,
            wording=self._wording,
            settings=self.settings,
            notifiers={Channel.EMAIL: self.post},
        )
        self._promised = BackendPromised(
            self.database, self.clock, wording=self._wording, settings=self.settings
        )
        self._plan: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count(1)
        self._seen = 0
        self.refused = 0
        self.turns = Counter[str]()
        self._off = [
            (START + timedelta(days=2, hours=-3), START + timedelta(days=2, minutes=-30)),
            (START + timedelta(days=4, hours=2), START + timedelta(days=4, hours=4, minutes=40)),
        ]
        self._put_back_at: datetime | None = START + timedelta(days=min(5, days - 1), hours=6)
        self._people(elders)
        self._plan_days(days)

    # ---- the week ------------------------------------------------------------------------------------------

    def live(self, told: Callable[[datetime], None]) -> None:
        """Live through the days and what comes of them; ``told`` hears of each new day."""
        day = START.date()
        self._at(self.end, self._stop_rhythms)
        last = self.end + AFTERMATH
        while True:
            self._go_round()
            with self.database.session() as session:
                coming = due.next_at(session)
            times = [at for at in (coming, self._plan[0][0] if self._plan else None) if at is not None]
            if not times or min(times) > last:
                break
            self._move_clock(max(min(times), self.clock.now() + QUANTUM))
            while self._plan and self._plan[0][0] <= self.clock.now():
                heapq.heappop(self._plan)[2]()
            if in_town(self.clock.now()).date() != day:
                day = in_town(self.clock.now()).date()
                told(self.clock.now())

    def _move_clock(self, to: datetime) -> None:
        for begins, ends in self._off:
            if begins <= to < ends:
                to = ends  # nobody was there meanwhile
        if self._put_back_at is not None and to >= self._put_back_at:
            self._put_back_at = None
            to = self.clock.now() - timedelta(minutes=20)
        self.clock.at = to

    def _go_round(self) -> None:
        for worker in self._workers:
            while worker.run_once() == BATCH:
                pass
        with self.database.session() as session:
            query = select(Message).where(Message.id > self._seen).order_by(Message.id)
            fresh = list(session.scalars(query))
        for message in fresh:
            self._seen = message.id
            self._react(message)

    def _react(self, message: Message) -> None:
        if message.channel is Channel.SPEAKER:
            self._soon(5, 60, lambda: self._home_says(message))
        elif message.channel is Channel.FEED:
            self._coordinator_sees(message)

    # ---- who lives here ------------------------------------------------------------------------------------

    def _people(self, number: int) -> None:
        self.database.create_all()
        seed(self.database, now=START)
        tables = dict(read("elders")) | {"count": number}
        drawn = people.elders(tables, villages=read("town")["villages"], year=START.year, random=Random(1))  # noqa: S311

        def move_in(session: Session) -> list[str]:
            known = set(session.scalars(select(Elder.id)))
            for table, rows in ((Elder, drawn.elders), (Contact, drawn.contacts), (ElderTag, drawn.tags)):
                key = "id" if table is Elder else "elder_id"
                missing = [row for row in rows if row[key] not in known]
                if missing:
                    session.execute(insert(table), missing)
            return list(session.scalars(select(Elder.id).order_by(Elder.id).limit(number)))

        self.elders = self.database.transact(move_in)
        for first in range(0, number, 50):
            self.database.transact(
                lambda session, some=self.elders[first : first + 50]: self._settle_in(session, some)  # type: ignore[misc]
            )

    def _settle_in(self, session: Session, some: list[str]) -> None:
        for elder_id in some:
            chance = self.random.random()
            if chance < 0.7:
                address = f"{'nobody' if chance < 0.02 else 'family'}-{elder_id}@example.org"
                outbox.set_addresses(session, f"contact:{elder_id}:1", [(Channel.EMAIL, address)])
            morning = f"{self.random.randint(7, 9):02}:{self.random.randrange(0, 60, 5):02}"
            evening = [f"{self.random.randint(17, 19):02}:30"] if self.random.random() < 0.2 else []
            rounds.set_rhythm(
                session, elder_id, times=[morning, *evening], by="simulation", now=self.clock.now()
            )
            if self.random.random() < 0.4:
                hour = self.random.randint(7, 20)
                reminders.create(
                    session, turn_key=f"sim:pills:{elder_id}", elder_id=elder_id, text="吃药",
                    start=START.replace(hour=hour, minute=self.random.randrange(0, 60, 10)),
                    repeat="FREQ=DAILY", said="", at=self.clock.now(),
                )  # fmt: skip

    def _plan_days(self, days: int) -> None:
        for day in range(days):
            begin = START + timedelta(days=day)
            for elder_id in self.elders:
                if self.random.random() < 0.25:
                    at = begin + timedelta(minutes=self.random.randint(60, 600))
                    self._at(at, lambda who=elder_id: self._wishes(who))  # type: ignore[misc]
                if self.random.random() < 0.006:
                    at = begin + timedelta(minutes=self.random.randint(0, 1430))
                    self._at(at, lambda who=elder_id: self._cries(who))  # type: ignore[misc]

    # ---- elders --------------------------------------------------------------------------------------------

    def _wishes(self, elder_id: str) -> None:
        now = in_town(self.clock.now())
        tomorrow = now.date() + timedelta(days=1)
        kind = self.random.choices(list(ServiceKind), weights=(5, 3, 1, 2))[0]
        start = datetime.combine(tomorrow, now.timetz()).replace(hour=self.random.randint(8, 15), minute=0)
        body: dict[str, Any] = {"start": start, "end": start + timedelta(hours=3)}
        if kind is ServiceKind.MEAL:
            delivery = "delivery" if self.random.random() < 0.8 else "dine_in"
            details: dict[str, Any] = {"meal": "lunch", "day": tomorrow.isoformat(), "dishes": ["套餐"]}
            body, details = {}, details | {"quantity": 1, "delivery": delivery, "accept_clash": True}
        elif kind is ServiceKind.HOME_CARE:
            details = {"care_item": self.random.choice(CARE)}
        elif kind is ServiceKind.MEDICAL_APPOINTMENT:
            details, body = {"department": "general_practice"}, {}
        else:
            details = {"mode": self.random.choice(("visit", "call"))}
        wish = CreateIn(
            turn_key=self._key("wish"), elder_id=elder_id, kind=kind, details=details, said="", **body
        )
        made = self._try(lambda session: requests.create(self._desk(session), wish)[0].id)
        if made is None:
            self.refused += 1
            return
        self._expect(made)

    def _cries(self, elder_id: str) -> None:
        now = self.clock.now()
        kind = self.random.choice([Emergency.FALL, Emergency.HELP, Emergency.CHEST_PAIN, Emergency.SCAM])
        self.database.transact(
            lambda session: alarms.raise_alarm(
                session, elder_id=elder_id, category=kind, words=kind.label, channel="speaker",
                turn_key=self._key("cry"), at=now,
            )
        )  # fmt: skip

    def _home_says(self, message: Message) -> None:
        elder_id = str(message.elder_id)
        if self.random.random() < 0.05:
            return  # the speaker is unplugged
        now = self.clock.now()

        def work(session: Session) -> None:
            for offered in outbox.offer(session, elder_id=elder_id, channel=Channel.SPEAKER, now=now):
                outbox.heard(session, offered.id, elder_id=elder_id, now=now)

        self.database.transact(work)
        if message.asks and self.random.random() < 0.85:
            asks = message.asks
            self._soon(10, 400, lambda: self._answers(elder_id, asks))

    def _answers(self, elder_id: str, asks: str) -> None:
        chance = self.random.random()
        if asks == "reminder":
            words = self.random.choice(_DONE) if chance < 0.8 else "等会儿" if chance < 0.95 else "不吃了"
        elif asks == "checkin":
            words = self.random.choice(_WELL if chance < 0.8 else _UNWELL)
        elif asks == "arrival":
            words = "送到了" if chance < 0.85 else "没有"
        else:
            words = "好的" if chance < 0.7 else "不行" if chance < 0.9 else "算了不要了"
        incoming = Incoming(elder_id=elder_id, channel="speaker", message_id=self._key("say"), text=words)
        replies = self._promised.answer(incoming)
        self.turns["answered" if replies else "not an answer any more"] += 1
        if replies and words == "一个人闷得很":
            self._soon(10, 60, lambda: self._agrees(elder_id))

    def _agrees(self, elder_id: str) -> None:
        said = "好的" if self.random.random() < 0.6 else "不用了"
        self._promised.answer(
            Incoming(elder_id=elder_id, channel="speaker", message_id=self._key("say"), text=said)
        )
        with self.database.session() as session:
            query = select(Request.id).where(
                Request.elder_id == elder_id, Request.created_at == self.clock.now()
            )
            booked = session.scalars(query).first()
        if booked is not None:
            self._expect(booked)

    # ---- carers and kitchens -------------------------------------------------------------------------------

    def _expect(self, request_id: str) -> None:
        with self.database.session() as session:
            request = requests.get(session, request_id)
        late = timedelta(minutes=self.random.randint(-5, 25))
        if request.kind in (ServiceKind.HOME_CARE, ServiceKind.COMPANIONSHIP):
            if self.random.random() < 0.9:
                self._at(request.start + late, lambda: self._comes(request_id, request.start))
        elif self.random.random() < 0.6:
            self._at(request.end, lambda: self._ends(request_id))

    def _comes(self, request_id: str, start: datetime) -> None:
        with self.database.session() as session:
            request = requests.get(session, request_id)
        if request.start != start or request.state not in (RequestState.ACCEPTED, RequestState.ASSIGNED):
            return
        if request.state is RequestState.ACCEPTED:
            self._event(request_id, RequestEvent.ASSIGN)
        self._event(request_id, RequestEvent.START)
        if self.random.random() < 0.97:
            self._at(request.end, lambda: self._done(request_id))

    def _done(self, request_id: str) -> None:
        self._event(request_id, RequestEvent.COMPLETE)

    def _ends(self, request_id: str) -> None:
        with self.database.session() as session:
            state = requests.get(session, request_id).state
        if state is RequestState.MISSED:
            self._event(request_id, RequestEvent.REDISPATCH)
            state = RequestState.ASSIGNED
        if state is RequestState.ACCEPTED:
            self._event(request_id, RequestEvent.ASSIGN)
        if state in (RequestState.ACCEPTED, RequestState.ASSIGNED):
            self._event(request_id, RequestEvent.START)
        self._event(request_id, RequestEvent.COMPLETE)

    # ---- coordinators --------------------------------------------------------------------------------------

    def _coordinator_sees(self, message: Message) -> None:
        if message.why is Why.ALARM and ":raised:" in message.key:
            self._soon(30, 900, lambda: self._takes_on(message.why_id))
        elif message.why is Why.CHECKIN and message.standing:
            self._soon(900, 6000, lambda: self._visits(str(message.elder_id)))
        elif message.why is Why.REQUEST:
            if ":sent:" in message.key:
                self._expect(message.why_id)
            elif message.standing:
                self._soon(300, 4000, lambda: self._handles(message.why_id))
            elif self.random.random() < 0.9:
                self._soon(600, 20000, lambda: self._ends(message.why_id))

    def _takes_on(self, alarm_id: str) -> None:
        now, by = self.clock.now(), By(role=Role.COORDINATOR, id="S03")
        with self.database.session() as session:
            state = alarms.get(session, alarm_id).state
        if state is not AlarmState.RAISED:
            return
        self._try(lambda session: alarms.acknowledge(session, alarm_id, by=by, note="我去看看", at=now).id)
        self._soon(900, 9000, lambda: self._closes(alarm_id))

    def _closes(self, alarm_id: str) -> None:
        now, by = self.clock.now(), By(role=Role.COORDINATOR, id="S03")
        self._try(lambda session: alarms.close(session, alarm_id, by=by, note="处理好了", at=now).id)

    def _visits(self, elder_id: str) -> None:
        now = self.clock.now()
        self._try(
            lambda session: checkins.create(
                session, turn_key=self._key("visit"), elder_id=elder_id, channel=CheckInChannel.VISIT,
                outcome=CheckInOutcome.WELL, by=By(role=Role.COORDINATOR, id="S03"), at=now,
            )[0].id
        )  # fmt: skip

    def _handles(self, request_id: str) -> None:
        with self.database.session() as session:
            request = requests.get(session, request_id)
        if request.state is not RequestState.MISSED:
            return
        if request.kind is ServiceKind.MEAL and self.random.random() < 0.7:
            self._ends(request_id)
        elif request.kind is not ServiceKind.MEAL and self._event(request_id, RequestEvent.REDISPATCH):
            self._expect(request_id)
        else:
            self._event(request_id, RequestEvent.CANCEL)

    def _stop_rhythms(self) -> None:
        now = self.clock.now()

        def work(session: Session) -> None:
            for elder_id in self.elders:
                due.withdraw(session, elder_id, kinds=[rounds.ASK], now=now)
            for reminder in session.scalars(
                select(Reminder).where(Reminder.state == ReminderState.ACTIVE)
            ).all():
                reminders.end(session, reminder.id, ReminderState.CANCELLED, by=By(), at=now)

        self.database.transact(work)

    # ---- how -------------------------------------------------------------------------------------------

    def _event(self, request_id: str, what: RequestEvent) -> bool:
        sent = EventIn(turn_key=self._key("event"), event=what, by=Who(role=Role.COORDINATOR, id="S03"))
        done = self._try(lambda session: requests.apply_event(self._desk(session), request_id, sent).id)
        return done is not None

    def _desk(self, session: Session) -> requests.Desk:
        return requests.Desk(session=session, now=self.clock.now(), settings=self.settings)

    def _try(self, work: Callable[[Session], str]) -> str | None:
        try:
            return self.database.transact(work)
        except BackendError:
            return None  # people find out, too, that something is not possible

    def _key(self, what: str) -> str:
        return f"sim:{what}:{next(self._numbers)}"

    def _at(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._plan, (at, next(self._numbers), act))

    def _soon(self, least_s: int, most_s: int, act: Callable[[], None]) -> None:
        self._at(self.clock.now() + timedelta(seconds=self.random.randint(least_s, most_s)), act)


def _without_syncing(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
