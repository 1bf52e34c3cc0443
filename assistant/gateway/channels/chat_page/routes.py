"""The routes of the chat page: the door, the page, and what its script calls. They lie at ``/chat``.

The page's words go the way of all words: ``Turns.take``, with the message id that the browser made, so that
what is sent again after a broken line is answered again and done once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.staticfiles import StaticFiles

from assistant.gateway.channels.chat_page import frame, quick
from assistant.gateway.channels.chat_page.limits import Rate
from assistant.gateway.channels.chat_page.ports import Aloud, Device, Devices, Talks
from assistant.gateway.errors import GatewayError
from assistant.gateway.ports import Incoming, TurnResult
from assistant.gateway.turns import Turns
from assistant.replies.phrasebook import PhraseBook

CHANNEL = "chat"
"""The channel of what was written here; what was spoken here comes by ``voice``."""

PAGE = 30
"""Entries of the conversation that are fetched at once."""

LONGEST_WAIT_S = 25.0
"""How long one call waits for something to say, in seconds."""

SLICE_S = 3.0
"""How long we wait before we look whether the page is still there, in seconds."""

STATIC = Path(__file__).parent / "static"

Sent = TypeVar("Sent", bound=BaseModel)

MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


class Written(BaseModel):
    """A message of the page."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    message_id: MessageId
    text: Annotated[str, StringConstraints(max_length=20_000)]


