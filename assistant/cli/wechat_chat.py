"""`kangban wechat simulate`: write as somebody would in WeChat, to the real system, without an account."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from random import SystemRandom
from typing import Any

from assistant.cli.api import Api, ApiProblem
from assistant.cli.errors import PlainError
from assistant.cli.lines import is_interactive, read_lines, tell, tidy, write_json, write_line
from assistant.cli.played_wechat import Delivered, PlayedPlatform
from assistant.cli.running import find_running, has_town, system
from assistant.cli.settings import CliSettings, settings_from
from assistant.cli.wechat_simulated import SystemsClock, made_up_account
from assistant.cli.wechat_wiring import account_of
from assistant.replies.phrasebook import phrases

HELP = "直接打字就是发消息。/图片 /语音 说的话 /点 ORDER_MEAL /关注 /取关 /重发（同一条再发一次）"


def chat(settings: CliSettings, *, elder_id: str | None, family: bool, plain: bool, as_json: bool) -> None:
    """Write as one account until the input ends.

    Args:
        settings: the command's settings.
        elder_id: who writes, or of whom the relative is; None: somebody whom nobody knows.
        family: it is a relative who writes.
        plain: where an account is made up: without encryption.
        as_json: one object a message.

    Raises:
        PlainError: the system that runs has no account that we know, or there is no such elder.
    """
    with _with_account(settings, plain=plain) as known, system(known, demo_if_empty=True) as api:
        asyncio.run(_chat(known, api, elder_id=elder_id, family=family, as_json=as_json))


@contextmanager
def _with_account(settings: CliSettings, *, plain: bool) -> Iterator[CliSettings]:
    """Give settings with an official account; a made-up one where none is set and nothing runs yet."""
    if settings.wechat.token:
        yield settings
        return
    if has_town(settings) and find_running(settings) is not None:
        raise PlainError(
            "正在运行的康伴没有设公众号。请先停掉它，或者设好 KANGBAN_WECHAT_TOKEN 和 KANGBAN_WECHAT_APP_ID"
            " 再启动 (the running system has no WeChat account: stop it, or set these two and start it anew)"
        )
    made_up = made_up_account(encrypted=not plain)
    os.environ.update(made_up)
    try:
        yield replace(settings, wechat=settings_from({**os.environ}).wechat)
    finally:
        for name in made_up:
            os.environ.pop(name, None)


async def _chat(
    settings: CliSettings, api: Api, *, elder_id: str | None, family: bool, as_json: bool
) -> None:
    account = account_of(settings)
    assert account is not None  # noqa: S101 - it was set above
    platform = PlayedPlatform(account=account, url=api.url, now=SystemsClock(api), random=SystemRandom())
    who = f"oSim_{uuid.uuid4().hex[:22]}"
    last: dict[str, Any] = {}
    try:
        fields = [platform.event(who, "subscribe")]
        if elder_id is not None:
            fields.append(platform.text(who, _code(api, tidy(elder_id), family=family)))
        for first in fields:
            _show(await platform.send(first), first, as_json=as_json)
        for line in _lines(as_json=as_json):
            last = _message(platform, who, tidy(line), last)
            begun = time.monotonic()
            _show(await platform.send(last), last, as_json=as_json)
            tell(f"（{time.monotonic() - begun:.1f} s）") if not as_json else None
    finally:
        await platform.close()


def _code(api: Api, elder_id: str, *, family: bool) -> str:
    body: dict[str, Any] = {
        "elder_id": elder_id,
        "kind": "family" if family else "elder",
        "consent": phrases().say("wechat.simulated_consent"),
    }
    try:
        return str(api.post("/bind-codes", body)["code"])
    except ApiProblem as problem:
        raise PlainError(
            f"没有登记编号是 {elder_id} 的长者，示范镇里有 E0007"
            f" (no elder with id {elder_id}: {problem.code})"
        ) from problem


def _message(platform: PlayedPlatform, who: str, line: str, last: dict[str, Any]) -> dict[str, Any]:
    command, _, rest = line.partition(" ")
    if command == "/重发" and last:
        return last
    if command == "/图片":
        return platform.image(who)
    if command == "/语音":
        return platform.voice(who, rest or None)
    if command == "/点":
        return platform.event(who, "CLICK", rest or "HELP")
    if command in ("/关注", "/取关"):
        return platform.event(who, "subscribe" if command == "/关注" else "unsubscribe")
    return platform.text(who, line)


def _show(delivered: Delivered, fields: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        write_json(
            {
                "text": fields.get("Content") or fields.get("Recognition") or fields.get("Event") or "",
                "kind": fields["MsgType"],
                "answer": delivered.text,
                "calls": delivered.calls,
                "took_s": round(delivered.took_s, 3),
                "message_id": delivered.message_id,
            }
        )
    elif delivered.text is None:
        write_line("（平台：该公众号暂时无法提供服务，请稍后再试）")
    else:
        write_line(f"康伴：{delivered.text}" if delivered.text else "（没有回话）")


def _lines(*, as_json: bool) -> Iterator[str]:
    if not is_interactive() or as_json:
        yield from read_lines()
        return
    write_line(HELP)
    with suppress(EOFError, KeyboardInterrupt):
        while True:
            yield input("您：")
    write_line("")
