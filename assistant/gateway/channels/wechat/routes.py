"""The two calls of the platform: ``GET /wechat`` (is this your address?) and ``POST /wechat`` (a message).

The answer to whoever is not the platform is a status without a body. Nothing here can be a 500.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response

from assistant.gateway.channels.wechat import signing, xml
from assistant.gateway.channels.wechat.account import WechatAccount
from assistant.gateway.channels.wechat.channel import NotNow, WechatChannel
from assistant.gateway.channels.wechat.envelope import Envelope
from assistant.gateway.channels.wechat.errors import NotAMessage, NotThePlatform, TooLong, WechatRefused
from assistant.gateway.channels.wechat.messages import Received, received

log = logging.getLogger(__name__)

PATH = "/wechat"
MAX_BYTES = 64 * 1024
"""Largest body of a call, in bytes; the platform's longest messages have some 10 KB."""

NOTHING = "success"
"""What the platform wants to hear where there is nothing to say."""

_ECHO = re.compile(r"[\x21-\x7e]{1,256}")


def wechat_router(
    account: WechatAccount, channel: WechatChannel, *, now: Callable[[], datetime]
) -> APIRouter:
    """Build the routes of one account."""
    router = APIRouter(include_in_schema=False)
    door = _Door(account, now)

    @router.get(PATH)
    async def verify(request: Request) -> Response:
        try:
            door.check(request)
            echo = _one(request, "echostr")
            if not _ECHO.fullmatch(echo):
                raise NotAMessage("there is nothing to echo")
        except WechatRefused as error:
            return _refused(error)
        return _plain(echo)

    @router.post(PATH)
    async def take(request: Request) -> Response:
        begun = time.monotonic()
        try:
            key = door.check(request)
            message = door.open(request, await _body(request))
            await channel.use(key, message)
            said = await channel.answer(message, begun=begun)
        except WechatRefused as error:
            return _refused(error)
        except NotNow:
            return Response(status_code=503)
        except Exception:
            log.exception("a call of the platform failed; it will come again")
            return Response(status_code=503)
        if said is None:
            return _plain(NOTHING)
        return Response(door.close(message, said), media_type="application/xml")

    return router


class _Door:
    """Lets the platform's calls in, and wraps what is answered."""

    def __init__(self, account: WechatAccount, now: Callable[[], datetime]) -> None:
        self._token = account.token
        self._now = now
        self._envelope = Envelope(account.aes_key, account.app_id) if account.aes_key else None

    def check(self, request: Request) -> str:
        """Check the signature of a call's address; return under which name it is used up."""
        timestamp, nonce = _one(request, "timestamp"), _one(request, "nonce")
        signing.check(_one(request, "signature"), self._token, timestamp, nonce)
        signing.check_fresh(timestamp, nonce, now=self._now())
        return signing.nonce_key(timestamp, nonce)

    def open(self, request: Request, body: bytes) -> Received:
        """Return the message of a call: encrypted where a key is set, plain where none is."""
        fields = xml.read(body)
        sealed = fields.get("Encrypt")
        if self._envelope is None:
            if sealed is not None and "Content" not in fields and "MsgType" not in fields:
                raise NotThePlatform("it is encrypted, and no key is set")
            return received(fields)
        if sealed is None:
            raise NotThePlatform("it is not encrypted")
        timestamp, nonce = _one(request, "timestamp"), _one(request, "nonce")
        signing.check(_one(request, "msg_signature"), self._token, timestamp, nonce, sealed)
        return received(xml.read(self._envelope.open(sealed)))

    def close(self, message: Received, said: str) -> str:
        """Return the document that answers a message."""
        made: datetime = self._now()
        reply = xml.write(
            ToUserName=message.account,
            FromUserName=message.us,
            CreateTime=int(made.timestamp()),
            MsgType="text",
            Content=said,
        )
        if self._envelope is None:
            return reply
        timestamp, nonce = str(int(made.timestamp())), secrets.token_hex(8)
        sealed = self._envelope.seal(reply.encode())
        return xml.write(
            Encrypt=sealed,
            MsgSignature=signing.signature(self._token, timestamp, nonce, sealed),
            TimeStamp=int(timestamp),
            Nonce=nonce,
        )


async def _body(request: Request) -> bytes:
    size, pieces = 0, []
    async for piece in request.stream():
        size += len(piece)
        if size > MAX_BYTES:
            raise TooLong("the body is too long")
        pieces.append(piece)
    return b"".join(pieces)


def _one(request: Request, name: str) -> str:
    values = request.query_params.getlist(name)
    if len(values) != 1:
        raise NotThePlatform(f"{name} is there {len(values)} times")
    return values[0]


def _plain(text: str) -> Response:
    headers = {"X-Content-Type-Options": "nosniff"}
    return Response(text, media_type="text/plain", headers=headers)


def _refused(error: WechatRefused) -> Response:
    log.warning("a call was refused: %s", error.message)
    return Response(status_code=error.status)
