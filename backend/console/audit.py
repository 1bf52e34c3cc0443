"""The page of the audit: who did and read what, and whether the chain is whole."""

from __future__ import annotations

import json

from fastapi import APIRouter, Response
from sqlalchemy import select

from backend.audit import service
from backend.audit.models import AuditEntry
from backend.console.frame import At, ConsoleRoute

router = APIRouter(route_class=ConsoleRoute)

PAGE = 100


@router.get("/console/audit")
def listed(page: At) -> Response:
    """Show the latest entries, of somebody or about something, without or with reads."""
    given = page.request.query_params
    target, actor = given.get("target", "")[:200].strip(), given.get("actor", "")[:100].strip()
    before = given.get("before", "")
    query = select(AuditEntry)
    if target:
        query = query.where(AuditEntry.target == target)
    if actor:
        query = query.where(AuditEntry.actor == actor)
    if given.get("reads") != "1":
        query = query.where(AuditEntry.action.not_like("%.read"))
    if before.isdecimal() and len(before) < 19:
        query = query.where(AuditEntry.seq < int(before))
    page.here.reads.flush()
    with page.here.database.session() as session:
        rows = session.scalars(query.order_by(AuditEntry.seq.desc()).limit(PAGE + 1)).all()
        verification = service.verify(session) if given.get("verify") == "1" else None
    return page.show(
        "audit.html",
        rows=[(row, json.loads(row.detail)) for row in rows[:PAGE]],
        more=rows[PAGE - 1].seq if len(rows) > PAGE else None,
        target=target,
        actor=actor,
        reads=given.get("reads") == "1",
        verification=verification,
    )
