"""The official account that we are, as it is set up at the platform."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

PLATFORM = "https://api.weixin.qq.com"
"""Where the platform takes calls."""


@dataclass(frozen=True, kw_only=True)
class WechatAccount:
    """An official account.

    Attributes:
        token: the word that both sides sign with.
        app_id: the account's id at the platform.
        aes_key: 32 bytes; where there is one, only encrypted messages are taken, else only plain ones.
        secret: opens the platform's own API (answers sent afterwards, voice files); None: it is not called.
        platform: where that API is.
    """

    token: str = field(repr=False)
    app_id: str
    aes_key: bytes | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    platform: str = PLATFORM

    def __post_init__(self) -> None:
        """Check what was set.

        Raises:
            ValueError: it cannot be right, and what is wrong.
        """
        if not re.fullmatch(r"[A-Za-z0-9]{3,32}", self.token):
            raise ValueError("the token has 3 to 32 letters and digits")
        if not re.fullmatch(r"[A-Za-z0-9_-]{4,64}", self.app_id):
            raise ValueError("the app id has 4 to 64 letters and digits")
        if self.aes_key is not None and len(self.aes_key) != 32:
            raise ValueError("the AES key has 32 bytes")


def aes_key_from(encoded: str) -> bytes:
    """Return the key that the platform shows as 43 characters (``EncodingAESKey``).

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}", encoded):
        raise ValueError("the EncodingAESKey has 43 letters, digits, + and /")
    try:
        return base64.b64decode(encoded + "=")
    except binascii.Error:
        raise ValueError("the EncodingAESKey is not base64") from None
