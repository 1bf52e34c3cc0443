"""What comes from the platform, by kind; what a re-send repeats is its id."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.gateway.channels.wechat.errors import NotAMessage

CHANNEL = "wechat"

_OPEN_ID = re.compile(r"[A-Za-z0-9_-]{1,56}", re.ASCII)
_MESSAGE_ID = re.compile(r"[0-9]{1,20}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Received:
    """A message or an event.

    Attributes:
        account: who sent it, by the platform's open id.
        us: the official account, as the platform names it; answers come from there.
        kind: the platform's word: text, voice, image, event, …
        message_id: the same at each re-send: of a message its MsgId, of an event who and when.
        text: what was written, or recognised by the platform in a voice message; else "".
        media_id: of a voice message, where its sound can be fetched; else "".
        event: the platform's word for an event, in capitals; else "".
        event_key: which item of the menu was clicked; else "".
    """

    account: str
    us: str
    kind: str
    message_id: str
    text: str = ""
    media_id: str = ""
    event: str = ""
    event_key: str = ""

    @property
    def digest(self) -> str:
        """Return what makes it this message and no other."""
        parts = (self.account, self.kind, self.message_id, self.text, self.media_id, self.event_key)
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def received(fields: Mapping[str, str]) -> Received:
    """Read a message's fields.

    Raises:
        NotAMessage: something is missing that every message has.
    """
    account, us = fields.get("FromUserName", ""), fields.get("ToUserName", "")
    made, kind = fields.get("CreateTime", ""), fields.get("MsgType", "").strip().lower()
    if not _OPEN_ID.fullmatch(account) or not _OPEN_ID.fullmatch(us) or not _SECONDS.fullmatch(made):
        raise NotAMessage("who sent it, to whom, or when is missing")
    if not re.fullmatch(r"[a-z_]{1,32}", kind):
        raise NotAMessage("it has no kind")
    number = fields.get("MsgId", "")
    if kind == "event":
        return _event(fields, account=account, us=us, made=made)
    if number and not _MESSAGE_ID.fullmatch(number):
        raise NotAMessage("its id is none")
    text = {"text": fields.get("Content", ""), "voice": fields.get("Recognition", "")}.get(kind, "")
    media = fields.get("MediaId", "") if kind == "voice" else ""
    return Received(
        account=account,
        us=us,
        kind=kind,
        message_id=number or f"{account}-{made}",
        text=text,
        media_id=media[:200],
    )


def _event(fields: Mapping[str, str], *, account: str, us: str, made: str) -> Received:
    event, key = fields.get("Event", "").strip().upper()[:40], fields.get("EventKey", "")[:128]
    # The kind of event goes with who and when: a subscription and a click may be of one second.
    mark = hashlib.sha256(f"{event}\n{key}".encode("utf-8", "replace")).hexdigest()[:8]
    return Received(
        account=account,
        us=us,
        kind="event",
        message_id=f"{account}-{made}-{mark}",
        event=event,
        event_key=key,
    )
