"""Wires the socket of the speakers in the homes; engines are loaded when one connects."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.cli.running import find_running
from assistant.cli.settings import CliSettings
from assistant.cli.voice_socket import OpenEngines, VoiceParts, voice_router
from backend.clock import Clock
from backend.database import Database
from backend.satellites import service as satellites


def voice_of(settings: CliSettings, database: Database, clock: Clock) -> APIRouter:
    """Return the socket's router, to be included below ``/api/v1`` outside of its authentication."""

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

    return voice_router(VoiceParts(known=known, api=lambda: find_running(settings), engines=engines))
