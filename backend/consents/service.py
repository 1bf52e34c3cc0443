"""What the consents room does: write down what was agreed to and what was taken back, and say what stands."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.consents.models import Consent, ConsentKind
from backend.consents.schemas import ConsentIn
from backend.elders import service as elders
from backend.errors import NotFound


def give(session: Session, elder_id: str, sent: ConsentIn, *, actor: str, at: datetime) -> Consent:
    """Write a consent down; where one of its kind stands, that is withdrawn by the new one.

    Raises:
        NotFound: ``unknown_elder``.
    """
    elders.briefly(session, elder_id)
    for standing in of(session, elder_id):
        if standing.kind is sent.kind and standing.withdrawn_at is None:
            standing.withdrawn_at, standing.withdrawn_by = at, actor
            standing.withdrawn_why = "重新登记"
    row = Consent(
        id=uuid.uuid4().hex, elder_id=elder_id, kind=sent.kind, given_by=sent.given_by, how=sent.how,
        given_at=at, written_by=actor, withdrawn_at=None, withdrawn_by=None, withdrawn_why="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, row, actor, "consents.give", at)
    return row


def withdraw(
    session: Session, elder_id: str, consent_id: str, *, why: str, actor: str, at: datetime
) -> Consent:
    """Write down that a consent is taken back; again, it changes nothing.

    Raises:
        NotFound: ``unknown_consent``.
    """
    row = session.get(Consent, consent_id)
    if row is None or row.elder_id != elder_id:
        raise NotFound("There is no such consent.", code="unknown_consent")
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_why = at, actor, why
        session.flush()
        _record(session, row, actor, "consents.withdraw", at)
    return row


def of(session: Session, elder_id: str) -> list[Consent]:
    """Return an elder's consents, the newest first."""
    query = select(Consent).where(Consent.elder_id == elder_id)
    return list(session.scalars(query.order_by(Consent.given_at.desc(), Consent.id)))


def stands(session: Session, elder_id: str, kind: ConsentKind) -> bool:
    """Tell whether an elder agrees to something now."""
    query = select(Consent.id).where(
        Consent.elder_id == elder_id, Consent.kind == kind, Consent.withdrawn_at.is_(None)
    )
    return session.scalars(query.limit(1)).first() is not None


def _record(session: Session, row: Consent, actor: str, action: str, at: datetime) -> None:
    detail = {"consent": row.id, "kind": str(row.kind)}
    audit.record(session, actor=actor, action=action, target=f"elder:{row.elder_id}", detail=detail, at=at)
