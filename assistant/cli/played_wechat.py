"""The WeChat platform, played: it signs and encrypts as the platform does, waits 5 s, and sends again.

It stands in for what lies outside of the house. What it calls is the real system, over HTTP.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx2 as httpx

from assistant.gateway.channels.wechat import signing, xml
from assistant.gateway.channels.wechat.account import WechatAccount
from assistant.gateway.channels.wechat.envelope import Envelope
from assistant.gateway.channels.wechat.routes import NOTHING, PATH

US = "gh_kangban0demo"
WAIT_S = 5.0
"""How long the platform waits for an answer, and how long after a call it calls again, in seconds."""

TIMES = 3
"""How often a message is sent at most."""


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What became of a message.

    Attributes:
        text: the answer; "" where the answer was that there is nothing to say; None where none came.
        calls: how often it was sent.
        took_s: how long the call took that was answered, in seconds.
        statuses: the HTTP statuses of all calls; 0 for one that nobody answered in time.
        begun: when each call began, on the monotonic clock.
        account, message_id: whose message, and which.
    """

    text: str | None
    calls: int
    took_s: float
    statuses: tuple[int, ...]
    begun: tuple[float, ...]
    account: str
    message_id: str


@dataclass
class PlayedPlatform:
    """Plays the platform for one official account.

    Attributes:
        account: the account's token and keys.
        url: where the system is.
        now: seconds since 1970 by the system's clock.
        random: source of nonces.
        transport: for tests within one process.
    """

    account: WechatAccount
    url: str
    now: Callable[[], float]
    random: Random = field(default_factory=Random)
    transport: httpx.AsyncBaseTransport | None = None
    wait_s: float = WAIT_S

    def __post_init__(self) -> None:
        self._numbers = itertools.count(self.random.randrange(10**15, 10**16))
        self._envelope = Envelope(self.account.aes_key, self.account.app_id) if self.account.aes_key else None
        self._http = httpx.AsyncClient(base_url=self.url, transport=self.transport, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def text(self, account: str, content: str) -> dict[str, Any]:
        """Return a text message, with an id of its own."""
        return self._message(account, "text", Content=content)

    def voice(self, account: str, recognised: str | None) -> dict[str, Any]:
        """Return a voice message; ``recognised`` is what the platform wrote down, None where it does not."""
        more = {} if recognised is None else {"Recognition": recognised}
        return self._message(account, "voice", MediaId=f"media-{next(self._numbers)}", Format="amr", **more)

    def image(self, account: str) -> dict[str, Any]:
        """Return a picture."""
        return self._message(account, "image", PicUrl="http://mmbiz.example/pic", MediaId="media-pic")

    def event(self, account: str, event: str, key: str = "") -> dict[str, Any]:
        """Return an event: subscribe, unsubscribe, CLICK with its key."""
        more = {"EventKey": key} if key else {}
        return self._fields(account, "event") | {"Event": event} | more

    def call(self, fields: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        """Return a call's query and body, freshly signed, as the platform makes them at each sending."""
        timestamp = str(int(self.now()))
        nonce = str(self.random.randrange(10**8, 10**10))
        query = {
            "signature": signing.signature(self.account.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": str(fields["FromUserName"]),
        }
        document = xml.write(**fields)
        if self._envelope is None:
            return query, document.encode()
        sealed = self._envelope.seal(document.encode())
        query |= {
            "encrypt_type": "aes",
            "msg_signature": signing.signature(self.account.token, timestamp, nonce, sealed),
        }
        return query, xml.write(ToUserName=US, Encrypt=sealed).encode()

    def read(self, answer: bytes) -> str:
        """Return the text of an answer; "" where there is nothing to say.

        Raises:
            ValueError: the platform would not take it for an answer.
        """
        if answer.decode() in (NOTHING, ""):
            return ""
        fields = xml.read(answer)
        if self._envelope is not None:
            signed = signing.signature(
                self.account.token, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"]
            )
            if fields["MsgSignature"] != signed:
                raise ValueError("the answer's signature is wrong")
            fields = xml.read(self._envelope.open(fields["Encrypt"]))
        if fields["FromUserName"] != US or fields["MsgType"] != "text":
            raise ValueError("the answer is not from the account, or no text")
        if len(fields["Content"].encode()) > 2048:
            raise ValueError("the answer is longer than the platform takes")
        return fields["Content"]

    async def send(self, fields: dict[str, Any]) -> Delivered:
        """Send a message as the platform does: again after 5 s without an answer, three times in all."""
        account, statuses, times = str(fields["FromUserName"]), [], []
        message_id = str(fields.get("MsgId") or f"{account}-{fields['CreateTime']}")
        for number in range(1, TIMES + 1):
            begun = time.monotonic()
            times.append(begun)
            status, answer = await self._once(fields)
            took = time.monotonic() - begun
            statuses.append(status)
            if status == 200:
                return Delivered(
                    text=self.read(answer),
                    calls=number,
                    took_s=took,
                    statuses=tuple(statuses),
                    begun=tuple(times),
                    account=account,
                    message_id=message_id,
                )
            if number < TIMES:
                await asyncio.sleep(max(0.0, self.wait_s - took))
        return Delivered(
            text=None,
            calls=TIMES,
            took_s=took,
            statuses=tuple(statuses),
            begun=tuple(times),
            account=account,
            message_id=message_id,
        )

    async def _once(self, fields: dict[str, Any]) -> tuple[int, bytes]:
        query, body = self.call(fields)
        try:
            answered = await asyncio.wait_for(
                self._http.post(PATH, params=query, content=body, timeout=self.wait_s), self.wait_s
            )
        except (httpx.HTTPError, TimeoutError, asyncio.TimeoutError):
            return 0, b""
        return answered.status_code, answered.content

    def _message(self, account: str, kind: str, **more: str) -> dict[str, Any]:
        return self._fields(account, kind) | more | {"MsgId": str(next(self._numbers))}

    def _fields(self, account: str, kind: str) -> dict[str, Any]:
        return {
            "ToUserName": US,
            "FromUserName": account,
            "CreateTime": int(self.now()),
            "MsgType": kind,
        }