class Called(BaseModel):
    """The button 「叫人」 was pressed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    message_id: MessageId


@dataclass(frozen=True, kw_only=True)
class PageParts:
    """What the page is wired with.

    Attributes:
        devices: which browser stands for whom.
        talks: the conversation.
        turns: takes messages.
        aloud: reads messages aloud.
        book: the phrase book.
        routes: the routes that a bound browser may call: method and path.
        has_voice: tells whether there is a recogniser for the button that is held.
    """

    devices: Devices
    talks: Talks
    turns: Turns
    aloud: Aloud
    book: PhraseBook
    routes: Mapping[tuple[str, str], Any]
    has_voice: Callable[[], bool] = lambda: False
    messages: Rate = field(default_factory=lambda: Rate(burst=20, per_s=0.5))
    calls: Rate = field(default_factory=lambda: Rate(burst=60, per_s=4.0))
    sounds: Rate = field(default_factory=lambda: Rate(burst=12, per_s=0.5))


class Refused(Exception):
    """A call that is not let through, with its answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class PageRoute(APIRoute):
    """A route whose refusals are answers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except Refused as refusal:
                return refusal.response

        return handle


def page_routes(parts: PageParts) -> APIRouter:
    """Build the routes."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)

    async def whose(request: Request, rate: Rate) -> Device:
        token = frame.token_of(request)
        path = getattr(request.scope.get("route"), "path", "")
        if (request.method, path) not in parts.routes:
            raise Refused(frame.refused(403, "forbidden"))
        device = await asyncio.to_thread(parts.devices.elder, token) if token else None
        if device is None:
            raise Refused(frame.refused(401, "not_signed_in"))
        if request.method != "GET" and not frame.is_ours(request, token):
            raise Refused(frame.refused(403, "csrf"))
        if not rate.allows(device.binding_id):
            raise Refused(frame.refused(429, "too_many_calls"))
        return device

    @router.get("/chat")
    async def page(request: Request) -> Response:
        """Show the conversation, or the door to who is not known."""
        token = frame.token_of(request)
        device = await asyncio.to_thread(parts.devices.elder, token) if token else None
        if device is None:
            return RedirectResponse("/chat/enter", status_code=303, headers=frame.HEADERS)
        answer = frame.show(
            "page.html",
            device=device,
            csrf=frame.csrf_of(token),
            mark=frame.csrf_of(f"queue:{device.elder_id}:{token}")[:16],
            has_voice=parts.has_voice(),
        )
        frame.remember(request, answer, token)  # 400 days from the last time, not from the first
        return answer

    @router.get("/chat/enter")
    def door(code: str = "") -> Response:
        """Ask for the code; a link brings it along, and it is taken when the button is pressed."""
        return frame.show("enter.html", code=code[:20], problem="")

    @router.post("/chat/enter")
    async def enter(request: Request) -> Response:
        """Take a code."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return frame.show("enter.html", status=403, code="", problem="csrf")
        fields = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=5)
        code = (fields.get("code") or [""])[-1][:100]
        token = frame.token_of(request) or frame.new_token()
        address = request.client.host if request.client else ""
        entered = await asyncio.to_thread(parts.devices.enter, token, code=code, address=address)
        if not entered.path:
            status = 429 if entered.refusal == "too_many_tries" else 422
            return frame.show("enter.html", status=status, code=code[:20], problem=entered.refusal)
        answer = RedirectResponse(entered.path, status_code=303, headers=frame.HEADERS)
        frame.remember(request, answer, token)
        return answer

    @router.get("/chat/history")
    async def history(request: Request, before: Annotated[int | None, Query(ge=1)] = None) -> Response:
        """Return a page of the conversation, the newest without ``before``."""
        device = await whose(request, parts.calls)
        entries, more = await asyncio.to_thread(
            parts.talks.history, device.elder_id, before=before, limit=PAGE
        )
        return frame.told({"entries": entries, "before": more})

    @router.get("/chat/live")
    async def live(request: Request, wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT_S)] = 0) -> Response:
        """Return what we have to say, waiting a while for it."""
        device = await whose(request, parts.calls)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        while True:
            left = deadline - loop.time()
            entries = await parts.talks.live(device.elder_id, wait=min(max(left, 0.0), SLICE_S))
            if entries or left <= 0 or await request.is_disconnected():
                return frame.told({"entries": entries})

    @router.post("/chat/live/{said}/heard")
    async def heard(request: Request, said: Annotated[int, InPath(ge=1, le=2**62)]) -> Response:
        """Take down that something was shown to her."""
        device = await whose(request, parts.calls)
        known = await asyncio.to_thread(parts.talks.heard, device.elder_id, said)
        return frame.told({}) if known else frame.refused(404, "unknown_message")

    @router.post("/chat/turns")
    async def write(request: Request) -> Response:
        """Take a message."""
        device = await whose(request, parts.messages)
        sent = _read(Written, await request.body())
        return await _take(device, sent.message_id, sent.text)

    @router.post("/chat/help")
    async def call_somebody(request: Request) -> Response:
        """Raise the alarm, by the words for it: the guard hears them whatever else is down."""
        device = await whose(request, parts.calls)
        sent = _read(Called, await request.body())
        return await _take(device, sent.message_id, parts.book.say("chat.help"))

    async def _take(device: Device, message_id: str, text: str) -> Response:
        incoming = Incoming(elder_id=device.elder_id, channel=CHANNEL, message_id=message_id, text=text)
        try:
            result = await parts.turns.take(incoming)
        except GatewayError as error:
            return frame.refused(error.status, error.code)
        return frame.told({**shown(result, parts.book), "key": f"turn:{incoming.turn_key}"})

    @router.get("/chat/aloud")
    async def aloud(
        request: Request,
        key: Annotated[str, Query(max_length=250)],
        number: Annotated[int, Query(ge=0, le=50)] = 0,
    ) -> Response:
        """Return a message's sound: only what was said to this elder, so that nobody can have us say more."""
        device = await whose(request, parts.sounds)
        text = await asyncio.to_thread(parts.talks.words, device.elder_id, key, number)
        if text is None:
            return frame.refused(404, "unknown_message")
        sound = await asyncio.to_thread(parts.aloud.read, device.elder_id, text)
        if sound is None:
            return frame.refused(503, "no_voice")
        kept = {**frame.HEADERS, "Cache-Control": "private, max-age=86400"}
        return Response(sound, media_type="audio/wav", headers=kept)

    return router


def shown(result: TurnResult, book: PhraseBook) -> dict[str, Any]:
    """Return what the page is told of a turn's result: not what was understood, only what is shown."""
    return {
        "text": result["text"],
        "replies": result["replies"],
        "quick": quick.of_turn(result, book),
        "alarm": bool(result.get("alarm")),
        "done": bool(result.get("committed")),
        "error": result.get("error"),
    }


def _read(model: type[Sent], body: bytes) -> Sent:
    try:
        return model.model_validate_json(body)
    except ValidationError:
        raise Refused(frame.refused(422, "bad_input")) from None


class Files(StaticFiles):
    """The page's files, asked for anew each time they changed."""

    async def get_response(self, path: str, scope: Any) -> Response:
        """Return a file."""
        response = await super().get_response(path, scope)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-cache"
        if path == "keeper.js":
            response.headers["Service-Worker-Allowed"] = "/chat"
        return response
