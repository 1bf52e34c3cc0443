"""The platform's own API, where a secret is set: answers sent afterwards, and the sound of voice messages.

Nothing is sent before somebody has written to us; the platform allows answers for 48 hours from then on.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx2 as httpx

from assistant.gateway.channels.wechat.account import WechatAccount

TIMEOUT_S = 8.0
"""Longest wait for the platform, in seconds."""

MAX_SOUND_BYTES = 2_000_000
"""Largest voice file that is fetched, in bytes; the platform's have 60 s of AMR, some 100 KB."""

RENEW_S = 300.0
"""How long before its end an access token is renewed, in seconds."""

TOKEN_IS_OLD = frozenset({40001, 40014, 42001})
NEVER = frozenset({40003, 45015, 45047, 45002, 48001, 43004})
"""Errors after which sending again is of no use: no follower, too late, too many, too long, not allowed."""


class PlatformError(Exception):
    """The platform did not do it; ``never`` where it will not later, either."""

    def __init__(self, message: str, *, never: bool = False) -> None:
        super().__init__(message)
        self.never = never


class WechatPlatform:
    """Calls the platform for one account; safe in several threads."""

    def __init__(
        self,
        account: WechatAccount,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Call for ``account``, which has a secret; ``transport`` is for tests."""
        self._account = account
        self._monotonic = monotonic
        self._transport = transport
        self._lock = threading.Lock()
        self._token, self._token_until = "", 0.0

    def send_text(self, account: str, text: str) -> None:
        """Send a text to somebody who wrote to us.

        Raises:
            PlatformError: it was not taken.
        """
        message = {"touser": account, "msgtype": "text", "text": {"content": text}}
        # The platform shows escapes as they are: the text itself goes out.
        body = json.dumps(message, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        self._with_token(
            lambda client, token: client.post(
                "/cgi-bin/message/custom/send",
                params={"access_token": token},
                content=body,
                headers=headers,
            )
        )

    def sound(self, media_id: str) -> bytes:
        """Return the sound of a voice message.

        Raises:
            PlatformError: it is not to be had.
        """
        answered = self._with_token(
            lambda client, token: client.get(
                "/cgi-bin/media/get", params={"access_token": token, "media_id": media_id}
            )
        )
        if len(answered.content) > MAX_SOUND_BYTES:
            raise PlatformError("the sound is too long", never=True)
        return answered.content

    def _with_token(self, call: Callable[[httpx.Client, str], httpx.Response]) -> httpx.Response:
        try:
            with httpx.Client(
                base_url=self._account.platform,
                timeout=TIMEOUT_S,
                transport=self._transport,
                follow_redirects=False,
            ) as client:
                for fresh in (False, True):
                    answered = call(client, self._access_token(client, fresh=fresh))
                    code = _error_code(answered)
                    if code not in TOKEN_IS_OLD:
                        break
        except httpx.HTTPError as error:
            raise PlatformError(type(error).__name__) from error
        if answered.status_code != 200:
            raise PlatformError(f"the platform answered {answered.status_code}")
        if code != 0:
            raise PlatformError(f"the platform refused: {code}", never=code in NEVER)
        return answered

    def _access_token(self, client: httpx.Client, *, fresh: bool) -> str:
        with self._lock:
            if not fresh and self._monotonic() < self._token_until:
                return self._token
            answered = client.get(
                "/cgi-bin/token",
                params={
                    "grant_type": "client_credential",
                    "appid": self._account.app_id,
                    "secret": self._account.secret or "",
                },
            )
            found = _object(answered)
            token, lasts = found.get("access_token"), found.get("expires_in")
            if not isinstance(token, str) or not isinstance(lasts, int):
                raise PlatformError(f"no access token: {found.get('errcode')}")
            self._token, self._token_until = token, self._monotonic() + max(0.0, lasts - RENEW_S)
            return token


def _error_code(answered: httpx.Response) -> int:
    code = _object(answered).get("errcode", 0)
    return code if isinstance(code, int) else -1


def _object(answered: httpx.Response) -> dict[str, Any]:
    if "json" not in answered.headers.get("content-type", "") and answered.content[:1] != b"{":
        return {}
    try:
        found = json.loads(answered.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
