"""Answers to a check-in: how she is, one question more, and company where she is lonely."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from assistant.cli.taken import Said, Taken
from assistant.gateway.ports import Incoming
from assistant.nlu import promised
from assistant.vocabulary import CheckInChannel, Mode, Role, ServiceKind
from backend.care import service as care
from backend.care.durations import MINUTES
from backend.checkins import memory, rounds
from backend.checkins.models import Round
from backend.clock import TOWN_ZONE, in_town, outward
from backend.elders.models import Elder
from backend.errors import Refused
from backend.outbox import service as outbox
from backend.outbox.models import Why
from backend.requests import service as requests
from backend.requests.schemas import CreateIn, Who
from backend.settings import Settings
from backend.wording import Wording

FOLLOW_UP_WITHIN = timedelta(minutes=15)
"""How long after the follow-up question her words are taken as its answer."""

COMPANY_WITHIN = timedelta(hours=48)
"""How soon somebody is to come who is offered to a lonely elder."""

_ASKED_MORE = frozenset({"poor_sleep", "no_appetite", "low", "unwell"})
_VOICE = frozenset({"voice", "speaker"})
LEFT_TO_DIALOGUE = "pain"
"""What the dialogue answers better: it knows the departments, and can book a doctor."""


class CheckInAnswers:
    """Understands what an elder says while a check-in waits for her."""

    def __init__(self, *, wording: Wording, settings: Settings) -> None:
        self._wording = wording
        self._settings = settings

    def understand(self, session: Session, incoming: Incoming, now: datetime) -> Iterable[Taken]:
        """Return what her words do about the check-in that waits, nothing where none does."""
        row = rounds.open_for(session, incoming.elder_id)
        if row is not None:
            yield Taken(asked_at=row.asked_at or now, act=self._first(session, row, incoming, now))
            return
        row = rounds.following_up(session, incoming.elder_id, since=now - FOLLOW_UP_WITHIN)
        if row is not None and row.follow_up is not None:
            taken = self._more(row, row.follow_up, incoming, now)
            if taken is not None:
                yield taken

    def _first(self, session: Session, row: Round, incoming: Incoming, now: datetime) -> Any:
        asked = outbox.was_fetched(session, Why.CHECKIN, row.id)
        mood = promised.feeling(incoming.text) if asked else None
        news = asked and mood in (None, "well") and promised.tells_news(incoming.text)
        round_id = row.id
        channel = CheckInChannel.VOICE if incoming.channel in _VOICE else CheckInChannel.TEXT

        def act(session: Session) -> Said | None:
            if news:
                rounds.answered(
                    session, round_id, mood="well", said=incoming.text, turn_key=incoming.turn_key,
                    channel=channel, follow_up=None, now=now,
                )  # fmt: skip
                return self._keep(session, incoming, now)
            if mood is None or mood == LEFT_TO_DIALOGUE:
                rounds.heard_from(session, round_id, mood=mood or "", said=incoming.text, now=now)
                if mood is not None:
                    rounds.tell_people(
                        session, self._wording, round_id, mood=mood, said=incoming.text, now=now
                    )
                return None
            said, follow_up = self._reply(session, mood, incoming, now)
            rounds.answered(
                session, round_id, mood=mood, said=incoming.text, turn_key=incoming.turn_key, channel=channel,
                follow_up=follow_up, now=now,
            )  # fmt: skip
            if mood != "well":
                rounds.tell_people(session, self._wording, round_id, mood=mood, said=incoming.text, now=now)
            return said

        return act

    def _reply(
        self, session: Session, mood: str, incoming: Incoming, now: datetime
    ) -> tuple[Said, dict[str, Any] | None]:
        if mood in _ASKED_MORE:
            return Said(phrase=f"checkin.answer.{mood}"), {"kind": "more"}
        if mood != "lonely":
            return Said(phrase="checkin.answer.well"), None
        offer = _company(session, incoming.elder_id, now)
        if offer is None:
            return Said(phrase="checkin.answer.lonely_nobody"), {"kind": "more"}
        when = self._wording.when(offer.start, offer.start, now=now)
        proposal = {
            "kind": "company",
            "carer_id": offer.carer.id,
            "start": outward(offer.start),
            "end": outward(offer.end),
        }
        return (
            Said(phrase="checkin.answer.lonely", values={"carer": offer.carer.name, "when": when}),
            proposal,
        )

    def _more(self, row: Round, follow_up: dict[str, Any], incoming: Incoming, now: datetime) -> Taken | None:
        round_id, asked_at = row.id, row.answered_at or now
        if follow_up["kind"] == "more":
            if not promised.tells_more(incoming.text):
                return None

            def note(session: Session) -> Said:
                rounds.followed_up(session, round_id, said=incoming.text)
                if promised.tells_news(incoming.text):
                    return self._keep(session, incoming, now)
                return Said(phrase="checkin.answer.noted")

            return Taken(asked_at=asked_at, act=note)
        agreed = promised.agreement(incoming.text)
        if agreed is None:
            return None

        def decide(session: Session) -> Said:
            rounds.followed_up(session, round_id, said=incoming.text)
            if agreed == "no":
                return Said(phrase="checkin.answer.declined")
            return self._book(session, follow_up, incoming, now)

        return Taken(asked_at=asked_at, act=decide)

    def _keep(self, session: Session, incoming: Incoming, now: datetime) -> Said:
        """Remember what she told, and say so: she can have it erased at once."""
        said = incoming.text.strip("。，！,.! ")
        memory.remember(session, incoming.elder_id, said=said, turn_key=incoming.turn_key, now=now)
        return Said(phrase="checkin.remembered")

    def _book(self, session: Session, follow_up: dict[str, Any], incoming: Incoming, now: datetime) -> Said:
        """Book the visit that was read out, and say it from the committed row."""
        wish = CreateIn(
            turn_key=incoming.turn_key,
            elder_id=incoming.elder_id,
            kind=ServiceKind.COMPANIONSHIP,
            details={"mode": Mode.VISIT.value, "carer_id": follow_up["carer_id"]},
            start=datetime.fromisoformat(follow_up["start"]),
            end=datetime.fromisoformat(follow_up["end"]),
            said=incoming.text,
            by=Who(role=Role.ELDER, id=incoming.elder_id),
        )
        try:
            with session.begin_nested():
                desk = requests.Desk(session=session, now=now, settings=self._settings)
                request, _ = requests.create(desk, wish)
        except Refused:
            return Said(phrase="checkin.answer.taken")
        return Said(phrase="checkin.answer.booked", about=request.id)


def _company(session: Session, elder_id: str, now: datetime) -> care.Offer | None:
    """Return who can visit soonest, by day."""
    elder = session.get_one(Elder, elder_id)
    local = in_town(now)
    start = (
        local + timedelta(hours=1)
        if local.hour < 15
        else datetime.combine(
            local.date() + timedelta(days=1), datetime.min.time().replace(hour=9), TOWN_ZONE
        )
    )
    found = care.offers(
        session,
        skill=Mode.VISIT.value,
        start=start,
        end=now + COMPANY_WITHIN,
        minutes=MINUTES[Mode.VISIT.value],
        village_id=elder.village_id,
        now=now,
    )
    return found[0] if found else None
