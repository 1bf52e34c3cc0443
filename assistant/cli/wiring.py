"""The composition root: builds the app of backend and gateway."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from sqlalchemy import update

from assistant.cli.adapters import BackendAlarms, BackendElders, BackendInbox, SafetyGuard
from assistant.cli.bind_wishes import BackendBindWishes
from assistant.cli.chat_page import add_chat_page
from assistant.cli.engine import build_engine
from assistant.cli.family_page import add_family_page
from assistant.cli.promised import BackendPromised
from assistant.cli.settings import CliSettings
from assistant.cli.voice_wiring import voice_of
from assistant.cli.wechat_wiring import serve_wechat
from assistant.cli.wording import SpokenWording
from assistant.gateway.dialogue_client import TURN_TIMEOUT_S, DialogueClient
from assistant.gateway.emergencies import EmergencyDesk
from assistant.gateway.failpoints import FailPoints
from assistant.gateway.routes import gateway_router
from assistant.gateway.spool import AlarmSpool
from assistant.gateway.turns import TurnParts, Turns
from assistant.gateway.understanding import Understanding
from assistant.replies.phrasebook import phrases
from assistant.vocabulary import Emergency
from backend.alarms import service as alarms
from backend.app import create_app
from backend.bell import Bell
from backend.clock import Clock, in_town
from backend.database import Database, word_of
from backend.due.worker import Worker
from backend.failpoints import NAMES as ENGINE_POINTS
from backend.failpoints import FailPoints as BackendFailPoints
from backend.settings import Settings
from backend.turns.models import Turn, TurnState

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class System:
    """The wired system of one process."""

    app: FastAPI
    database: Database
    clock: Clock
    spool: AlarmSpool
    workers: Sequence[Worker]


def build_system(
    settings: CliSettings,
    *,
    clock: Clock,
    secret: str,
    dialogue_address: Callable[[], str | None],
    dialogue_timeout_s: float = TURN_TIMEOUT_S,
) -> System:
    """Wire backend and gateway.

    Args:
        settings: the command's settings.
        clock: the source of "now".
        secret: the service token, which the dialogue process knows, too.
        dialogue_address: base URL of the dialogue process while it is ready, else None.
        dialogue_timeout_s: how long one turn may take there, in seconds.
    """
    backend = Settings(database_url=settings.database_url, service_token=secret, retention=settings.retention)
    points, of_gateway = failpoints_of(settings.failpoint)
    database = Database(backend.database_url, pool_size=backend.pool_size, failpoints=points)
    dialogue = DialogueClient(address=dialogue_address, secret=secret, timeout_s=dialogue_timeout_s)
    spool = AlarmSpool(settings.home / "alarms.spool")
    guard = SafetyGuard()

    def now() -> datetime:
        return in_town(clock.now())

    turn_parts = TurnParts(
        elders=BackendElders(database),
        inbox=BackendInbox(database, clock),
        guard=guard,
        desk=EmergencyDesk(alarms=BackendAlarms(database, clock), spool=spool, phrases=phrases()),
        dialogue=dialogue,
        phrases=phrases(),
        promised=BackendPromised(database, clock, wording=SpokenWording(), settings=backend),
        bind_wishes=BackendBindWishes(database, clock, phrases=phrases()),
        now=now,
        failpoints=of_gateway,
    )
    turns = Turns(turn_parts)
    bell = Bell()
    app = create_app(
        backend,
        clock,
        database=database,
        dialogue_ready=lambda: dialogue_address() is not None,
        routers=[gateway_router(turns, Understanding(guard=guard, dialogue=dialogue, now=now))],
        bell=bell,
    )
    socket, engines = voice_of(settings, database, clock, app.state.parts)
    app.include_router(socket, prefix="/api/v1")
    serve_wechat(app, settings, database, clock, turns=turns, parts=turn_parts)
    aloud = add_chat_page(app, settings, turns, borrow=engines.borrow)
    add_family_page(app, SpokenWording())
    _from_start_to_end(app, guard, dialogue, database, [aloud.close, engines.close])
    workers = build_engine(settings, database, clock, backend=backend, committed=bell.ring)
    return System(app=app, database=database, clock=clock, spool=spool, workers=workers)


def failpoints_of(name: str | None) -> tuple[BackendFailPoints, FailPoints]:
    """Return the engine's and the gateway's fail points, with that of ``KANGBAN_FAILPOINT`` armed.

    Raises:
        ValueError: neither has a point of this name.
    """
    if name in ENGINE_POINTS:
        return BackendFailPoints(name), FailPoints()
    return BackendFailPoints(), FailPoints(name)


def _from_start_to_end(
    app: FastAPI,
    guard: SafetyGuard,
    dialogue: DialogueClient,
    database: Database,
    ends: Sequence[Callable[[], None]],
) -> None:
    """Make the guard ready before the first message, and close what was opened here when the app ends."""
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        await asyncio.to_thread(guard.warm)
        try:
            async with inner(running) as state:
                yield state
        finally:
            for end in ends:
                await asyncio.to_thread(end)
            await dialogue.close()
            database.dispose()

    app.router.lifespan_context = lifespan


def let_go_of_unfinished_turns(database: Database) -> int:
    """Let turns that died with the last process run again at once; return how many there were.

    Only for an embedded database, whose one process holds the home's lock: with several processes, a turn
    in hand may be somebody else's, and the lease decides.
    """
    if not database.is_sqlite:
        return 0
    unfinished = (
        update(Turn)
        .where(Turn.state.in_((TurnState.PROCESSING, TurnState.RECEIVED)))
        .values(state=TurnState.FAILED, owner=None, lease_until=None, note="the process ended meanwhile")
        .returning(Turn.id)
    )
    return database.transact(lambda session: len(session.execute(unfinished).all()))


def enter_spooled_alarms(system: System) -> int:
    """Enter alarms that were kept while the database did not answer; return how many."""

    def enter(record: Mapping[str, Any]) -> None:
        system.database.transact(
            lambda session: alarms.raise_alarm(
                session,
                elder_id=str(record["elder_id"]),
                category=word_of(Emergency, str(record["category"])),
                words=str(record["text"]),
                channel=str(record["channel"]),
                turn_key=f"{record['channel']}:{record['message_id']}",
                at=datetime.fromisoformat(record["at"]),
            )
        )

    return system.spool.drain(enter)
