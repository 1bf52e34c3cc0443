"""What the room of satellites does: register a speaker, know it by its token, shut it out."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.elders import service as elders
from backend.errors import NotFound
from backend.satellites.models import Satellite

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is written down when a speaker was last there."""


def register(
    session: Session, *, elder_id: str, name: str, now: datetime, actor: str
) -> tuple[Satellite, str]:
    """Register a speaker; return it and its token, which nobody can find out afterwards.

    Raises:
        NotFound: ``unknown_elder``.
    """
    elders.get_elder(session, elder_id)
    token = secrets.token_urlsafe(32)
    made = Satellite(
        id=uuid.uuid4().hex,
        elder_id=elder_id,
        name=name,
        token_sha256=_hash(token),
        created_at=now,
        revoked=False,
    )
    session.add(made)
    session.flush()
    _write_down(session, made, "satellites.register", actor=actor, now=now)
    return made, token


def known(session: Session, token: str) -> Satellite | None:
    """Return the speaker of a token, or None where there is none or it is shut out."""
    found = session.scalars(select(Satellite).where(Satellite.token_sha256 == _hash(token))).one_or_none()
    return found if found is not None and not found.revoked else None


def seen(session: Session, satellite_id: str, *, now: datetime) -> None:
    """Write down that a speaker was there."""
    found = session.get(Satellite, satellite_id)
    if found is not None and (found.seen_at is None or now - found.seen_at >= SEEN_EVERY):
        found.seen_at = now


def find(session: Session, *, elder_id: str | None) -> list[Satellite]:
    """Return speakers, the newest first."""
    query = select(Satellite).order_by(Satellite.created_at.desc(), Satellite.id)
    if elder_id is not None:
        query = query.where(Satellite.elder_id == elder_id)
    return list(session.scalars(query.limit(500)))


def revoke(session: Session, satellite_id: str, *, now: datetime, actor: str) -> Satellite:
    """Shut a speaker out; again, it changes nothing.

    Raises:
        NotFound: ``unknown_satellite``.
    """
    found = session.get(Satellite, satellite_id)
    if found is None:
        raise NotFound("There is no speaker with this id.", code="unknown_satellite")
    if not found.revoked:
        found.revoked = True
        session.flush()
        _write_down(session, found, "satellites.revoke", actor=actor, now=now)
    return found


def _write_down(session: Session, satellite: Satellite, action: str, *, actor: str, now: datetime) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        target=f"satellite:{satellite.id}",
        detail={"elder_id": satellite.elder_id, "name": satellite.name},
        at=now,
    )


def _hash(token: str) -> str:
    # The token is 32 random bytes: nothing to guess, so a plain hash is enough.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
