"""What the room of bindings does: make a code, take one in, say whom an account stands for, end a binding.

A code has eight digits: it can be read out on the telephone and typed with a thumb. It binds one account,
once, and soon expires; wrong ones are limited (``tries``), and answered all alike.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.bindings import tries
from backend.bindings.models import BindCode, Binding, BindingKind, Share
from backend.elders import service as elders
from backend.errors import BackendError, BadInput, NotFound, Refused

DIGITS = 8
HANDED_OVER, SAID = timedelta(hours=24), timedelta(minutes=30)
"""How long a code holds that a caregiver hands over, and one that was said aloud."""

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is written down when an account was last heard."""


class BadCode(BadInput):
    """No live code reads like this: unknown, used, expired and taken back are not told apart."""

    code = "bad_code"
    message = "This code does not hold."


class TooManyTries(BackendError):
    """Too many wrong codes of late."""

    code, status = "too_many_tries", 429
    message = "Too many wrong codes; try again in a quarter of an hour."


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What taking in a code came to: a binding, or why there is none.

    A refusal is returned, not raised: the transaction that counted the try has to be committed.
    """

    binding: Binding | None
    refusal: BackendError | None = None


def make_code(
    session: Session,
    *,
    elder_id: str,
    kind: BindingKind,
    consent: str,
    name: str = "",
    relation: str = "",
    shares: Sequence[Share] | None = None,
    holds: timedelta = HANDED_OVER,
    now: datetime,
    actor: str,
) -> tuple[BindCode, str]:
    """Make a code for an elder's account or a relative's; return its row and the code, told this once.

    Args:
        session: a write session.
        elder_id: the elder.
        kind: whose account it will bind.
        consent: in words, how the elder agreed.
        name: of the relative.
        relation: of the relative to the elder.
        shares: what the elder lets the relative see and do; None for all of it.
        holds: how long the code can be used.
        now: the instant, aware.
        actor: who makes it, for the audit.

    Raises:
        NotFound: ``unknown_elder``.
        BadInput: ``no_consent``: it is not said how the elder agreed.
    """
    elders.briefly(session, elder_id)
    if not consent.strip():
        raise BadInput("How the elder agreed has to be written down.", code="no_consent")
    code = _fresh_code(session, now)
    made = BindCode(
        id=uuid.uuid4().hex, code_sha256=_hash(code), elder_id=elder_id, kind=kind, name=name,
        relation=relation, consent=consent.strip(), created_at=now, created_by=actor, expires_at=now + holds,
        shares=None if shares is None else [str(share) for share in shares],
    )  # fmt: skip
    session.add(made)
    session.flush()
    _write_down(session, "bindings.code", f"bind_code:{made.id}", made.elder_id, actor, now, kind=str(kind))
    return made, code


def take_code(
    session: Session, *, channel: str, account: str, code: str, address: str = "", now: datetime
) -> Taken:
    """Bind an account by a code. Commit the session whatever comes of it.

    Args:
        session: a write session of the whole town.
        channel: the channel, such as ``wechat``.
        account: the account there; never a secret: of a device's token, its hash (:func:`account_of`).
        code: what was typed; full-width digits, spaces and dashes are forgiven.
        address: the network address it came from, where the channel knows one.
        now: the instant, aware.
    """
    keys = tries.keys_of(channel=channel, account=account, address=address)
    counted = tries.count(session, keys, now=now)
    who = f"{channel}:{account}"
    if not counted.allowed:
        if counted.first_refused:
            _write_down(session, "bindings.too_many_tries", who[:200], None, who, now)
        return Taken(binding=None, refusal=TooManyTries())
    spent = session.execute(
        update(BindCode)
        .where(
            BindCode.code_sha256 == _hash(digits_of(code)),
            BindCode.used_at.is_(None),
            BindCode.revoked_at.is_(None),
            BindCode.expires_at > now,
        )
        .values(used_at=now)
        .returning(BindCode.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if spent is None:
        again = _bound_by(session, code, channel=channel, account=account)
        if again is None:
            return Taken(binding=None, refusal=BadCode())
        tries.forgive(session, keys, now=now)
        return Taken(binding=again)
    tries.forgive(session, keys, now=now)
    row = session.get_one(BindCode, spent, populate_existing=True)
    bound = _bind(session, row, channel=channel, account=account, now=now)
    row.binding_id = bound.id
    session.flush()
    _write_down(
        session, "bindings.bind", f"binding:{bound.id}", bound.elder_id, who, now,
        kind=str(bound.kind), code=row.id,
    )  # fmt: skip
    return Taken(binding=bound)


def of_account(session: Session, *, channel: str, account: str) -> list[Binding]:
    """Return an account's live bindings; the first is the one that it speaks as, or speaks about."""
    query = select(Binding).where(
        Binding.channel == channel, Binding.account == account, Binding.revoked_at.is_(None)
    )
    return list(session.scalars(query.order_by(Binding.chosen_at.desc(), Binding.id)))


