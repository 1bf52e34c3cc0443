"""What the audit does: it appends an entry in the transaction of the act, and checks the whole chain.

An entry's number and hash come from the head row, which stays locked until the transaction ends: call
:func:`record` after the act's own rows, so that the lock is short and locks are taken in one order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.audit.chain import canonical, entry_hash
from backend.audit.head_file import HeadMark, append_mark, read_marks
from backend.audit.models import GENESIS, AuditEntry, AuditHead

PROBLEMS_KEPT = 20
"""How many problems a verification lists; one is enough to know."""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What :func:`verify` found.

    Attributes:
        ok: nothing was edited, deleted, inserted, reordered or cut off.
        entries: entries read.
        head: hash of the last entry, 64 zeros where there is none.
        problems: what is wrong, in plain English, the first :data:`PROBLEMS_KEPT`.
    """

    ok: bool
    entries: int
    head: str
    problems: tuple[str, ...] = ()


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    target: str,
    detail: Mapping[str, Any] | None = None,
    at: datetime,
) -> int:
    """Append an entry to the chain, in the session's transaction, and return its number.

    Args:
        session: a write session; the act and its entry are committed together or not at all.
        actor: who, such as ``coordinator:S03``, ``service`` or ``system``.
        action: what was done, such as ``alarms.acknowledge``.
        target: to what, such as ``alarm:A…``.
        detail: JSON-ready particulars.
        at: when, aware.
    """
    seq, prev_hash = _lock_head(session)
    seq += 1
    text = canonical(detail or {})
    digest = entry_hash(
        seq=seq, at=at, actor=actor, action=action, target=target, detail=text, prev_hash=prev_hash
    )
    session.execute(
        insert(AuditEntry).values(
            seq=seq, at=at, actor=actor, action=action, target=target, detail=text,
            prev_hash=prev_hash, hash=digest,
        )
    )  # fmt: skip
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, hash=digest))
    return seq


def verify(session: Session, *, head_file: Path | None = None) -> Verification:
    """Check the whole chain.

    Without ``head_file`` it finds every edit, deletion, insertion, reordering and cut tail, unless whoever
    did it recomputed all later hashes and the head row. With a head file kept out of their reach, it finds
    that too.

    Args:
        session: a session of one snapshot, or not: entries appended meanwhile do not disturb.
        head_file: a file written by :func:`export_head`; one that does not exist holds no marks.

    Raises:
        ValueError: the head file is not one.
    """
    problems: list[str] = []
    marks = {mark.seq: mark.hash for mark in read_marks(head_file)} if head_file else {}
    before = _read_head(session)
    count, prev_hash, expected = 0, GENESIS, 1
    found_before = before.seq == 0
    for entry in session.scalars(
        select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)
    ):
        count += 1
        problems += _problems_of(entry, expected, prev_hash)
        if entry.seq in marks and marks.pop(entry.seq) != entry.hash:
            problems.append(f"entry {entry.seq} is not the one that the head file marks")
        if entry.seq == before.seq:
            found_before = entry.hash == before.hash
        expected, prev_hash = entry.seq + 1, entry.hash
        session.expunge(entry)
        if len(problems) >= PROBLEMS_KEPT:
            break
    else:
        last = expected - 1
        if not found_before:
            problems.append(f"the head row names entry {before.seq}, which is missing or has another hash")
        if last > before.seq and _read_head(session).seq < last:
            problems.append(f"entries after {before.seq} are not known to the head row")
        problems += [f"entry {seq} that the head file marks is missing" for seq in sorted(marks)]
    return Verification(
        ok=not problems, entries=count, head=prev_hash, problems=tuple(problems[:PROBLEMS_KEPT])
    )


def export_head(session: Session, path: Path, *, at: datetime) -> HeadMark:
    """Write the chain's head to a file, to be kept where the database's owner cannot write, and return it."""
    head = _read_head(session)
    mark = HeadMark(seq=head.seq, hash=head.hash, at=at)
    append_mark(path, mark)
    return mark


def entries_of(session: Session, target: str, *, limit: int = 100) -> list[AuditEntry]:
    """Return the latest entries about ``target``, newest first."""
    query = select(AuditEntry).where(AuditEntry.target == target)
    return list(session.scalars(query.order_by(AuditEntry.seq.desc()).limit(limit)))


@dataclass(frozen=True, kw_only=True)
class _Head:
    seq: int
    hash: str


def _read_head(session: Session) -> _Head:
    row = session.execute(select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1)).one_or_none()
    return _Head(seq=row.seq, hash=row.hash) if row else _Head(seq=0, hash=GENESIS)


def _lock_head(session: Session) -> tuple[int, str]:
    # An update that changes nothing takes the row's lock and reads its newest version, on both databases.
    lock = (
        update(AuditHead)
        .where(AuditHead.id == 1)
        .values(seq=AuditHead.seq)
        .returning(AuditHead.seq, AuditHead.hash)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(lock).one_or_none()
    if row is None:
        make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(make(AuditHead).values(id=1, seq=0, hash=GENESIS).on_conflict_do_nothing())
        row = session.execute(lock).one()
    return row.seq, row.hash


def _problems_of(entry: AuditEntry, expected: int, prev_hash: str) -> list[str]:
    problems = []
    if entry.seq != expected:
        problems.append(f"entries {expected} to {entry.seq - 1} are missing")
    if entry.prev_hash != prev_hash:
        problems.append(f"entry {entry.seq} does not follow the entry before it")
    digest = entry_hash(
        seq=entry.seq, at=entry.at, actor=entry.actor, action=entry.action, target=entry.target,
        detail=entry.detail, prev_hash=entry.prev_hash,
    )  # fmt: skip
    if entry.hash != digest:
        problems.append(f"entry {entry.seq} was edited")
    return problems
