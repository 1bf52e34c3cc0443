"""Routes of the outbox: what a home fetches to say, what consoles show, and the log of all messages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from backend.access import Caller, Here, Parts
from backend.audit import service as audit
from backend.outbox import service
from backend.outbox.models import Address, Channel, Message, MessageState, Why
from backend.outbox.schemas import (
    AddressesIn,
    AddressesOut,
    AddressOut,
    AnnouncementOut,
    AnnouncementsOut,
    MessageOut,
    MessagesOut,
)
from backend.wire import Id

router = APIRouter(tags=["outbox"])

LOOK_AGAIN_S = 3.0
"""How often who waits looks by himself, for what other processes wrote, in seconds."""

SETTLING = 200
"""How many ids back a stream looks: a message with a smaller id may be committed after one with a greater."""

KEEP_ALIVE_S = 15.0
"""Pause after which a silent stream sends a comment, so that nobody on the way closes it, in seconds."""

Owner = Annotated[
    str, Path(pattern=r"^(contact:[A-Za-z0-9_.-]{1,64}:[0-9]{1,2}|staff:[A-Za-z0-9_.-]{1,64})$")
]


@router.get("/elders/{elder_id}/announcements")
async def announcements(
    here: Here,
    elder_id: Annotated[Id, Path()],
    channel: Channel,
    wait: Annotated[float, Query(ge=0, le=60)] = 0,
) -> AnnouncementsOut:
    """Fetch what is to be said by ``speaker`` or ``chat``, waiting up to ``wait`` seconds for it."""
    deadline = asyncio.get_running_loop().time() + wait
    while True:
        found = await asyncio.to_thread(_offer, here, elder_id, channel)
        left = deadline - asyncio.get_running_loop().time()
        if found or left <= 0:
            return AnnouncementsOut(announcements=found)
        await here.bell.wait(min(left, LOOK_AGAIN_S))


def _offer(here: Parts, elder_id: str, channel: Channel) -> list[AnnouncementOut]:
    now = here.clock.now()
    with here.database.session() as session:
        if not service.waiting(session, elder_id=elder_id, channel=channel, now=now):
            return []
    return here.database.transact(
        lambda session: [
            AnnouncementOut.model_validate(row)
            for row in service.offer(session, elder_id=elder_id, channel=channel, now=now)
        ]
    )


@router.post("/elders/{elder_id}/announcements/{message_id}/heard")
def heard(here: Here, elder_id: Annotated[Id, Path()], message_id: int) -> AnnouncementOut:
    """Confirm that something was said to the elder."""
    now = here.clock.now()
    return here.database.transact(
        lambda session: AnnouncementOut.model_validate(
            service.heard(session, message_id, elder_id=elder_id, now=now)
        )
    )


@router.get("/feed", responses={200: {"content": {"text/event-stream": {}}}})
async def feed(
    request: Request,
    here: Here,
    after: Annotated[int | None, Query(ge=0)] = None,
    village_id: Id | None = None,
    standing: bool = False,
    newest: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> MessagesOut:
    """Return what consoles show; asked for ``text/event-stream``, go on sending it as it comes.

    A stream's events are ``message`` with the message as data and its id; it begins with what is new. After a
    break, ``Last-Event-ID`` (or ``after``) goes on where it stopped.
    """
    if "text/event-stream" in request.headers.get("accept", ""):
        last = request.headers.get("last-event-id", "")
        begin = int(last) if last.isdecimal() and len(last) < 19 else after
        return StreamingResponse(  # type: ignore[return-value]
            _stream(here, begin, village_id),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    def read() -> MessagesOut:
        with here.database.session() as session:
            rows = service.feed(
                session,
                after=after or 0,
                village_id=village_id,
                standing=standing,
                newest=newest,
                limit=limit,
            )
            return MessagesOut(messages=[MessageOut.model_validate(row) for row in rows])

    return await asyncio.to_thread(read)


async def _stream(here: Parts, after: int | None, village_id: str | None) -> AsyncIterator[str]:
    seen: set[int] = set()
    begin = await asyncio.to_thread(_newest, here) if after is None else after
    last = begin
    quiet = 0.0
    yield "retry: 2000\n\n"
    while True:
        rows = await asyncio.to_thread(_newer, here, max(begin, last - SETTLING), village_id)
        fresh = [row for row in rows if row.id not in seen]
        for row in fresh:
            seen.add(row.id)
            last = max(last, row.id)
            body = json.dumps(row.model_dump(mode="json"), ensure_ascii=False)
            yield f"id: {row.id}\nevent: message\ndata: {body}\n\n"
        seen = {number for number in seen if number > last - 2 * SETTLING}
        if fresh:
            quiet = 0.0
            continue
        await here.bell.wait(LOOK_AGAIN_S)
        quiet += LOOK_AGAIN_S
        if quiet >= KEEP_ALIVE_S:
            quiet = 0.0
            yield ": still here\n\n"


def _newest(here: Parts) -> int:
    with here.database.session() as session:
        return next((row.id for row in service.feed(session, newest=True, limit=1)), 0)


def _newer(here: Parts, after: int, village_id: str | None) -> list[MessageOut]:
    with here.database.session() as session:
        rows = service.feed(session, after=after, village_id=village_id, limit=500)
        return [MessageOut.model_validate(row) for row in rows]


@router.get("/messages")
def find(
    here: Here,
    elder_id: Id | None = None,
    why: Why | None = None,
    why_id: Id | None = None,
    state: MessageState | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> MessagesOut:
    """Return the log of messages by every channel, newest first."""
    with here.database.session() as session:
        rows: list[Message] = service.find(
            session, elder_id=elder_id, why=why, why_id=why_id, state=state, limit=limit
        )
        return MessagesOut(messages=[MessageOut.model_validate(row) for row in rows])


@router.get("/addresses/{owner}")
def read_addresses(here: Here, owner: Owner) -> AddressesOut:
    """Return how a contact (``contact:ELDER:1``) or somebody of the staff (``staff:ID``) can be reached."""
    with here.database.session() as session:
        return _addresses_out(owner, service.addresses_of(session, [owner]))


@router.put("/addresses/{owner}")
def write_addresses(here: Here, caller: Caller, owner: Owner, body: AddressesIn) -> AddressesOut:
    """Write down how somebody can be reached, instead of what was there."""
    now = here.clock.now()

    def work(session: Session) -> AddressesOut:
        rows = service.set_addresses(session, owner, [(way.channel, way.value) for way in body.addresses])
        audit.record(
            session, actor=caller, action="addresses.set", target=owner, detail={"count": len(rows)}, at=now
        )
        return _addresses_out(owner, rows)

    return here.database.transact(work)


def _addresses_out(owner: str, rows: list[Address]) -> AddressesOut:
    return AddressesOut(owner=owner, addresses=[AddressOut.model_validate(row) for row in rows])
