"""Answers to what we said first, taken before the dialogue: they need no model, and work while it is down.

An answer is one effect under the turn's key, so that the same turn run again says the same and does nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from assistant.cli.feelings import CheckInAnswers
from assistant.cli.taken import Said, Taken
from assistant.gateway.ports import Incoming
from assistant.nlu import promised
from assistant.vocabulary import Role
from backend.checkins import memory, rounds
from backend.clock import Clock
from backend.database import Database
from backend.notifications.models import Occurrence, OccurrenceState, Reminder
from backend.notifications.service import reminding
from backend.outbox import service as outbox
from backend.outbox.models import Answered, Why
from backend.ratings import asking
from backend.ratings import service as ratings
from backend.ratings.schemas import RatingIn
from backend.requests import arrivals, telling
from backend.requests import service as requests
from backend.requests.schemas import CancelIn, Who, request_out
from backend.requests.watching import UNCONFIRMED
from backend.settings import Settings
from backend.turns import service as turns
from backend.wording import Wording

WITHIN = timedelta(hours=2)
"""How long after a question an answer is still one to it."""

_STATES = {
    "taken": OccurrenceState.TAKEN,
    "heard": OccurrenceState.HEARD,
    "later": OccurrenceState.SNOOZED,
    "refused": OccurrenceState.REFUSED,
}


class BackendPromised:
    """The backend's open questions as the gateway's port ``Promised``."""

    def __init__(self, database: Database, clock: Clock, *, wording: Wording, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._wording = wording
        self._settings = settings
        self._checkin = CheckInAnswers(wording=wording, settings=settings)

    def answer(self, incoming: Incoming) -> list[str] | None:
        """See the port."""
        now = self._clock.now()
        turn = hashlib.sha256(incoming.turn_key.encode()).hexdigest()
        with self._database.session() as session:
            before = session.get(Answered, turn)
            if before is not None:
                return list(before.replies)
            found = [
                *self._memory(session, incoming, now),
                *self._reminders(session, incoming, now),
                *self._arrivals(session, incoming, now),
                *self._rating(session, incoming, now),
                *self._by_relatives(session, incoming, now),
                *self._checkin.understand(session, incoming, now),
            ]
        if not found:
            return None
        latest = max(found, key=lambda taken: taken.asked_at)

        def work(session: Session) -> list[str] | None:
            said = latest.act(session)
            waiting = rounds.open_for(session, incoming.elder_id)
            if waiting is not None:  # whatever she speaks about, she has been heard from
                rounds.heard_from(session, waiting.id, said=incoming.text, now=now)
            if said is None:
                return None
            replies = self._reply(session, said, now)
            session.add(Answered(turn=turn, replies=replies, at=now))
            return replies

        return self._database.transact(work)

    def _reply(self, session: Session, said: Said, now: datetime) -> list[str]:
        values: dict[str, Any] = dict(said.values)
        if said.about:
            row = request_out(requests.get(session, said.about)).model_dump(mode="json")
            values["what"] = self._wording.request(row, now=now)
        return [self._wording.say(said.phrase, variant=now.minute, **values)]

    def _memory(self, session: Session, incoming: Incoming, now: datetime) -> Iterable[Taken]:
        which = promised.wants_forgotten(incoming.text)
        if which is None or not memory.find(session, incoming.elder_id):
            return

        def act(session: Session) -> Said:
            memory.forget(session, incoming.elder_id, everything=which == "all", now=now)
            return Said(phrase="checkin.forgotten_all" if which == "all" else "checkin.forgotten")

        yield Taken(asked_at=now, act=act)  # nothing comes before it: she has just said so

    def _reminders(self, session: Session, incoming: Incoming, now: datetime) -> Iterable[Taken]:
        waiting = reminding.open_for(session, incoming.elder_id, since=now - WITHIN)
        if not waiting:
            return
        asked_at = waiting[0].said_at or now
        may_have_heard = outbox.was_fetched(session, Why.REMINDER, waiting[0].id)
        fresh = may_have_heard and not _spoke_since(session, incoming, asked_at)
        heard = promised.reminder_answer(incoming.text, fresh=fresh)
        if heard is None:
            return
        meant = [row.id for row in _meant(session, incoming.text, waiting)]

        def act(session: Session) -> Said:
            stands = reminding.answer(
                session, meant, _STATES[heard], said=incoming.text, turn_key=incoming.turn_key, now=now
            )
            return Said(phrase=f"promise.{stands}")

        yield Taken(asked_at=asked_at, act=act)

    def _arrivals(self, session: Session, incoming: Incoming, now: datetime) -> Iterable[Taken]:
        waiting = arrivals.waiting_for(session, incoming.elder_id, since=now - WITHIN)
        if not waiting:
            return
        request, row = waiting[0]
        if not outbox.was_fetched(session, Why.REQUEST, request.id):
            return  # she has not been asked yet; her words are about something else
        proposal = arrivals.proposal_of(row)
        asks = arrivals.ASKS_MOVED if proposal is not None else arrivals.ASKS_ARRIVAL
        heard = promised.arrival_answer(incoming.text, asks=asks)
        if heard is None or (heard == "not_come" and row.kind != UNCONFIRMED):
            return
        request_id, key = request.id, incoming.turn_key

        def act(session: Session) -> Said:
            if heard == "came":
                arrivals.came_after_all(session, request_id, said=incoming.text, turn_key=key, now=now)
                return Said(phrase="arrival.answer.came")
            if heard == "not_come":
                arrivals.not_come(session, request_id, now=now)
                return Said(phrase="arrival.answer.not_come")
            if heard == "drop":
                desk = requests.Desk(session=session, now=now, settings=self._settings)
                by = Who(role=Role.ELDER, id=incoming.elder_id)
                requests.cancel(
                    desk, request_id, CancelIn(turn_key=key, by=by, said=incoming.text, reason="nobody came")
                )
                return Said(phrase="arrival.answer.cancelled", about=request_id)
            if heard == "yes" and proposal is not None:
                agreed = arrivals.accept(
                    session, request_id, proposal, said=incoming.text, turn_key=key, now=now
                )
                return (
                    Said(phrase="arrival.answer.agreed", about=request_id)
                    if agreed
                    else Said(phrase="arrival.answer.taken")
                )
            return Said(phrase="arrival.answer.declined")

        yield Taken(asked_at=row.made_at, act=act)

    def _by_relatives(self, session: Session, incoming: Incoming, now: datetime) -> Iterable[Taken]:
        waiting = telling.by_relatives(session, incoming.elder_id, now=now)
        if not waiting:
            return
        request_id, told_at = waiting[0].id, telling.told_at(session, waiting[0].id)
        if promised.refuses_order(incoming.text):
            said = "no"
        elif told_at is None or told_at < now - WITHIN or _spoke_since(session, incoming, told_at):
            return  # a bare 不要 is about what was said last between us
        else:
            heard = promised.agreement(incoming.text)
            if heard is None:
                return
            said = heard

        def act(writing: Session) -> Said:
            if said == "no":
                desk = requests.Desk(session=writing, now=now, settings=self._settings)
                by = Who(role=Role.ELDER, id=incoming.elder_id)
                refusal = CancelIn(
                    turn_key=incoming.turn_key, by=by, said=incoming.text, reason="she does not want it"
                )
                requests.cancel(desk, request_id, refusal)
            return Said(phrase="arranged.refused" if said == "no" else "arranged.kept", about=request_id)

        yield Taken(asked_at=told_at or now, act=act)

    def _rating(self, session: Session, incoming: Incoming, now: datetime) -> Iterable[Taken]:
        waiting = asking.waiting_for(session, incoming.elder_id, since=now - WITHIN)
        if waiting is None or not outbox.was_fetched(session, Why.REQUEST, f"rating:{waiting[0].id}"):
            return
        stars = promised.liking(incoming.text)
        if stars is None or _spoke_since(session, incoming, waiting[1]):
            return  # once she has gone on to something else, 好 is no longer about the visit
        request_id, asked_at = waiting[0].id, waiting[1]

        def act(writing: Session) -> Said:
            by = Who(role=Role.ELDER, id=incoming.elder_id)
            sent = RatingIn(
                turn_key=f"{incoming.turn_key}#rating"[:200], stars=stars, said=incoming.text, by=by
            )
            ratings.rate(writing, request_id, sent, now=now)
            asking.answered(writing, request_id, now=now)
            if stars > ratings.BAD:
                return Said(phrase="rating.thanks")
            request = requests.get(writing, request_id)
            asking.tell_people(writing, self._wording, request, said=incoming.text, now=now)
            return Said(phrase="rating.sorry")

        yield Taken(asked_at=asked_at, act=act)


def _meant(session: Session, text: str, waiting: list[Occurrence]) -> list[Occurrence]:
    """Return which of several reminders an answer is about: those it speaks of, else the latest."""
    if len(waiting) == 1:
        return waiting
    texts: Mapping[str, str] = {row.id: session.get_one(Reminder, row.reminder_id).text for row in waiting}
    spoken_of = [row for row in waiting if promised.speaks_of(text, texts[row.id])]
    return spoken_of or waiting[:1]


def _spoke_since(session: Session, incoming: Incoming, since: datetime) -> bool:
    """Tell whether the elder has said something else since we spoke."""
    recent = turns.log(session, elder_id=incoming.elder_id, limit=3)
    return any(turn.received_at > since and turn.turn_key != incoming.turn_key for turn in recent)
