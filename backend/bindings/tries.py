"""The limits of guessing codes: tries are counted before a code is looked at, for all processes at once.

Each count is a row that a try changes first and holds until it is over, so that tries made at the same
moment cannot slip past the limit together. A try that was right is taken off the counts again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.bindings.models import BindTry

STRETCH = timedelta(minutes=15)
"""Tries are counted in stretches of this length, on the clock's quarters."""

PER_ACCOUNT, PER_ADDRESS, PER_TOWN = 5, 20, 100
"""Wrong tries in a stretch after which no more are taken. With eight digits and a hundred live codes, the
whole town's wrong tries of a day find one with a probability of 1 %, and then by one in a hundred million."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What counting a try found: whether it may go on, and whether it is the first that may not."""

    allowed: bool
    first_refused: bool


def keys_of(*, channel: str, account: str, address: str) -> list[tuple[str, int]]:
    """Return what a try counts for, with the limit of each; always in one order, so that locks are, too."""
    found = [(_key(f"account:{channel}:{account}"), PER_ACCOUNT)]
    if address:
        found.append((_key(f"address:{address}"), PER_ADDRESS))
    return [*found, (_key("town"), PER_TOWN)]


def count(session: Session, keys: Sequence[tuple[str, int]], *, now: datetime) -> Counted:
    """Count a try; one that is refused by its account does not count for the town."""
    begun = _stretch(now)
    session.execute(delete(BindTry).where(BindTry.begun_at < begun - STRETCH))
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for key, limit in keys:
        counting = (
            make(BindTry)
            .values(key=key, begun_at=begun, tries=1)
            .on_conflict_do_update(
                index_elements=[BindTry.key, BindTry.begun_at], set_={"tries": BindTry.tries + 1}
            )
            .returning(BindTry.tries)
        )
        tries = session.execute(counting).scalar_one()
        if tries > limit:
            return Counted(allowed=False, first_refused=tries == limit + 1)
    return Counted(allowed=True, first_refused=False)


def forgive(session: Session, keys: Sequence[tuple[str, int]], *, now: datetime) -> None:
    """Take a try off again that was right."""
    session.execute(
        update(BindTry)
        .where(BindTry.key.in_([key for key, _ in keys]), BindTry.begun_at == _stretch(now))
        .values(tries=BindTry.tries - 1)
        .execution_options(synchronize_session=False)
    )


def _stretch(now: datetime) -> datetime:
    at = now.astimezone(timezone.utc)
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def _key(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
