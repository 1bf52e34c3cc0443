"""Tables of the audit: the entries of the chain, and its head kept apart so that a cut tail is noticed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, SmallInteger, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from backend.audit.triggers import install
from backend.database import Base, UtcDateTime

HASH_LENGTH = 64
"""Hexadecimal digits of a SHA-256."""

GENESIS = "0" * HASH_LENGTH
"""The hash before the first entry."""


class AuditEntry(Base):
    """One act. ``hash`` covers everything else here; ``prev_hash`` is the hash of the entry before."""

    __tablename__ = "audit_entries"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime())
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(200), index=True)
    # Text, not JSON: the hash is over these very characters, and jsonb would rewrite numbers.
    detail: Mapped[str] = mapped_column(Text)
    prev_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)


class AuditHead(Base):
    """The last entry's number and hash; one row, whose lock puts writers of the chain in a queue."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH))


# Wherever the tables are made without migrations, they are guarded from their first moment.
event.listen(AuditHead.__table__, "after_create", lambda _table, connection, **_: install(connection))
AuditHead.__table__.add_is_dependent_on(AuditEntry.__table__)  # type: ignore[attr-defined]
