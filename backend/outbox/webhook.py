"""Webhooks: a JSON document, signed, to an address somebody gave; SMS and telephone gateways join here.

The receiver checks ``X-Kangban-Signature: t=<seconds>,v1=<hex>``: HMAC-SHA256 with the town's webhook secret
over ``<seconds>.<body>``. ``Idempotency-Key`` is the same at each attempt.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import urlsplit

import httpx2 as httpx

from backend.clock import outward
from backend.outbox.notifier import NeverDeliveredError, NotDeliveredError, Parcel

TIMEOUT_S = 10.0
"""Longest wait for the receiver, in seconds."""

_MAY_WORK_LATER = frozenset({408, 425, 429})


def signature(secret: bytes, seconds: int, body: bytes) -> str:
    """Return the value of the signature header."""
    digest = hmac.new(secret, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


class WebhookNotifier:
    """Delivers by HTTP POST."""

    def __init__(self, *, secret: bytes, transport: httpx.BaseTransport | None = None) -> None:
        """Sign with ``secret``; ``transport`` is for tests."""
        self._secret = secret
        self._transport = transport

    def deliver(self, parcel: Parcel) -> None:
        """See the port."""
        if urlsplit(parcel.address).scheme not in ("http", "https"):
            raise NeverDeliveredError("a webhook is an http or https address")
        body = json.dumps(
            {
                "key": parcel.key,
                "why": parcel.why.value,
                "why_id": parcel.why_id,
                "elder_id": parcel.elder_id,
                "urgent": parcel.urgent,
                "text": parcel.text,
                "at": outward(parcel.at),
            },
            ensure_ascii=False,
        ).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": hashlib.sha256(parcel.key.encode()).hexdigest(),
            "X-Kangban-Signature": signature(self._secret, int(parcel.at.timestamp()), body),
        }
        try:
            # No redirects: the address that was given is the one that gets to know.
            with httpx.Client(timeout=TIMEOUT_S, transport=self._transport, follow_redirects=False) as client:
                status = client.post(parcel.address, content=body, headers=headers).status_code
        except httpx.InvalidURL as error:
            raise NeverDeliveredError(f"not an address: {error}") from error
        except httpx.HTTPError as error:
            raise NotDeliveredError(f"{type(error).__name__}: {error}") from error
        if 200 <= status < 300:
            return
        kind = NotDeliveredError if status >= 500 or status in _MAY_WORK_LATER else NeverDeliveredError
        raise kind(f"the receiver answered {status}")
