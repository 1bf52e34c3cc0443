"""The encrypted envelope: AES-256-CBC as the platform does it, opened strictly.

Inside: 16 random bytes, the message's length (4 bytes, network order), the message, the app id, and PKCS #7
padding to blocks of 32 bytes. Whatever is wrong inside gives one and the same error, and the signature over
the envelope is checked before it is opened: there is no oracle to ask.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import struct
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from assistant.gateway.channels.wechat.errors import NotThePlatform

BLOCK = 32
"""Size of the padding's blocks, in bytes."""

_HEAD = 16 + 4


class Envelope:
    """Opens and seals the envelopes of one account."""

    def __init__(
        self, key: bytes, app_id: str, *, random_bytes: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        """Use the account's key (32 bytes) and app id; ``random_bytes`` is for tests."""
        self._app_id = app_id.encode()
        self._random_bytes = random_bytes
        # The platform takes the key's first half for the vector; the random bytes in front make up for it.
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def open(self, sealed: str) -> bytes:
        """Return the message in an envelope.

        Raises:
            NotThePlatform: it is not one of this account's.
        """
        try:
            encrypted = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise NotThePlatform("the envelope is not base64") from None
        if not encrypted or len(encrypted) % 16:
            raise NotThePlatform("the envelope is not whole")
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(encrypted) + decryptor.finalize()
        pad = plain[-1]
        good = 1 <= pad <= BLOCK and len(plain) - pad >= _HEAD
        good = good and hmac.compare_digest(plain[-pad:], bytes([pad]) * pad)
        if good:
            body = plain[:-pad]
            (length,) = struct.unpack("!I", body[16:_HEAD])
            message, app_id = body[_HEAD : _HEAD + length], body[_HEAD + length :]
            good = len(message) == length and hmac.compare_digest(app_id, self._app_id)
            if good:
                return message
        raise NotThePlatform("the envelope does not open")

    def seal(self, message: bytes) -> str:
        """Return a message in an envelope."""
        body = self._random_bytes(16) + struct.pack("!I", len(message)) + message + self._app_id
        pad = BLOCK - len(body) % BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(body + bytes([pad]) * pad) + encryptor.finalize()
        return base64.b64encode(sealed).decode()
