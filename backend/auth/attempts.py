"""The limits of guessing: failed tries per account and per address, counted for all processes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.auth.models import SignInAttempt

MINUTE = timedelta(minutes=1)
PER_ACCOUNT, PER_ADDRESS = 5, 20
"""Failed tries in a minute, after which no more are taken."""

LOCK_AFTER, LOCK_FOR = 15, timedelta(minutes=15)
"""As many failed tries of an account within this time lock it until the first of them is that old."""


def wait(session: Session, *, username: str, address: str, now: datetime) -> bool:
    """Tell whether no more tries are taken now, for this account or from this address."""
    account, source = _key("account", username), _key("address", address)
    return (
        _count(session, account, since=now - MINUTE) >= PER_ACCOUNT
        or _count(session, account, since=now - LOCK_FOR) >= LOCK_AFTER
        or _count(session, source, since=now - MINUTE) >= PER_ADDRESS
    )


def failed(session: Session, *, username: str, address: str, now: datetime) -> None:
    """Count a failed try, and forget those that count no more."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - LOCK_FOR))
    session.add(SignInAttempt(key=_key("account", username), at=now))
    session.add(SignInAttempt(key=_key("address", address), at=now))


def forgive(session: Session, *, username: str) -> None:
    """Forget an account's failed tries: she is in, or her password was reset."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.key == _key("account", username)))


def _count(session: Session, key: str, *, since: datetime) -> int:
    query = select(func.count(SignInAttempt.id)).where(SignInAttempt.key == key, SignInAttempt.at > since)
    return session.scalar(query) or 0


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value.lower()}".encode()).hexdigest()
