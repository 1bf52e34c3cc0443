"""Who calls, with what right, and with what: the caller's identity and the things that a route works with.

Three ways in: the service token (the town's own processes), a console session (people; their right comes from
``backend.rights`` and what they see from their village), and the loopback address in a town of demo data.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from backend.audit.reads import ReadLog
from backend.auth import sign_in
from backend.auth.models import Stage
from backend.auth.sign_in import Visitor
from backend.bell import Bell
from backend.clock import Clock
from backend.database import Database
from backend.elders.scope import village_limits
from backend.errors import Forbidden, NotSignedIn
from backend.rights import ROUTES, SIGNED, Action, Scope, scope_of
from backend.settings import Settings

T = TypeVar("T")

SERVICE = "service"
"""Caller with the service token: the town's own processes."""

LOOPBACK = "demo-loopback"
"""Caller on the same machine, in a town that holds only demo data."""

COOKIE = "kangban_session"
"""The console's cookie."""

CSRF_HEADER = "x-csrf-token"
"""Header in which a page of the console proves that it, and not another site, makes a call."""

BY_ITSELF = frozenset(
    {"/console/feed", "/console/today/board", "/console/alarm-banner", "/console/checkins/board"}
)
"""What an open page fetches without anybody's click: it keeps no session alive."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the app is built of; ``app.state.parts``.

    Attributes:
        settings: the backend's settings.
        database: the database, as far as the caller may see it.
        clock: the clock.
        dialogue_ready: tells whether the dialogue process answers.
        is_demo: tells whether the database is marked as holding only demo data.
        bell: rings when a worker of this process has committed something.
        reads: where reads of personal data are written down for the audit.
    """

    settings: Settings
    database: Database
    clock: Clock
    dialogue_ready: Callable[[], bool]
    is_demo: Callable[[], bool]
    reads: ReadLog
    bell: Bell = field(default_factory=Bell)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who calls: a process of the town's (no ``visitor``), or somebody with a console session."""

    actor: str
    visitor: Visitor | None = None

    def scope(self, action: Action) -> Scope:
        """Return how far the caller may do something."""
        return Scope.TOWN if self.visitor is None else scope_of(self.visitor.role, action)

    def may(self, action: Action) -> bool:
        """Tell whether the caller may do something at all; the console's buttons ask this."""
        return self.scope(action) is not Scope.NOWHERE


def parts(request: Request) -> Parts:
    """Return the app's parts, unlimited (a FastAPI dependency)."""
    found = request.app.state.parts
    assert isinstance(found, Parts)  # noqa: S101 - create_app puts it there
    return found


Whole = Annotated[Parts, Depends(parts)]
"""Route parameter: the parts with the whole database, for signing in."""


def identity_of(request: Request, here: Whole) -> Identity | None:
    """Return who calls, or None where nobody valid does (a FastAPI dependency)."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if token:
        expected = here.settings.service_token
        good = hmac.compare_digest(token.strip().encode("utf-8", "replace"), expected.encode("utf-8"))
        # A wrong token is wrong in a demo town, too.
        return Identity(actor=SERVICE) if scheme.lower() == "bearer" and expected and good else None
    visitor = visitor_of(request, here)
    if visitor is not None:
        return Identity(actor=visitor.actor, visitor=visitor) if visitor.stage is Stage.IN else None
    if _on_loopback(request) and here.is_demo():
        return Identity(actor=LOOPBACK)
    return None


def visitor_of(request: Request, here: Parts) -> Visitor | None:
    """Return whose console session the request's cookie is, at whatever stage."""
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return None
    now = here.clock.now()
    with here.database.session() as session:
        found = sign_in.visitor(session, cookie, now=now)
        stale = (
            found is not None
            and request.url.path not in BY_ITSELF
            and sign_in.is_stale(session, cookie, now=now)
        )
    if stale:
        here.database.transact(lambda writing: sign_in.seen(writing, cookie, now=now))
    return found


