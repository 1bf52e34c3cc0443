"""Signing in: password, then the second factor, then what must be done first; and the sessions that follow.

A session's cookie is 256 random bits, of which the database keeps the SHA-256. It ends after an hour without
a click, after twelve hours in any case, when the password changes, and when the account is shut.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assistant.vocabulary import Role
from backend.audit import service as audit
from backend.auth import accounts, attempts
from backend.auth.models import Account, SignIn, Stage
from backend.auth.passwords import (
    LONGEST,
    hash_password,
    matches,
    new_secret,
    problem_of,
    step_of_code,
)
from backend.errors import BackendError, BadInput

IDLE, LONGEST_SESSION = timedelta(hours=1), timedelta(hours=12)
"""When a session ends: after so long without a click, and after so long in any case."""

_SEEN_EVERY = timedelta(minutes=1)  # a click is written down this often, not at every page
_CODES = 5


class WrongSignIn(BackendError):
    """Name, password or code is wrong; which of them is not told."""

    code, status = "wrong_sign_in", 401
    message = "The name, the password or the code is wrong."


class TooManyTries(BackendError):
    """Too many failed tries."""

    code, status = "too_many_tries", 429
    message = "Too many failed tries; wait a while."


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Whose session a cookie is."""

    token_hash: str
    csrf: str
    stage: Stage
    account_id: str
    username: str
    name: str
    role: Role
    village_id: str | None
    carer_id: str | None
    looked_at: datetime | None

    @property
    def actor(self) -> str:
        """As the audit and the histories write her."""
        return f"{self.role}:{self.account_id}"


def hashed(token: str) -> str:
    """Return what the database keeps of a cookie."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def may_try(session: Session, *, username: str, address: str, now: datetime) -> None:
    """Check the limits of guessing.

    Raises:
        TooManyTries: no more tries are taken now.
    """
    if attempts.wait(session, username=username.strip(), address=address, now=now):
        raise TooManyTries


def enter(
    session: Session, *, username: str, password: str, second_factor_needed: bool, now: datetime
) -> str | None:
    """Begin a session with a right password and return its cookie; None where name or password is wrong.

    Args:
        session: a write session.
        username: the account's name.
        password: as typed.
        second_factor_needed: whether administrators must have a second factor in this town.
        now: the instant, aware.
    """
    account = session.scalars(
        select(Account).where(Account.username == username.strip().lower(), Account.disabled.is_(False))
    ).first()
    if account is None:
        hash_password(password[:LONGEST])  # an unknown name takes as long as a known one
        return None
    if not matches(account.password_hash, password):
        return None
    if account.totp_confirmed:
        stage = Stage.SECOND_FACTOR
    else:
        attempts.forgive(session, username=account.username)
        stage = _next(account, second_factor_needed)
    session.execute(delete(SignIn).where(SignIn.begun_at < now - LONGEST_SESSION))
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=hashed(token),
            account_id=account.id,
            stage=stage,
            csrf=secrets.token_urlsafe(24),
            begun_at=now,
            seen_at=now,
            failed_codes=0,
        )
    )
    _record(session, account, "accounts.sign_in", now, stage=str(stage))
    return token


def visitor(session: Session, token: str, *, now: datetime) -> Visitor | None:
    """Return whose session a cookie is, or None where it is none or has ended; any session will do."""
    row = session.execute(
        select(SignIn, Account)
        .join(Account, Account.id == SignIn.account_id)
        .where(
            SignIn.token_hash == hashed(token),
            SignIn.seen_at > now - IDLE,
            SignIn.begun_at > now - LONGEST_SESSION,
            Account.disabled.is_(False),
        )
    ).one_or_none()
    if row is None:
        return None
    signed, account = row
    return Visitor(
        token_hash=signed.token_hash,
        csrf=signed.csrf,
        stage=signed.stage,
        account_id=account.id,
        username=account.username,
        name=account.name,
        role=account.role,
        village_id=account.village_id,
        carer_id=account.carer_id,
        looked_at=account.looked_at,
    )


def seen(session: Session, token: str, *, now: datetime) -> None:
    """Write down that somebody clicked, at most once a minute."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == hashed(token), SignIn.seen_at < now - _SEEN_EVERY)
        .values(seen_at=now)
    )


