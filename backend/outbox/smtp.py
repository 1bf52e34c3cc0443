"""E-mail by SMTP: one message a connection, plain text, with the same Message-ID at each attempt."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from backend.clock import in_town
from backend.outbox.notifier import NeverDeliveredError, NotDeliveredError, Parcel

TIMEOUT_S = 10.0
"""Longest wait for the mail server, in seconds."""


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """How the mail server is reached.

    Attributes:
        host: its name or address.
        port: its port.
        encrypted: TLS from the first byte (``smtps``).
        starttls: TLS after the greeting.
        user: who signs in, or "" for nobody.
        password: with what.
        sender: the address that messages come from.
    """

    host: str
    port: int
    sender: str
    encrypted: bool = False
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str, *, sender: str) -> MailServer:
        """Read ``smtp://[user:password@]host[:port][?starttls=1]`` or ``smtps://…``.

        Raises:
            ValueError: it is not such an address.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in sender:
            raise ValueError("a mail server is smtp://host:port or smtps://host:port, with a sender")
        encrypted = parts.scheme == "smtps"
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if encrypted else 25),
            sender=sender,
            encrypted=encrypted,
            starttls=parse_qs(parts.query).get("starttls") == ["1"],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class SmtpNotifier:
    """Delivers by e-mail."""

    def __init__(self, server: MailServer, *, subject: Callable[[Parcel], str]) -> None:
        """Use ``server``; ``subject`` words the subject line."""
        self._server = server
        self._subject = subject

    def deliver(self, parcel: Parcel) -> None:
        """See the port."""
        mail = EmailMessage()
        try:
            mail["Subject"] = self._subject(parcel)
            mail["From"] = self._server.sender
            mail["To"] = parcel.address
        except ValueError as error:
            raise NeverDeliveredError(f"not an address: {error}") from error
        mail["Date"] = format_datetime(in_town(parcel.at))
        mail["Message-ID"] = f"<{hashlib.sha256(parcel.key.encode()).hexdigest()[:40]}@kangban>"
        if parcel.urgent:
            mail["X-Priority"] = "1"
        mail.set_content(parcel.text)
        try:
            with self._connected() as connection:
                connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            kind = NeverDeliveredError if code >= 500 else NotDeliveredError
            raise kind(f"the mail server refused the address: {code}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotDeliveredError(f"{type(error).__name__}: {error}") from error

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.encrypted:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        try:
            if server.starttls:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection
