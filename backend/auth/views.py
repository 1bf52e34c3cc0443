"""Saved views: filters that somebody gave a name, for herself."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.auth.models import SavedView
from backend.errors import BadInput

MOST = 30
"""Most views of a page that one person keeps."""


def of(session: Session, *, account_id: str, page: str) -> list[SavedView]:
    """Return somebody's views of a page, by name."""
    query = select(SavedView).where(SavedView.account_id == account_id, SavedView.page == page)
    return list(session.scalars(query.order_by(SavedView.name)))


def save(session: Session, *, account_id: str, page: str, name: str, query: str) -> None:
    """Keep a view; one of the same name is replaced.

    Raises:
        BadInput: the name is empty, the filters are too long, or there are too many views.
    """
    name = name.strip()[:60]
    if not name or len(query) > 1000:
        raise BadInput("A view needs a name.", code="name_needed")
    forget_named = delete(SavedView).where(
        SavedView.account_id == account_id, SavedView.page == page, SavedView.name == name
    )
    session.execute(forget_named)
    if len(of(session, account_id=account_id, page=page)) >= MOST:
        raise BadInput("There are too many views.", code="too_many_views")
    session.add(SavedView(id=uuid.uuid4().hex, account_id=account_id, page=page, name=name, query=query))


def forget(session: Session, view_id: str, *, account_id: str) -> None:
    """Forget a view of hers; nothing happens where she has no such view."""
    session.execute(delete(SavedView).where(SavedView.id == view_id, SavedView.account_id == account_id))
