"""The family view at ``/family``, and the elder's own page of who sees what, ``/chat/people``."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from assistant.gateway.channels.chat_page import frame
from assistant.gateway.channels.chat_page.ports import Devices
from assistant.gateway.channels.family_page.ports import Family, View

SAID = frozenset({"ordered", "left", "refused", "changed"})


@dataclass(frozen=True, kw_only=True)
class FamilyParts:
    """What the view is wired with: the book, whose a browser is, and which routes it may call."""

    family: Family
    devices: Devices
    routes: Mapping[tuple[str, str], Any]


def family_routes(parts: FamilyParts) -> APIRouter:
    """Build the routes."""
    router = APIRouter(include_in_schema=False)

    def allowed(request: Request) -> bool:
        return (request.method, getattr(request.scope.get("route"), "path", "")) in parts.routes

    async def sent_by(request: Request, fields: Mapping[str, str]) -> View | Response:
        """Return whose form was sent, or the refusal: signed in, allowed, and from our own page."""
        token = frame.token_of(request)
        known = await asyncio.to_thread(parts.family.view, token, fields.get("of", "")) if token else None
        if known is None or not allowed(request):
            return _to_door(401)
        if not frame.is_ours(request, token, fields.get("csrf", "")):
            return _back("/family", problem="csrf")
        return known

    @router.get("/family")
    async def view(request: Request, of: str = "", said: str = "", problem: str = "") -> Response:
        """Show what she lets this relative see."""
        token = frame.token_of(request)
        found = await asyncio.to_thread(parts.family.view, token, of[:64]) if token else None
        if found is None or not allowed(request):
            return _to_door()
        answer = frame.show(
            "family.html",
            view=found,
            csrf=frame.csrf_of(token),
            key=uuid.uuid4().hex,
            said=said if said in SAID else "",
            problem=problem[:40],
        )
        frame.remember(request, answer, token)
        return answer

    @router.post("/family/order")
    async def order(request: Request) -> Response:
        """Order a meal for her."""
        fields = await _fields(request)
        known = await sent_by(request, fields)
        if isinstance(known, Response):
            return known
        token = frame.token_of(request)
        problem = await asyncio.to_thread(parts.family.order, token, known.binding_id, fields)
        more = {"problem": problem} if problem else {"said": "ordered"}
        return _back("/family", of=known.binding_id, **more)

    @router.post("/family/leave")
    async def leave(request: Request) -> Response:
        """Let the relative look no more."""
        known = await sent_by(request, await _fields(request))
        if isinstance(known, Response):
            return known
        await asyncio.to_thread(parts.family.leave, frame.token_of(request), known.binding_id)
        return _back("/family")

    @router.get("/chat/people")
    async def people(request: Request, said: str = "") -> Response:
        """Show the elder who sees what of her."""
        token = frame.token_of(request)
        device = await asyncio.to_thread(parts.devices.elder, token) if token else None
        if device is None or not allowed(request):
            return _to_door()
        found = await asyncio.to_thread(parts.family.relatives, device.elder_id)
        return frame.show(
            "people.html", relatives=found, csrf=frame.csrf_of(token), said=said if said in SAID else ""
        )

    @router.post("/chat/people")
    async def change(request: Request) -> Response:
        """Let a relative see this much, or nothing, from now on."""
        token = frame.token_of(request)
        device = await asyncio.to_thread(parts.devices.elder, token) if token else None
        if device is None or not allowed(request):
            return _to_door(401)
        body = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=30)
        if not frame.is_ours(request, token, (body.get("csrf") or [""])[-1]):
            return _back("/chat/people")
        binding_id = (body.get("binding") or [""])[-1][:64]
        shares = [] if "stop" in body else body.get("share", [])
        done = await asyncio.to_thread(parts.family.share, device.elder_id, binding_id, shares)
        return _back("/chat/people", **({"said": "changed"} if done else {}))

    return router


async def _fields(request: Request) -> dict[str, str]:
    try:
        body = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=30)
    except ValueError:
        return {}
    return {name: values[-1][:200] for name, values in body.items()}


def _to_door(status: int = 303) -> Response:
    if status == 401:
        return frame.refused(401, "not_signed_in")
    return RedirectResponse("/chat/enter", status_code=303, headers=frame.HEADERS)


def _back(path: str, **query: str) -> Response:
    onward = f"{path}?{urlencode(query)}" if query else path
    return RedirectResponse(onward, status_code=303, headers=frame.HEADERS)