def is_stale(session: Session, token: str, *, now: datetime) -> bool:
    """Tell whether :func:`seen` would write anything, so that most clicks need no write."""
    query = select(SignIn.seen_at).where(SignIn.token_hash == hashed(token))
    at = session.scalar(query)
    return at is not None and at < now - _SEEN_EVERY


def give_code(
    session: Session, token: str, *, code: str, second_factor_needed: bool, now: datetime
) -> Stage | None:
    """Take the second factor's code; return the next stage, or None where it is wrong."""
    signed, account = _of(session, token)
    step = step_of_code(account.totp_secret or "", code, now=now, after=account.totp_last_step)
    if signed.stage is not Stage.SECOND_FACTOR or step is None:
        signed.failed_codes += 1
        if signed.failed_codes >= _CODES:
            session.delete(signed)
        return None
    account.totp_last_step = step
    attempts.forgive(session, username=account.username)
    signed.stage = _next(account, second_factor_needed)
    return signed.stage


def change_password(
    session: Session, token: str, *, old: str, new: str, second_factor_needed: bool, now: datetime
) -> Stage:
    """Change the password of whose session it is; her other sessions end.

    Raises:
        WrongSignIn: the old password is wrong, or the second factor was not given.
        BadInput: the new one will not do; ``code`` says why.
    """
    signed, account = _of(session, token)
    if signed.stage is Stage.SECOND_FACTOR or not matches(account.password_hash, old):
        raise WrongSignIn
    problem = problem_of(new, username=account.username)
    if problem is None and (new == old or len(new) > LONGEST):
        problem = "same_as_before"
    if problem is not None:
        raise BadInput("The new password will not do.", code=problem)
    account.password_hash, account.must_change = hash_password(new), False
    accounts.end_all(session, account.id, but=signed.token_hash)
    signed.stage = _next(account, second_factor_needed)
    _record(session, account, "accounts.change_password", now)
    return signed.stage


def begin_second_factor(session: Session, token: str) -> str:
    """Return the secret to put into an authenticator app; it counts once a code of it was given."""
    signed, account = _of(session, token)
    if signed.stage not in (Stage.ENROL, Stage.IN):
        raise WrongSignIn
    if account.totp_secret is None or account.totp_confirmed:
        account.totp_secret, account.totp_confirmed = new_secret(), False
    return account.totp_secret


def confirm_second_factor(session: Session, token: str, *, code: str, now: datetime) -> Stage | None:
    """Bind the second factor with a first code; return the next stage, or None where the code is wrong."""
    signed, account = _of(session, token)
    if signed.stage not in (Stage.ENROL, Stage.IN) or account.totp_secret is None:
        return None
    step = step_of_code(account.totp_secret, code, now=now, after=account.totp_last_step)
    if step is None:
        return None
    account.totp_confirmed, account.totp_last_step = True, step
    signed.stage = _next(account, True)
    _record(session, account, "accounts.second_factor", now)
    return signed.stage


def leave(session: Session, token: str) -> None:
    """End a session."""
    session.execute(delete(SignIn).where(SignIn.token_hash == hashed(token)))


def look(session: Session, account_id: str, *, now: datetime) -> None:
    """Write down when she last looked at the day's page."""
    session.execute(update(Account).where(Account.id == account_id).values(looked_at=now))


def _next(account: Account, second_factor_needed: bool) -> Stage:
    if account.must_change:
        return Stage.CHANGE_PASSWORD
    if account.role is Role.TOWN_ADMIN and second_factor_needed and not account.totp_confirmed:
        return Stage.ENROL
    return Stage.IN


def _of(session: Session, token: str) -> tuple[SignIn, Account]:
    signed = session.get(SignIn, hashed(token))
    if signed is None:
        raise WrongSignIn
    return signed, session.get_one(Account, signed.account_id)


def _record(session: Session, account: Account, action: str, at: datetime, **detail: str) -> None:
    session.flush()
    audit.record(
        session,
        actor=f"{account.role}:{account.id}",
        action=action,
        target=f"account:{account.id}",
        detail=detail,
        at=at,
    )
