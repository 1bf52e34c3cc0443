"""The chat page's ports, plugged into the backend's bindings, turns and outbox, and into the voice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from sqlalchemy.orm import Session

from assistant.cli.aloud import HouseVoice
from assistant.cli.settings import CliSettings
from assistant.cli.speech_models import store_of
from assistant.cli.voice_socket import OpenEngines
from assistant.gateway.channels.chat_page import quick
from assistant.gateway.channels.chat_page.ports import Device, Entered, Entry, Person
from assistant.gateway.channels.chat_page.routes import STATIC, Files, PageParts, page_routes
from assistant.gateway.turns import Turns
from assistant.replies.phrasebook import PhraseBook, phrases
from backend.access import Parts
from backend.bindings import service as bindings
from backend.bindings.models import BindingKind
from backend.clock import outward
from backend.elders.models import Elder
from backend.errors import NotFound
from backend.outbox import routes as outbox_routes
from backend.outbox import service as outbox
from backend.outbox.models import Channel, Message
from backend.rights import DEVICE_ROUTES
from backend.turns import service as turns
from backend.turns.models import Turn, TurnState
from speech.engines.choice import open_speaker, recognizer_choices
from speech.phrase_cache import CachedSpeaker
from speech.ports import Speaker

BROWSER = "web"
"""The channel of bindings of browsers; the account is the hash of the browser's token."""

SPOKEN = "voice"
PATHS = {BindingKind.ELDER: "/chat", BindingKind.FAMILY: "/family"}


class BackendDevices:
    """The room of bindings as the page's devices."""

    def __init__(self, parts: Parts) -> None:
        self._database, self._clock = parts.database, parts.clock

    def elder(self, token: str) -> Device | None:
        """See the port."""
        now = self._clock.now()
        with self._database.session() as session:
            bound = bindings.of_account(session, channel=BROWSER, account=bindings.account_of(token))
            found = next((one for one in bound if one.kind is BindingKind.ELDER), None)
            elder = session.get(Elder, found.elder_id) if found is not None else None
            if found is None or elder is None:
                return None
            device = Device(
                binding_id=found.id,
                elder_id=elder.id,
                called=elder.called,
                people=[
                    Person(name=one.name, relation=one.relation, phone=one.phone) for one in elder.contacts
                ],
            )
            fresh = found.seen_at is not None and now - found.seen_at < bindings.SEEN_EVERY
        if not fresh:
            self._database.transact(lambda writing: bindings.seen(writing, device.binding_id, now=now))
        return device

    def enter(self, token: str, *, code: str, address: str) -> Entered:
        """See the port."""
        now = self._clock.now()

        def work(session: Session) -> Entered:
            taken = bindings.take_code(
                session,
                channel=BROWSER,
                account=bindings.account_of(token),
                code=code,
                address=address,
                now=now,
            )
            if taken.binding is None:
                return Entered(refusal=taken.refusal.reason if taken.refusal else "bad_code")
            return Entered(path=PATHS[taken.binding.kind])

        return self._database.transact(work)


class BackendTalks:
    """The turns and the outbox as the page's conversation."""

    def __init__(self, parts: Parts, book: PhraseBook) -> None:
        self._parts, self._book = parts, book

    def history(self, elder_id: str, *, before: int | None, limit: int) -> tuple[list[Entry], int | None]:
        """See the port."""
        with self._parts.database.session() as session:
            rows = turns.log(session, elder_id=elder_id, limit=limit, before=before)
            more = rows[-1].id if len(rows) == limit else None
            since = rows[-1].received_at if more is not None else None
            until = _received_at(session, before)
            said = outbox.said_in_chat(session, elder_id=elder_id, since=since, until=until, limit=limit)
            entries = [self._turn(row) for row in rows] + [self._said(row) for row in said]
        return sorted(entries, key=lambda entry: datetime.fromisoformat(entry["at"])), more

    async def live(self, elder_id: str, *, wait: float) -> list[Entry]:
        """See the port."""
        found = await outbox_routes.announcements(
            here=self._parts, elder_id=elder_id, channel=Channel.CHAT, wait=wait
        )
        return [
            {
                "kind": "said", "key": f"said:{one.id}", "said": one.id, "at": outward(one.created_at),
                "replies": [one.text], "quick": quick.of_question(one.asks, self._book),
            }
            for one in found.announcements
        ]  # fmt: skip

    def heard(self, elder_id: str, said: int) -> bool:
        """See the port."""
        now = self._parts.clock.now()
        try:
            self._parts.database.transact(
                lambda session: outbox.heard(session, said, elder_id=elder_id, now=now)
            )
        except NotFound:
            return False
        return True

    def words(self, elder_id: str, key: str, number: int) -> str | None:
        """See the port."""
        kind, _, which = key.partition(":")
        with self._parts.database.session() as session:
            if kind == "said" and which.isdecimal() and len(which) < 19:
                message = session.get(Message, int(which))
                mine = message is not None and message.elder_id == elder_id
                return message.text if message and mine and message.channel is Channel.CHAT else None
            turn = turns.by_key(session, which) if kind == "turn" else None
            if turn is None or turn.elder_id != elder_id or turn.result is None:
                return None
            replies = turn.result.get("replies") or []
            return str(replies[number]) if number < len(replies) else None

    def _turn(self, row: Turn) -> Entry:
        result = row.result if row.state is TurnState.DONE and row.result else {}
        return {
            "kind": "turn", "key": f"turn:{row.turn_key}", "at": outward(row.received_at), "text": row.text,
            "spoken": row.channel == SPOKEN, "replies": list(result.get("replies", [])),
            "quick": quick.of_turn(result, self._book),
        }  # fmt: skip

    def _said(self, row: Message) -> Entry:
        at = outward(row.sent_at or row.created_at)
        return {
            "kind": "said", "key": f"said:{row.id}", "said": row.id, "at": at,
            "replies": [row.text], "quick": quick.of_question(row.asks, self._book),
        }  # fmt: skip


def _received_at(session: Session, turn_id: int | None) -> datetime | None:
    turn = session.get(Turn, turn_id) if turn_id is not None else None
    return turn.received_at if turn is not None else None


def add_chat_page(
    app: FastAPI, settings: CliSettings, turns_: Turns, *, borrow: Callable[[], OpenEngines | None]
) -> HouseVoice:
    """Add the page to an app whose parts are there already; return its voice, to be closed at the end."""
    parts: Parts = app.state.parts
    book = phrases()

    def about(elder_id: str) -> dict[str, Any]:
        with parts.database.session() as session:
            elder = session.get_one(Elder, elder_id)
            return {"hearing": str(elder.hearing), "preferences": elder.preferences}

    voice = HouseVoice(lambda: house_speaker(settings), about, borrow=borrow)
    app.include_router(
        page_routes(
            PageParts(
                devices=BackendDevices(parts),
                talks=BackendTalks(parts, book),
                turns=turns_,
                aloud=voice,
                book=book,
                routes=DEVICE_ROUTES,
                has_voice=lambda: any(one.usable for one in recognizer_choices(store_of(settings))),
            )
        )
    )
    app.mount("/chat/static", Files(directory=STATIC), name="chat-static")
    return voice


def house_speaker(settings: CliSettings) -> Speaker:
    """Open the best voice there is, with the fixed phrases on disk."""
    from assistant.cli.voice_parts import fixed_phrases

    return CachedSpeaker(open_speaker(store_of(settings)), settings.home / "voice", fixed_phrases())
