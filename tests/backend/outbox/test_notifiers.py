"""Notifiers: the real ones against real servers, and the fake one, keep the same promises."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

import pytest
from aiosmtpd.controller import Controller

from backend.outbox.fakes import FakeNotifier
from backend.outbox.models import Why
from backend.outbox.notifier import NeverDeliveredError, NotDeliveredError, Notifier, Parcel
from backend.outbox.smtp import MailServer, SmtpNotifier
from backend.outbox.webhook import WebhookNotifier

AT = datetime(2026, 11, 23, 0, 0, tzinfo=timezone.utc)
SECRET = b"the-webhook-secret"


class Line(Protocol):
    """A notifier with whatever stands at its other end."""

    notifier: Notifier
    address: str
    wrong_address: str

    def texts(self) -> list[str]: ...

    def break_down(self) -> None: ...

    def close(self) -> None: ...


class FakeLine:
    def __init__(self) -> None:
        self.notifier = FakeNotifier()
        self.address, self.wrong_address = "somebody", "nobody"
        self.notifier.nobody.add("nobody")

    def texts(self) -> list[str]:
        return [parcel.text for parcel in self.notifier.delivered]

    def break_down(self) -> None:
        self.notifier.down = True

    def close(self) -> None: ...


class MailLine:
    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.broken = False
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.server = Controller(self, hostname="127.0.0.1", port=port)
        self.server.start()
        server = MailServer.from_url(f"smtp://127.0.0.1:{port}", sender="kangban@example.org")
        self.notifier = SmtpNotifier(server, subject=lambda parcel: f"康伴警报 {parcel.why.label}")
        self.address, self.wrong_address = "daughter@example.org", "nobody@example.org"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.broken:
            return "451 try again later"
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def texts(self) -> list[str]:
        return [mail.get_content().strip() for mail in self.mails]

    def break_down(self) -> None:
        self.broken = True

    def close(self) -> None:
        self.server.stop()


class WebLine:
    def __init__(self) -> None:
        line = self
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.broken = False

        class Taker(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = 404 if self.path == "/nobody" else 503 if line.broken else 204
                if status == 204:
                    line.taken.append(({key.lower(): value for key, value in self.headers.items()}, body))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.notifier = WebhookNotifier(secret=SECRET)
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.address, self.wrong_address = f"{url}/sms", f"{url}/nobody"

    def texts(self) -> list[str]:
        return [json.loads(body)["text"] for _, body in self.taken]

    def break_down(self) -> None:
        self.broken = True

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture(params=[FakeLine, MailLine, WebLine])
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    opened: Line = request.param()
    yield opened
    opened.close()


def parcel(address: str, key: str = "alarm:1:contact:1", text: str = "王奶奶摔倒了，请马上过去") -> Parcel:
    return Parcel(
        key=key, address=address, text=text, why=Why.ALARM, why_id="A1", elder_id="E1", urgent=True, at=AT
    )


def test_what_is_delivered_arrives_as_it_was_written(line: Line) -> None:
    line.notifier.deliver(parcel(line.address))
    line.notifier.deliver(parcel(line.address, key="other", text="第二封 𠮷"))
    assert line.texts() == ["王奶奶摔倒了，请马上过去", "第二封 𠮷"]


def test_what_may_work_later_says_so(line: Line) -> None:
    line.break_down()
    with pytest.raises(NotDeliveredError) as raised:
        line.notifier.deliver(parcel(line.address))
    assert not isinstance(raised.value, NeverDeliveredError)
    assert line.texts() == []


def test_what_can_never_work_says_so(line: Line) -> None:
    with pytest.raises(NeverDeliveredError):
        line.notifier.deliver(parcel(line.wrong_address))


def test_nobody_listening_may_work_later() -> None:
    for line in (MailLine(), WebLine()):
        line.close()
        with pytest.raises(NotDeliveredError) as raised:
            line.notifier.deliver(parcel(line.address))
        assert not isinstance(raised.value, NeverDeliveredError)


def test_a_second_attempt_carries_the_same_marks_so_that_it_can_be_dropped() -> None:
    mail, web = MailLine(), WebLine()
    for line in (mail, web):
        for _ in range(2):
            line.notifier.deliver(parcel(line.address))
        line.notifier.deliver(parcel(line.address, key="other"))
        line.close()
    ids = [message["Message-ID"] for message in mail.mails]
    keys = [headers["idempotency-key"] for headers, _ in web.taken]
    for marks in (ids, keys):
        assert marks[0] == marks[1] != marks[2]


def test_an_e_mail_says_in_its_subject_what_it_is() -> None:
    line = MailLine()
    line.notifier.deliver(parcel(line.address))
    line.close()
    (mail,) = line.mails
    assert (mail["Subject"], mail["To"], mail["X-Priority"]) == ("康伴警报 警报", "daughter@example.org", "1")


def test_a_webhook_can_be_checked_with_the_secret() -> None:
    line = WebLine()
    line.notifier.deliver(parcel(line.address))
    line.close()
    ((headers, body),) = line.taken
    stamp, given = (part.split("=")[1] for part in headers["x-kangban-signature"].split(","))
    assert given == hmac.new(SECRET, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert json.loads(body)["why_id"] == "A1"


@pytest.mark.parametrize("address", ["ftp://x.org/a", "nonsense", "file:///etc/passwd"])
def test_a_webhook_goes_to_the_web_only(address: str) -> None:
    with pytest.raises(NeverDeliveredError):
        WebhookNotifier(secret=SECRET).deliver(parcel(address))


@pytest.mark.parametrize("url", ["smtp://", "http://x.org", "smtp://x.org"])
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        MailServer.from_url(url, sender="kangban@example.org" if url != "smtp://x.org" else "nobody")


def test_a_mail_servers_address_is_read_whole() -> None:
    server = MailServer.from_url("smtp://me:a%40b@mail.example.org:587?starttls=1", sender="k@example.org")
    assert (server.host, server.port, server.starttls, server.user, server.password) == (
        "mail.example.org", 587, True, "me", "a@b",
    )  # fmt: skip
    assert MailServer.from_url("smtps://mail.example.org", sender="k@e.org").port == 465
