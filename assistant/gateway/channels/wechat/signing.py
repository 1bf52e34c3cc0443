"""Signatures: what the platform signs, compared in constant time, and only while it is fresh."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

from assistant.gateway.channels.wechat.errors import NotThePlatform

WINDOW_S = 300
"""How far a time stamp may lie from our clock, either way, in seconds."""

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_NONCE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def signature(*parts: str) -> str:
    """Return the platform's signature: SHA-1, in hexadecimal, of the parts sorted and joined."""
    # SHA-1 is what the platform signs with; the secret token among the parts is what it rests on.
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "replace")).hexdigest()  # noqa: S324


def check(sent: str, *parts: str) -> None:
    """Check a signature.

    Raises:
        NotThePlatform: it is another.
    """
    if not hmac.compare_digest(sent.encode("utf-8", "replace"), signature(*parts).encode()):
        raise NotThePlatform("the signature does not fit")


def check_fresh(timestamp: str, nonce: str, *, now: datetime) -> None:
    """Check that a time stamp is of these minutes and a nonce is one.

    Raises:
        NotThePlatform: it is not.
    """
    if not _SECONDS.fullmatch(timestamp) or not _NONCE.fullmatch(nonce):
        raise NotThePlatform("the time stamp or the nonce is none")
    if abs(int(timestamp) - now.timestamp()) > WINDOW_S:
        raise NotThePlatform("the time stamp is too old or too new")


def nonce_key(timestamp: str, nonce: str) -> str:
    """Return under which name a used signature is remembered."""
    return hashlib.sha256(f"{timestamp}:{nonce}".encode()).hexdigest()
