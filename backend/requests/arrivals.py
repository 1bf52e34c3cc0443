"""Nobody came: it is noticed, the elder is told honestly, people are told, and somebody else is sent.

Whoever can be there within the hour is sent at once; a later time is proposed and needs the elder's consent.
Every step is in the request's history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.vocabulary import RequestEvent, RequestState, Role, ServiceKind
from backend.audit import service as audit
from backend.care import service as care
from backend.clock import outward
from backend.due import service as due
from backend.due.models import Due, DueState, Outcome
from backend.due.steps import Step
from backend.elders import service as elders
from backend.failpoints import reach
from backend.outbox import service as outbox
from backend.outbox.models import Why
from backend.outbox.service import Letter
from backend.requests import lifecycle
from backend.requests.ask import Booked
from backend.requests.models import Request
from backend.requests.schemas import Who, request_out
from backend.requests.service import promise
from backend.requests.watching import (
    PROMISED,
    STILL_MISSED,
    UNCLOSED,
    UNCONFIRMED,
    is_brought,
    is_visited,
    settled,
    still_as,
    watch,
)
from backend.roster import service as roster

ASKS_ARRIVAL, ASKS_MOVED = "arrival", "moved"
"""What the elder is asked: whether it has come after all; whether the proposed time suits her."""

SEND_AT_ONCE = timedelta(minutes=60)
"""Somebody who can be there within this is sent without asking: it is the same visit, a little late."""

PROPOSE_WITHIN = timedelta(hours=36)
"""How far ahead another time is proposed."""

CONFIRM_WITHIN = timedelta(minutes=20)
"""How long the elder's word is waited for before a meal that nobody noted counts as not brought."""

CONSENT_WITHIN = timedelta(minutes=30)
"""How long her consent is waited for before people are told again."""

AGAIN_AFTER, TIMES = timedelta(minutes=60), 4
"""How often people are told that a missed request is still open; after that it stands on the consoles."""

ASKED_WITHIN = timedelta(days=3)
"""How long before a question at most its request began."""

LASTS = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Who could come instead, and when."""

    carer_id: str
    carer: str
    start: datetime
    end: datetime


def look(step: Step) -> Outcome:
    """See whether somebody came."""
    session = step.session
    request = _locked(session, step.row.subject_id)
    if request is None:
        return Outcome.NOT_NEEDED
    if request.state is RequestState.IN_PROGRESS:
        due.schedule(
            session, key=f"{UNCLOSED}:{request.id}", kind=UNCLOSED, subject_id=request.id,
            due_at=request.end + timedelta(hours=2), now=step.now,
        )  # fmt: skip
        return Outcome.KEPT
    if request.state is RequestState.COMPLETED:
        return Outcome.KEPT
    if not still_as(request, dict(step.row.payload)):
        return Outcome.NOT_NEEDED
    if is_visited(request) or (is_brought(request) and request.state is RequestState.ASSIGNED):
        return _nobody_came(step, request)
    if is_brought(request):
        _say(step, request, "arrival.meal_came", key="came", asks=ASKS_ARRIVAL)
        due.schedule(
            session, key=f"{UNCONFIRMED}:{request.id}:{step.row.payload['start']}", kind=UNCONFIRMED,
            subject_id=request.id, due_at=step.now + CONFIRM_WITHIN, now=step.now,
            payload=dict(step.row.payload),
        )  # fmt: skip
        return Outcome.KEPT
    _show(step, request, "arrival.not_noted", key="not_noted")
    return Outcome.TOLD


def unconfirmed(step: Step) -> Outcome:
    """A meal of which nobody, not even the elder, says that it came: it counts as not brought."""
    request = _locked(step.session, step.row.subject_id)
    if request is None or not still_as(request, dict(step.row.payload)):
        return Outcome.NOT_NEEDED
    return _nobody_came(step, request)


def still_missed(step: Step) -> Outcome:
    """Tell people again that a missed request is open."""
    request = _locked(step.session, step.row.subject_id)
    if request is None or request.state is not RequestState.MISSED:
        return Outcome.NOT_NEEDED
    number = int(step.row.payload["number"])
    outbox.resolve(step.session, Why.REQUEST, request.id, now=step.now)
    _show(step, request, "arrival.still_missed", key=f"still:{number}", standing=True)
    if number < TIMES:
        _ask_again_later(step, request, number + 1, AGAIN_AFTER, proposal=None)
    return Outcome.ESCALATED


def unclosed(step: Step) -> Outcome:
    """Ask people about a service that was begun and never noted as done."""
    request = _locked(step.session, step.row.subject_id)
    if request is None or request.state is not RequestState.IN_PROGRESS:
        return Outcome.NOT_NEEDED
    _show(step, request, "arrival.unclosed", key="unclosed")
    return Outcome.TOLD


def meal_soon(step: Step) -> Outcome:
    """Tell the elder that her meal is on its way."""
    return _tell_before(step, "arrival.meal_soon", lasts=timedelta(minutes=20))


def appointment_eve(step: Step) -> Outcome:
    """Tell the elder, on the evening before, that she has an appointment."""
    return _tell_before(step, "arrival.appointment_eve", lasts=timedelta(hours=2))


def waiting_for(session: Session, elder_id: str, *, since: datetime) -> list[tuple[Request, Due]]:
    """Return what an elder was asked about since an instant, the latest asked first."""
    query = (
        select(Request, Due)
        .join(Due, Due.subject_id == Request.id)
        .where(Request.elder_id == elder_id, Due.kind.in_((STILL_MISSED, UNCONFIRMED)))
        .where(Due.state == DueState.PENDING, Due.made_at >= since)
        # Years of requests must not make a turn slower: what is asked about began lately.
        .where(Request.start >= since - ASKED_WITHIN)
    )
    return [(row[0], row[1]) for row in session.execute(query.order_by(Due.id.desc()))]


def came_after_all(session: Session, request_id: str, *, said: str, turn_key: str, now: datetime) -> bool:
    """Write, on the elder's word, that somebody came or her meal was brought; False where it is too late."""
    request = _locked(session, request_id)
    if request is None or request.state not in (*PROMISED, RequestState.MISSED):
        return False
    note = "the elder says so"
    if request.state is RequestState.ACCEPTED:
        _move(session, request, RequestEvent.ASSIGN, turn_key, now, note=note)
    if request.state is RequestState.MISSED:
        _move(session, request, RequestEvent.REDISPATCH, turn_key, now, note=note)
    _move(session, request, RequestEvent.START, turn_key, now, note=note, said=said)
    if is_brought(request):
        _move(session, request, RequestEvent.COMPLETE, turn_key, now, note=note)
    else:
        due.schedule(
            session, key=f"{UNCLOSED}:{request.id}", kind=UNCLOSED, subject_id=request.id,
            due_at=max(request.end, now) + timedelta(hours=2), now=now,
        )  # fmt: skip
    settled(session, request, now=now)
    return True


