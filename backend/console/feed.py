"""The console stays live: one look at the database for all open pages, an event where something changed.

Every act stands in the audit, so its head is the one mark to look at; reads do not count as changes. A page
that is told so fetches its own part anew, as far as its reader may see it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from backend.audit.models import AuditEntry
from backend.console.frame import At, ConsoleRoute
from backend.database import Database
from backend.turns.models import Turn

LOOK_S = 1.0
"""Pause between two looks at the database while somebody has a page open, in seconds."""

KEEP_ALIVE_S = 15.0
"""Pause after which a silent stream sends a comment, so that nobody on the way closes it, in seconds."""

router = APIRouter(route_class=ConsoleRoute)


class Pulse:
    """Looks at the database while somebody listens, and wakes all who do when something changed."""

    def __init__(self, database: Database) -> None:
        """Look at ``database``; nothing runs before somebody listens."""
        self._database = database
        self._listeners: set[asyncio.Event] = set()
        self._task: asyncio.Task[None] | None = None

    async def changes(self) -> AsyncIterator[bool]:
        """Yield True when something changed, False from time to time when nothing did."""
        woken = asyncio.Event()
        self._listeners.add(woken)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        try:
            while True:
                with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
                    await asyncio.wait_for(woken.wait(), KEEP_ALIVE_S)
                changed = woken.is_set()
                woken.clear()
                yield changed
        finally:
            self._listeners.discard(woken)

    async def _look(self) -> None:
        last = await asyncio.to_thread(self._mark, None)
        while self._listeners:
            await asyncio.sleep(LOOK_S)
            mark = await asyncio.to_thread(self._mark, last)
            if mark != last:
                last = mark
                for listener in self._listeners:
                    listener.set()

    def _mark(self, last: tuple[int, int] | None) -> tuple[int, int] | None:
        """Return the last act's number and the last turn's; as before where the database does not answer."""
        query = select(func.max(AuditEntry.seq)).where(AuditEntry.action.not_like("%.read"))
        try:
            with self._database.session() as session:
                if last is None:
                    # From the end, so that a long chain of reads is not gone through at the start.
                    seq = session.scalar(select(func.max(AuditEntry.seq))) or 0
                else:
                    seq = session.scalar(query.where(AuditEntry.seq > last[0])) or last[0]
                return seq, session.scalar(select(func.max(Turn.id))) or 0
        except SQLAlchemyError:
            return last


@router.get("/console/feed")
async def feed(request: Request, _page: At) -> StreamingResponse:
    """Send an event ``changed`` whenever something in the town changed."""
    pulse: Pulse = request.app.state.pulse

    async def events() -> AsyncIterator[str]:
        yield "retry: 2000\n\n"
        async for changed in pulse.changes():
            yield "event: changed\ndata: 1\n\n" if changed else ": still here\n\n"
            if await request.is_disconnected():
                return

    return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})
