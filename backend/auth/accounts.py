"""Accounts: made, reset, shut; the first administrator, and those of a demo town's staff."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assistant.vocabulary import Role
from backend.audit import service as audit
from backend.auth import attempts
from backend.auth.models import Account, SignIn, Staff
from backend.auth.passwords import first_password, hash_password
from backend.care.models import Carer
from backend.elders.models import Village
from backend.errors import BadInput, NotFound, Refused
from backend.rights import STAFF_ROLES

FIRST_ADMINISTRATOR = "admin"
_USERNAME = re.compile(r"^[a-z0-9][a-z0-9._-]{1,63}$")


class UnknownAccount(NotFound):
    """No account has this name."""

    code = "unknown_account"
    message = "There is no such account."


class NameTaken(Refused):
    """An account of this name exists."""

    code = "name_taken"
    message = "An account of this name exists already."


class LastAdministrator(Refused):
    """Without this account nobody could manage accounts."""

    code = "last_administrator"
    message = "The last administrator cannot be shut out."


@dataclass(frozen=True, kw_only=True)
class FirstPassword:
    """A new account, or one that was reset, with the password that works once."""

    username: str
    name: str
    role: Role
    password: str


def add(
    session: Session,
    *,
    username: str,
    name: str,
    role: Role,
    village_id: str | None = None,
    carer_id: str | None = None,
    account_id: str | None = None,
    actor: str,
    at: datetime,
) -> FirstPassword:
    """Make an account; its password must be changed at the first sign-in.

    Args:
        session: a write session.
        username: what she signs in with: 2 to 64 small letters, digits, ``. _ -``.
        name: her name.
        role: one of :data:`STAFF_ROLES`.
        village_id: her village; needed but for town administrators.
        carer_id: whom she is in the book of carers.
        account_id: the id under which she acts; by default a new one.
        actor: who makes it.
        at: the instant, aware.

    Raises:
        BadInput: the name, role or village will not do.
        NameTaken: there is such an account.
    """
    username = username.strip().lower()
    if not _USERNAME.match(username):
        raise BadInput("A user name has 2 to 64 letters a-z, digits, dots, dashes.", code="bad_username")
    if role not in STAFF_ROLES:
        raise BadInput("That role has no console.", code="bad_role")
    if role is not Role.TOWN_ADMIN and (village_id is None or session.get(Village, village_id) is None):
        raise BadInput("This role needs a village.", code="village_needed")
    if carer_id is not None and session.get(Carer, carer_id) is None:
        raise BadInput("There is no carer with this id.", code="unknown_carer")
    if session.scalar(select(Account.id).where(Account.username == username)) is not None:
        raise NameTaken
    password = first_password()
    account = Account(
        id=account_id or f"A{uuid.uuid4().hex[:12]}",
        username=username,
        name=name.strip() or username,
        role=role,
        village_id=None if role is Role.TOWN_ADMIN else village_id,
        carer_id=carer_id,
        password_hash=hash_password(password),
        must_change=True,
        disabled=False,
        totp_secret=None,
        totp_confirmed=False,
        totp_last_step=0,
        created_at=at,
        looked_at=None,
    )
    session.add(account)
    if session.get(Staff, account.id) is None:  # who has an account can be on duty
        session.add(Staff(id=account.id, name=account.name, role=role, village_id=account.village_id))
    session.flush()
    _record(session, actor, "accounts.add", account, at)
    return FirstPassword(username=username, name=account.name, role=role, password=password)


def reset(session: Session, *, username: str, actor: str, at: datetime) -> FirstPassword:
    """Give an account a new one-time password, take its second factor off, and end its sign-ins.

    Raises:
        UnknownAccount: nobody has this name.
    """
    account = find(session, username)
    password = first_password()
    account.password_hash, account.must_change = hash_password(password), True
    account.totp_secret, account.totp_confirmed, account.totp_last_step = None, False, 0
    account.disabled = False
    attempts.forgive(session, username=account.username)
    end_all(session, account.id)
    _record(session, actor, "accounts.reset", account, at)
    return FirstPassword(username=account.username, name=account.name, role=account.role, password=password)


def shut(session: Session, *, username: str, actor: str, at: datetime) -> None:
    """Shut an account out and end its sign-ins.

    Raises:
        UnknownAccount: nobody has this name.
        LastAdministrator: nobody else could manage accounts.
    """
    account = find(session, username)
    others = select(func.count(Account.id)).where(
        Account.role == Role.TOWN_ADMIN, Account.disabled.is_(False), Account.id != account.id
    )
    if account.role is Role.TOWN_ADMIN and not session.scalar(others):
        raise LastAdministrator
    account.disabled = True
    end_all(session, account.id)
    _record(session, actor, "accounts.shut", account, at)


def find(session: Session, username: str) -> Account:
    """Return an account by its name.

    Raises:
        UnknownAccount: nobody has it.
    """
    account = session.scalars(select(Account).where(Account.username == username.strip().lower())).first()
    if account is None:
        raise UnknownAccount
    return account


def everybody(session: Session) -> list[Account]:
    """Return all accounts, by role and name."""
    return list(session.scalars(select(Account).order_by(Account.role.desc(), Account.username)))


def end_all(session: Session, account_id: str, *, but: str | None = None) -> None:
    """End an account's sign-ins, but for one."""
    query = delete(SignIn).where(SignIn.account_id == account_id)
    session.execute(query.where(SignIn.token_hash != but) if but else query)


def first_administrator(session: Session, *, at: datetime) -> FirstPassword | None:
    """Make the one administrator of a town that has no accounts yet; None where there are some."""
    if session.scalar(select(Account.id).limit(1)) is not None:
        return None
    return add(
        session, username=FIRST_ADMINISTRATOR, name="管理员", role=Role.TOWN_ADMIN, actor="system", at=at
    )


def of_staff(session: Session, *, at: datetime) -> list[FirstPassword]:
    """Make accounts for the staff in the book who have none; their user names are their ids."""
    known = set(session.scalars(select(Account.id)))
    by_name = {carer.name: carer.id for carer in session.scalars(select(Carer))}
    return [
        add(
            session,
            username=person.id.lower(),
            name=person.name,
            role=person.role,
            village_id=person.village_id,
            carer_id=by_name.get(person.name) if person.role is Role.CAREGIVER else None,
            account_id=person.id,
            actor="system",
            at=at,
        )
        for person in session.scalars(select(Staff).order_by(Staff.id))
        if person.id not in known and person.role in STAFF_ROLES
    ]


def _record(session: Session, actor: str, action: str, account: Account, at: datetime) -> None:
    session.flush()
    audit.record(
        session,
        actor=actor,
        action=action,
        target=f"account:{account.id}",
        detail={"username": account.username, "role": str(account.role), "village": account.village_id or ""},
        at=at,
    )