def not_come(session: Session, request_id: str, *, now: datetime) -> None:
    """Take the elder's word that her meal has not come: what follows is due now."""
    for row in due.find(session, subject_id=request_id, kind=UNCONFIRMED, states=[DueState.PENDING]):
        due.withdraw(session, request_id, kinds=[UNCONFIRMED], now=now)
        due.schedule(
            session, key=f"{row.key}:no", kind=UNCONFIRMED, subject_id=request_id, due_at=now, now=now,
            payload=row.payload,
        )  # fmt: skip


def accept(
    session: Session, request_id: str, proposal: Proposal, *, said: str, turn_key: str, now: datetime
) -> bool:
    """Move a missed request to the time the elder has agreed to; False where it was taken meanwhile."""
    request = _locked(session, request_id)
    if request is None or request.state is not RequestState.MISSED:
        return False
    carer = care.get_carer(session, proposal.carer_id)
    offer = care.Offer(carer=carer, start=proposal.start, end=proposal.end)
    return _send(session, request, offer, turn_key=turn_key, now=now, note="the elder agreed", said=said)


def proposal_of(row: Due) -> Proposal | None:
    """Return what a due row proposes, None where it proposes nothing."""
    given: dict[str, Any] | None = row.payload.get("proposal")
    if not given:
        return None
    return Proposal(
        carer_id=given["carer_id"],
        carer=given["carer"],
        start=datetime.fromisoformat(given["start"]),
        end=datetime.fromisoformat(given["end"]),
    )


def _nobody_came(step: Step, request: Request) -> Outcome:
    session, now = step.session, step.now
    turn_key = f"engine:{step.row.id}"
    if request.state is RequestState.ACCEPTED:
        # What a constraint holds for somebody is assigned to her; it could not be missed otherwise.
        _move(session, request, RequestEvent.ASSIGN, turn_key, now, note="reserved for her")
    _move(session, request, RequestEvent.MISS, turn_key, now, note="no arrival was noted")
    reach(session, "arrival.missed")
    missed_by = request.carer_id
    before = _spoken(step, request)
    offer = _other(step, request, missed_by) if is_visited(request) else None
    if offer is not None and offer.start - now <= SEND_AT_ONCE:
        note = f"sent instead of {missed_by}"
        if _send(session, request, offer, turn_key=f"{turn_key}#2", now=now, note=note):
            _say(step, request, "arrival.sent_again", key="sent", what=before, **_whom(step, offer))
            _show(step, request, "arrival.sent_again_duty", key="sent", what=before, **_whom(step, offer))
            reach(session, "arrival.sent_again")
            return Outcome.TOLD
    proposal = None
    if offer is not None:
        proposal = Proposal(carer_id=offer.carer.id, carer=offer.carer.name, start=offer.start, end=offer.end)
        _say(step, request, "arrival.proposal", key="moved", asks=ASKS_MOVED, **_whom(step, offer))
    else:
        _say(step, request, "arrival.nobody", key="nobody", asks=ASKS_ARRIVAL)
    _show(step, request, "arrival.missed_duty", key="missed", standing=True, written=True)
    _ask_again_later(step, request, 1, CONSENT_WITHIN, proposal=proposal)
    reach(session, "arrival.told")
    return Outcome.ESCALATED


