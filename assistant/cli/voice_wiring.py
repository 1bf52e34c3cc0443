"""Wires the socket of the speakers in the homes and of held buttons; engines are loaded when one connects."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from assistant.cli.chat_page import BackendDevices
from assistant.cli.running import find_running
from assistant.cli.settings import CliSettings
from assistant.cli.voice_socket import OpenEngines, VoiceParts, voice_router
from assistant.cli.warm_engines import WarmEngines
from assistant.gateway.channels.chat_page.frame import COOKIE
from assistant.gateway.channels.chat_page.routes import shown
from assistant.replies.phrasebook import phrases
from backend.access import Parts
from backend.clock import Clock
from backend.database import Database
from backend.satellites import service as satellites


def voice_of(
    settings: CliSettings, database: Database, clock: Clock, parts: Parts
) -> tuple[APIRouter, WarmEngines]:
    """Return the socket's router, to be included below ``/api/v1`` outside of its authentication.

    And its engines, to be closed at the end.
    """

    def known(token: str) -> str | None:
        with database.session() as session:
            found = satellites.known(session, token)
        if found is None:
            return None
        database.transact(lambda writing: satellites.seen(writing, found.id, now=clock.now()))
        return found.elder_id

    def engines() -> OpenEngines:
        from assistant.cli.voice_parts import Engines

        return Engines(settings)

    devices = BackendDevices(parts)

    def bound(cookie: str) -> str | None:
        device = devices.elder(cookie)
        return device.elder_id if device is not None else None

    def told(turn: dict[str, Any]) -> dict[str, Any]:
        return shown(turn, phrases())

    warm = WarmEngines(engines)
    socket = VoiceParts(
        known=known,
        api=lambda: find_running(settings),
        engines=engines,
        lent=warm.lend,
        bound=bound,
        cookie=COOKIE,
        shown=told,
    )
    return voice_router(socket), warm