def identify(found: Annotated[Identity | None, Depends(identity_of)]) -> Identity:
    """Return who calls (a FastAPI dependency).

    Raises:
        NotSignedIn: no valid token or session, and no loopback caller of a demo town.
    """
    if found is None:
        raise NotSignedIn
    return found


Me = Annotated[Identity, Depends(identify)]
"""Route parameter: who calls, and what she may do."""


def caller_of(me: Me) -> str:
    """Return who calls, as the audit writes it (a FastAPI dependency)."""
    return me.actor


Caller = Annotated[str, Depends(caller_of)]
"""Route parameter: who calls, for the audit."""


def authenticate(me: Me) -> str:
    """Return who calls (a FastAPI dependency of every API route but health).

    Raises:
        NotSignedIn: as :func:`identify`.
    """
    return me.actor


def seen_by(here: Parts, me: Identity, scope: Scope) -> Parts:
    """Return the parts with the database as the caller sees it."""
    if scope is Scope.TOWN or me.visitor is None:
        return here
    limits = village_limits(me.visitor.village_id, carer_id=me.visitor.carer_id, now=here.clock.now())
    return replace(here, database=here.database.limited(limits))


def parts_seen(request: Request, here: Whole, me: Annotated[Identity | None, Depends(identity_of)]) -> Parts:
    """Return the parts with the database as the caller may see it on this route (a FastAPI dependency)."""
    if me is None or me.visitor is None:
        return here  # the route's own authentication has refused, or lets everybody in
    action = action_of(request)
    return seen_by(here, me, me.scope(action) if action else Scope.VILLAGE)


Here = Annotated[Parts, Depends(parts_seen)]
"""Route parameter: the database (as far as the caller may see it), the clock and the settings."""


def action_of(request: Request) -> Action | None:
    """Return the action of the API route that is called, or None where the table has none."""
    path = getattr(request.scope.get("route"), "path", "")
    return ROUTES.get((request.method.replace("HEAD", "GET"), path.removeprefix("/api/v1")))


async def authorise(request: Request, me: Me) -> None:
    """Let a caller through who may do what the route does (a FastAPI dependency of every API route).

    Raises:
        Forbidden: the table does not allow it, another site made the call, or somebody else's name is signed.
    """
    if me.visitor is None:
        return
    action = action_of(request)
    if action is None or not me.may(action):
        raise Forbidden
    if request.method in _SAFE:
        return
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode("utf-8", "replace"), me.visitor.csrf.encode()):
        raise Forbidden("The call does not come from a page of the console.", code="csrf")
    path = getattr(request.scope.get("route"), "path", "").removeprefix("/api/v1")
    _signs_herself(await request.body(), me.visitor, must=path in SIGNED)


def _signs_herself(body: bytes, visitor: Visitor, *, must: bool) -> None:
    try:
        sent = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return  # the route refuses it
    own = {"role": str(visitor.role), "id": visitor.account_id}
    if isinstance(sent, dict) and sent.get("by", None if must else own) != own:
        raise Forbidden("Whoever is signed in acts in her own name.", code="not_yourself")


def audited(
    here: Parts, caller: str, *, what: str, target: str, read: Callable[[Session], T], detail: str = ""
) -> T:
    """Return what ``read`` finds of personal data, and hand it to the audit that ``caller`` read it.

    Args:
        here: the app's parts.
        caller: who reads.
        what: what is read, such as ``elders``; the audit's action is ``elders.read``.
        target: of whom or of what, such as ``elder:E0007``.
        read: the read, in a read session.
        detail: which part of it, if that matters.
    """
    with here.database.session() as session:
        found = read(session)
    here.reads.note(actor=caller, action=f"{what}.read", target=target, detail=detail)
    return found


def _on_loopback(request: Request) -> bool:
    if request.client is None or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False  # a proxy on this machine speaks for somebody elsewhere
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