def _other(step: Step, request: Request, missed_by: str | None) -> care.Offer | None:
    details = request.details
    skill = details["care_item"] if request.kind is ServiceKind.HOME_CARE else details["mode"]
    elder = elders.briefly(step.session, request.elder_id)
    found = care.offers(
        step.session,
        skill=str(skill),
        start=step.now + timedelta(minutes=15),
        end=step.now + PROPOSE_WITHIN,
        minutes=int((request.end - request.start).total_seconds() // 60),
        village_id=elder.village_id,
        now=step.now,
    )
    return next((offer for offer in found if offer.carer.id != missed_by), None)


def _send(
    session: Session,
    request: Request,
    offer: care.Offer,
    *,
    turn_key: str,
    now: datetime,
    note: str,
    said: str = "",
) -> bool:
    held = care.hold_instead(session, offer=offer, request_id=request.id)
    if not held:
        return False
    details = dict(request.details) | {"carer_id": offer.carer.id, "carer": offer.carer.name}
    booked = Booked(start=offer.start, end=offer.end, details=details, carer_id=offer.carer.id)
    promise(session, request, booked)
    _move(session, request, RequestEvent.REDISPATCH, turn_key, now, note=note, said=said)
    settled(session, request, now=now)
    watch(session, request, now=now)
    return True


def _move(
    session: Session,
    request: Request,
    event: RequestEvent,
    turn_key: str,
    now: datetime,
    *,
    note: str,
    said: str = "",
) -> None:
    by: Who | None = None
    lifecycle.move(session, request, event, by=by, turn_key=turn_key, now=now, note=note, said=said)
    audit.record(
        session,
        actor=lifecycle.SYSTEM,
        action=f"requests.{event}",
        target=f"request:{request.id}",
        detail={
            "turn_key": turn_key,
            "elder_id": request.elder_id,
            "state": request.state.value,
            "note": note,
        },
        at=now,
    )


def _ask_again_later(
    step: Step, request: Request, number: int, after: timedelta, *, proposal: Proposal | None
) -> None:
    given = None
    if proposal is not None:
        given = {
            "carer_id": proposal.carer_id, "carer": proposal.carer,
            "start": outward(proposal.start), "end": outward(proposal.end),
        }  # fmt: skip
    due.schedule(
        step.session, key=f"{STILL_MISSED}:{request.id}:{outward(request.start)}:{number}", kind=STILL_MISSED,
        subject_id=request.id, due_at=step.now + after, now=step.now,
        payload={"number": number, "proposal": given},
    )  # fmt: skip


def _tell_before(step: Step, phrase: str, *, lasts: timedelta) -> Outcome:
    request = step.session.get(Request, step.row.subject_id)
    if request is None or not still_as(request, dict(step.row.payload)) or step.now >= request.start:
        return Outcome.NOT_NEEDED
    _say(step, request, phrase, key=phrase, lasts=lasts)
    return Outcome.KEPT


def _say(
    step: Step,
    request: Request,
    phrase: str,
    *,
    key: str,
    asks: str | None = None,
    lasts: timedelta = LASTS,
    **values: Any,
) -> None:
    elder = elders.briefly(step.session, request.elder_id)
    values.setdefault("what", _spoken(step, request))
    letter = Letter(
        key=f"request:{request.id}:{key}:{step.row.id}",
        to_role=Role.ELDER,
        to_id=elder.id,
        elder_id=elder.id,
        village_id=elder.village_id,
        text=step.wording.say(phrase, called=elder.called, **values),
        why=Why.REQUEST,
        why_id=request.id,
        asks=asks,
        lasts=lasts,
    )
    outbox.say_at_home(step.session, letter, now=step.now)


def _show(
    step: Step,
    request: Request,
    phrase: str,
    *,
    key: str,
    standing: bool = False,
    written: bool = False,
    **values: Any,
) -> None:
    elder = elders.briefly(step.session, request.elder_id)
    values.setdefault("what", _spoken(step, request))
    letter = Letter(
        key=f"request:{request.id}:{key}:{step.row.id}",
        to_role=Role.COORDINATOR,
        elder_id=elder.id,
        village_id=elder.village_id,
        text=step.wording.say(phrase, name=elder.name, phone=elder.phone or "—", **values),
        why=Why.REQUEST,
        why_id=request.id,
        urgent=standing,
        standing=standing,
    )
    outbox.show(step.session, letter, now=step.now)
    if written:
        for person in roster.on_duty(step.session, elder.village_id, at=step.now):
            outbox.reach_person(step.session, letter, f"staff:{person.id}", now=step.now)


def _whom(step: Step, offer: care.Offer) -> dict[str, Any]:
    return {
        "carer": offer.carer.name,
        "when": step.wording.when(offer.start, offer.start, now=step.now),
    }


def _spoken(step: Step, request: Request) -> str:
    return step.wording.request(request_out(request).model_dump(mode="json"), now=step.now)


def _locked(session: Session, request_id: str) -> Request | None:
    query = select(Request).where(Request.id == request_id).with_for_update(of=Request)
    return session.scalars(query).one_or_none()
