"""The ports of the WeChat channel, plugged into the backend's rooms."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from assistant.gateway.channels.wechat.messages import CHANNEL
from assistant.gateway.channels.wechat.ports import Bound, Debt, Known
from assistant.gateway.ports import TurnResult
from assistant.vocabulary import OPEN_STATES, AlarmState, RequestState, Role, ServiceKind
from backend.alarms import service as alarms
from backend.bindings import service as bindings
from backend.bindings.models import Binding, BindingKind
from backend.checkins import service as checkins
from backend.clock import Clock, in_town
from backend.database import Database
from backend.elders import service as elders
from backend.outbox import service as outbox
from backend.outbox.models import Channel, Why
from backend.outbox.service import Letter
from backend.requests import service as requests
from backend.turns.service import Inbox
from backend.wechat import service as wechat
from backend.wechat.models import WechatOwed

BY_OUTBOX = "outbox"
"""With what an answer was told that was sent afterwards."""

LOOK_BACK = timedelta(days=7)
"""How far back a relative is told of a check-in."""


class BackendAccounts:
    """The room of bindings as the channel's accounts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(self, account: str) -> Sequence[Bound]:
        """See the port."""
        with self._database.session() as session:
            held = bindings.of_account(session, channel=CHANNEL, account=account)
            found = [_bound(session, one) for one in held]
        now = self._clock.now()
        if held and (held[0].seen_at is None or now - held[0].seen_at >= bindings.SEEN_EVERY):
            self._database.transact(lambda writing: bindings.seen(writing, held[0].id, now=now))
        return found

    def take_code(self, account: str, code: str) -> Bound | str:
        """See the port."""

        def work(session: Session) -> Bound | str:
            taken = bindings.take_code(
                session, channel=CHANNEL, account=account, code=code, now=self._clock.now()
            )
            if taken.binding is None:
                return taken.refusal.reason if taken.refusal else bindings.BadCode.code
            return _bound(session, taken.binding)

        return self._database.transact(work)

    def choose(self, binding_id: str) -> None:
        """See the port."""
        self._database.transact(
            lambda session: bindings.choose(session, binding_id, now=self._clock.now()) and None
        )

    def end(self, binding_id: str, *, account: str) -> None:
        """See the port."""
        self._database.transact(
            lambda session: (
                bindings.revoke(
                    session, binding_id, why="said so", now=self._clock.now(), actor=f"{CHANNEL}:{account}"
                )
                and None
            )
        )


class BackendNonces:
    """Used signatures in the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def use(self, key: str, *, message: str) -> bool:
        """See the port."""
        return self._database.transact(
            lambda session: wechat.use_nonce(session, key=key, message=message, now=self._clock.now())
        )


class BackendDebts:
    """Owed answers in the database; sent by the outbox where that may be."""

    def __init__(self, database: Database, clock: Clock, *, can_send: bool) -> None:
        self._database = database
        self._clock = clock
        self._can_send = can_send

    def owe(self, debt: Debt) -> None:
        """See the port."""
        self._database.transact(
            lambda session: wechat.owe(
                session,
                message_id=debt.message_id,
                account=debt.account,
                elder_id=debt.elder_id,
                text=debt.text,
                media_id=debt.media_id,
                now=self._clock.now(),
            )
        )

    def of(self, account: str) -> Sequence[Debt]:
        """See the port."""
        return self._owed(account)

    def all(self) -> Sequence[Debt]:
        """See the port."""
        return self._owed(None)

    def told_with(self, message_id: str) -> Sequence[Debt]:
        """See the port."""
        with self._database.session() as session:
            return [_debt(row) for row in wechat.owed_with(session, message_id)]

    def tell(self, debts: Sequence[Debt], *, message_id: str) -> Sequence[Debt]:
        """See the port."""
        if not debts:
            return ()
        ids = [debt.message_id for debt in debts]
        told = self._database.transact(
            lambda session: wechat.tell(session, ids, told_with=message_id, now=self._clock.now())
        )
        return [debt for debt in debts if debt.message_id in told]

    def send(self, debt: Debt, text: str) -> None:
        """See the port."""
        if not self._can_send:
            return
        now = self._clock.now()

        def work(session: Session) -> None:
            if not wechat.tell(session, [debt.message_id], told_with=BY_OUTBOX, now=now):
                return
            letter = Letter(
                key=f"{CHANNEL}:{debt.message_id}"[:150],
                to_role=Role.ELDER,
                to_id=debt.elder_id,
                elder_id=debt.elder_id,
                text=text,
                why=Why.REPLY,
                why_id=hashlib.sha256(debt.message_id.encode()).hexdigest()[:32],
            )
            outbox.put(session, letter, Channel.WECHAT, now=now, address=debt.account)

        self._database.transact(work)

    def _owed(self, account: str | None) -> list[Debt]:
        with self._database.session() as session:
            return [_debt(row) for row in wechat.owed(session, account=account, now=self._clock.now())]


class BackendLog:
    """The inbox, looked at."""

    def __init__(self, database: Database) -> None:
        self._inbox = Inbox(database)

    def known(self, message_id: str) -> Known | None:
        """See the port."""
        row = self._inbox.find(f"{CHANNEL}:{message_id}")
        return None if row is None else Known(elder_id=row.elder_id, text=row.text, result=row.result)

    def latest(self, elder_id: str) -> tuple[str, TurnResult] | None:
        """See the port."""
        row = self._inbox.latest(elder_id)
        if row is None or row.result is None:
            return None
        return row.turn_key.partition(":")[0], row.result


class BackendNews:
    """What the rooms know of an elder's day."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(self, elder_id: str) -> dict[str, Any]:
        """See the port."""
        now = in_town(self._clock.now())
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        with self._database.session() as session:
            today, _ = requests.find(
                session,
                elder_id=elder_id,
                kind=ServiceKind.MEAL,
                start=day,
                end=day + timedelta(days=1),
            )
            planned, _ = requests.find(session, elder_id=elder_id, only_open=True, start=now)
            visits = checkins.find(session, elder_id=elder_id, since=now - LOOK_BACK, limit=1)
            raised = frozenset({AlarmState.RAISED, AlarmState.ACKNOWLEDGED})
            alarming = alarms.find(session, elder_id=elder_id, states=raised)
        eaten = {one.id for one in today}
        return {
            "meals": [f"{one.summary} {one.state.label}" for one in today if _counts(one.state)],
            "planned": [f"{one.summary} {one.state.label}" for one in planned if one.id not in eaten],
            "checkin": _line(visits[0]) if visits else None,
            "alarms": len(alarming),
        }


def _counts(state: RequestState) -> bool:
    return state in OPEN_STATES or state in (RequestState.COMPLETED, RequestState.MISSED)


def _line(visit: Any) -> str:
    at = in_town(visit.at)
    mood = f" {visit.mood}" if visit.mood else ""
    return f"{at.month}-{at.day} {at:%H:%M} {visit.channel.label} {visit.outcome.label}{mood}"


def _bound(session: Session, binding: Binding) -> Bound:
    elder = elders.briefly(session, binding.elder_id)
    return Bound(
        binding_id=binding.id,
        elder_id=elder.id,
        called=elder.called,
        family=binding.kind is BindingKind.FAMILY,
    )


def _debt(row: WechatOwed) -> Debt:
    return Debt(
        message_id=row.message_id,
        account=row.account,
        elder_id=row.elder_id,
        text=row.text,
        media_id=row.media_id,
        owed_since=row.created_at,
    )
