"""What somebody sees who works for one village: every table with an ``elder_id`` is limited by one rule.

The criteria go with each statement of a session (``Database.limited``), so that a route cannot forget them,
and a table that is added later is limited from its first day: what another village has is not there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, not_, or_, select
from sqlalchemy.orm import with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from backend.database import Base
from backend.elders.models import Elder

AFTER_WORK = timedelta(days=7)
"""How long a carer still sees an elder of another village after the last service she gave her."""


def village_limits(
    village_id: str | None, *, carer_id: str | None, now: datetime
) -> dict[str, ExecutableOption]:
    """Return table → the criteria of somebody who works for a village.

    An alarm of somebody whom the book does not know belongs to no village: it is shown to everybody on duty.

    Args:
        village_id: the village; None sees no village.
        carer_id: whom she is as a carer: she also sees the elders to whom she is or was just sent.
        now: the instant, aware.
    """
    elders, requests = Base.metadata.tables["elders"], Base.metadata.tables["requests"]
    own: ColumnElement[bool] = elders.c.village_id == (village_id or "")
    if carer_id is not None:
        sent = select(requests.c.elder_id).where(
            requests.c.carer_id == carer_id, requests.c.end >= now - AFTER_WORK
        )
        own = or_(own, elders.c.id.in_(sent))
    visible, known = select(elders.c.id).where(own), select(elders.c.id)
    limits: dict[str, ExecutableOption] = {
        elders.name: with_loader_criteria(Elder, own, include_aliases=True)
    }
    for mapper in sorted(Base.registry.mappers, key=lambda found: found.class_.__name__):
        table = mapper.local_table
        if not isinstance(table, Table) or "elder_id" not in table.c:
            continue
        criterion: ColumnElement[bool] = table.c.elder_id.in_(visible)
        if "known_elder_id" in table.c:
            criterion = or_(criterion, table.c.known_elder_id.is_(None))
        elif "village_id" in table.c:
            # What is about nobody: of the whole town, or of a village.
            ours = or_(table.c.village_id.is_(None), table.c.village_id == (village_id or ""))
            nobody = or_(table.c.elder_id.is_(None), not_(table.c.elder_id.in_(known)))
            criterion = or_(criterion, and_(nobody, ours))
        limits[table.name] = with_loader_criteria(mapper.class_, criterion, include_aliases=True)
    return limits