def choose(session: Session, binding_id: str, *, now: datetime) -> Binding:
    """Let an account speak about another of its elders from now on.

    Raises:
        NotFound: ``unknown_binding``: there is none, or it has ended.
    """
    found = get(session, binding_id)
    if found.revoked_at is not None:
        raise NotFound("This binding has ended.", code="unknown_binding")
    found.chosen_at = now
    return found


def seen(session: Session, binding_id: str, *, now: datetime) -> None:
    """Write down that an account was heard."""
    found = session.get(Binding, binding_id)
    if found is not None and (found.seen_at is None or now - found.seen_at >= SEEN_EVERY):
        found.seen_at = now


def get(session: Session, binding_id: str) -> Binding:
    """Return a binding, live or ended.

    Raises:
        NotFound: ``unknown_binding``.
    """
    found = session.scalars(select(Binding).where(Binding.id == binding_id)).one_or_none()
    if found is None:
        raise NotFound("There is no binding with this id.", code="unknown_binding")
    return found


def find(
    session: Session,
    *,
    elder_id: str | None = None,
    channel: str | None = None,
    account: str | None = None,
    live: bool | None = None,
) -> list[Binding]:
    """Return bindings, the newest first, at most 500."""
    query = select(Binding).order_by(Binding.created_at.desc(), Binding.id)
    for column, wanted in (
        (Binding.elder_id, elder_id),
        (Binding.channel, channel),
        (Binding.account, account),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if live is not None:
        query = query.where(Binding.revoked_at.is_(None) if live else Binding.revoked_at.is_not(None))
    return list(session.scalars(query.limit(500)))


def revoke(session: Session, binding_id: str, *, why: str = "", now: datetime, actor: str) -> Binding:
    """End a binding: the account stands for nobody of this elder any more; again, it changes nothing.

    Raises:
        NotFound: ``unknown_binding``.
    """
    found = get(session, binding_id)
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by, found.revoked_why = now, actor[:100], why[:200]
        session.flush()
        _write_down(session, "bindings.revoke", f"binding:{found.id}", found.elder_id, actor, now, why=why)
    return found


def shared(binding: Binding) -> frozenset[Share]:
    """Return what a relative may see and do."""
    return (
        frozenset(Share)
        if binding.shares is None
        else frozenset(share for share in Share if str(share) in binding.shares)
    )


def share(
    session: Session, binding_id: str, *, shares: Sequence[Share], consent: str, now: datetime, actor: str
) -> Binding:
    """Write down anew what the elder lets a relative see and do, and how she said so.

    Raises:
        NotFound: ``unknown_binding``.
        Refused: ``no_relative``: it has ended, or is the elder's own.
    """
    found = get(session, binding_id)
    if found.revoked_at is not None or found.kind is not BindingKind.FAMILY:
        raise Refused("This is no live binding of a relative.", code="no_relative")
    found.shares = sorted({str(share) for share in shares})
    found.consent, found.consent_at = consent, now
    session.flush()
    _write_down(
        session, "bindings.share", f"binding:{found.id}", found.elder_id, actor, now,
        shares=" ".join(found.shares),
    )  # fmt: skip
    return found


def live_codes(session: Session, *, elder_id: str | None, now: datetime) -> list[BindCode]:
    """Return the codes that can still be used, the newest first."""
    query = select(BindCode).where(
        BindCode.used_at.is_(None), BindCode.revoked_at.is_(None), BindCode.expires_at > now
    )
    if elder_id is not None:
        query = query.where(BindCode.elder_id == elder_id)
    return list(session.scalars(query.order_by(BindCode.created_at.desc(), BindCode.id).limit(500)))


def revoke_code(session: Session, code_id: str, *, now: datetime, actor: str) -> BindCode:
    """Take a code back; one that was used, or taken back, stays as it is.

    Raises:
        NotFound: ``unknown_code``.
    """
    found = session.scalars(select(BindCode).where(BindCode.id == code_id)).one_or_none()
    if found is None:
        raise NotFound("There is no code with this id.", code="unknown_code")
    if found.revoked_at is None and found.used_at is None:
        found.revoked_at = now
        session.flush()
        _write_down(session, "bindings.revoke_code", f"bind_code:{found.id}", found.elder_id, actor, now)
    return found


def account_of(token: str) -> str:
    """Return the account that a device's secret token stands for: its SHA-256, which can be stored."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def digits_of(typed: str) -> str:
    """Return the digits of what was typed as a code: 「１２３４ ５６７８」 → 12345678."""
    plain = unicodedata.normalize("NFKC", typed[:100])
    return "".join(sign for sign in plain if sign in "0123456789")


def _bind(session: Session, code: BindCode, *, channel: str, account: str, now: datetime) -> Binding:
    held = session.scalars(
        select(Binding).where(
            Binding.channel == channel,
            Binding.account == account,
            Binding.elder_id == code.elder_id,
            Binding.revoked_at.is_(None),
        )
    ).one_or_none()
    bound = held or Binding(
        id=uuid.uuid4().hex, channel=channel, account=account, elder_id=code.elder_id, created_at=now
    )
    bound.kind, bound.name, bound.relation = code.kind, code.name, code.relation
    bound.consent, bound.consent_at, bound.chosen_at = code.consent, code.created_at, now
    bound.shares = code.shares
    session.add(bound)
    session.flush()
    return bound


def _bound_by(session: Session, code: str, *, channel: str, account: str) -> Binding | None:
    """Return the binding that this account made with this code before: typed or sent twice is no guess."""
    query = (
        select(Binding)
        .join(BindCode, BindCode.binding_id == Binding.id)
        .where(
            BindCode.code_sha256 == _hash(digits_of(code)),
            Binding.channel == channel,
            Binding.account == account,
            Binding.revoked_at.is_(None),
        )
    )
    return session.scalars(query.limit(1)).one_or_none()


def _fresh_code(session: Session, now: datetime) -> str:
    while True:
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        same = select(BindCode.id).where(BindCode.code_sha256 == _hash(code), BindCode.expires_at > now)
        if session.scalars(same.limit(1)).one_or_none() is None:
            return code


def _hash(code: str) -> str:
    # Whoever reads the table could try all codes: they live for days at most, and open what the table holds.
    return hashlib.sha256(f"bind:{code}".encode()).hexdigest()


def _write_down(
    session: Session, action: str, target: str, elder_id: str | None, actor: str, now: datetime, **more: str
) -> None:
    detail = {"elder_id": elder_id, **more} if elder_id else dict(more)
    audit.record(session, actor=actor[:100], action=action, target=target, detail=detail, at=now)
