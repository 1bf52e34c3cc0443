"""Wires the WeChat channel, where an official account is set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI

from assistant.cli.errors import PlainError
from assistant.cli.settings import CliSettings
from assistant.cli.wechat_adapters import (
    BackendAccounts,
    BackendDebts,
    BackendLog,
    BackendNews,
    BackendNonces,
)
from assistant.cli.wechat_ways import WechatEars
from assistant.gateway.channels.wechat.account import PLATFORM, WechatAccount, aes_key_from
from assistant.gateway.channels.wechat.channel import Held, WechatChannel
from assistant.gateway.channels.wechat.conversation import WechatParts
from assistant.gateway.channels.wechat.own_turns import OwnTurns
from assistant.gateway.channels.wechat.platform import WechatPlatform
from assistant.gateway.channels.wechat.routes import MAX_BYTES, PATH, wechat_router
from assistant.gateway.turns import TurnParts, Turns
from backend.clock import Clock
from backend.database import Database
from backend.limits import BodyLimit


def account_of(settings: CliSettings) -> WechatAccount | None:
    """Return the official account that is set, None where none is.

    Raises:
        PlainError: what is set cannot be right.
    """
    set_up = settings.wechat
    if not set_up.token:
        return None
    try:
        return WechatAccount(
            token=set_up.token,
            app_id=set_up.app_id,
            aes_key=aes_key_from(set_up.aes_key) if set_up.aes_key else None,
            secret=set_up.secret or None,
            platform=set_up.api or PLATFORM,
        )
    except ValueError as error:
        raise PlainError(
            f"KANGBAN_WECHAT_* 设置不对，请看 docs/operations.md (the WeChat settings are wrong: {error})",
            status=2,
        ) from error


def serve_wechat(
    app: FastAPI, settings: CliSettings, database: Database, clock: Clock, *, turns: Turns, parts: TurnParts
) -> None:
    """Let the app answer the platform, where an account is set.

    Raises:
        PlainError: what is set cannot be right.
    """
    account = account_of(settings)
    if account is None:
        return
    platform = WechatPlatform(account) if account.secret else None
    ears = WechatEars(platform, settings) if platform else None
    channel = WechatChannel(
        WechatParts(
            turns=turns,
            own=OwnTurns(parts.inbox),
            guard=parts.guard,
            phrases=parts.phrases,
            accounts=BackendAccounts(database, clock),
            debts=BackendDebts(database, clock, can_send=platform is not None),
            log=BackendLog(database),
            news=BackendNews(database, clock),
            now=parts.now,
            ears=ears,
        ),
        Held(nonces=BackendNonces(database, clock)),
    )
    app.include_router(wechat_router(account, channel, now=parts.now))
    app.add_middleware(BodyLimit, max_bytes=MAX_BYTES, path=PATH)
    _keep_word(app, channel, ears)


def _keep_word(app: FastAPI, channel: WechatChannel, ears: WechatEars | None) -> None:
    """Work on what is owed for as long as the app runs."""
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        async with inner(running) as state:
            keeping = asyncio.create_task(channel.keep_word())
            try:
                yield state
            finally:
                keeping.cancel()
                with suppress(asyncio.CancelledError):
                    await keeping
                if ears is not None:
                    ears.close()

    app.router.lifespan_context = lifespan
