"""Who calls, and with what: the caller's identity and the things that a route works with."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.bell import Bell
from backend.clock import Clock
from backend.database import Database
from backend.errors import NotSignedIn
from backend.settings import Settings

T = TypeVar("T")

SERVICE = "service"
"""Caller with the service token: the town's own processes."""

LOOPBACK = "demo-loopback"
"""Caller on the same machine, in a town that holds only demo data."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the app is built of; ``app.state.parts``.

    Attributes:
        settings: the backend's settings.
        database: the database.
        clock: the clock.
        dialogue_ready: tells whether the dialogue process answers.
        is_demo: tells whether the database is marked as holding only demo data.
        bell: rings when a worker of this process has committed something.
    """

    settings: Settings
    database: Database
    clock: Clock
    dialogue_ready: Callable[[], bool]
    is_demo: Callable[[], bool]
    bell: Bell = field(default_factory=Bell)


def parts(request: Request) -> Parts:
    """Return the app's parts (a FastAPI dependency)."""
    found = request.app.state.parts
    assert isinstance(found, Parts)  # noqa: S101 - create_app puts it there
    return found


Here = Annotated[Parts, Depends(parts)]
"""Route parameter: the database, the clock and the settings."""


def authenticate(request: Request, here: Here) -> str:
    """Return who calls (a FastAPI dependency of every API route but health).

    Raises:
        NotSignedIn: no valid token, and no loopback caller of a demo town.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if token:
        expected = here.settings.service_token
        good = hmac.compare_digest(token.strip().encode("utf-8", "replace"), expected.encode("utf-8"))
        if scheme.lower() == "bearer" and expected and good:
            return SERVICE
        raise NotSignedIn  # a wrong token is wrong in a demo town, too
    if _on_loopback(request) and here.is_demo():
        return LOOPBACK
    raise NotSignedIn


Caller = Annotated[str, Depends(authenticate)]
"""Route parameter: who calls, for the audit."""


def audited(
    here: Parts, caller: str, *, what: str, target: str, read: Callable[[Session], T], detail: str = ""
) -> T:
    """Return what ``read`` finds of personal data, once it stands in the audit that ``caller`` read it.

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
    here.database.transact(
        lambda session: audit.record(
            session,
            actor=caller,
            action=f"{what}.read",
            target=target,
            detail={"detail": detail} if detail else {},
            at=here.clock.now(),
        )
    )
    return found


def _on_loopback(request: Request) -> bool:
    if request.client is None or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False  # a proxy on this machine speaks for somebody elsewhere
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
