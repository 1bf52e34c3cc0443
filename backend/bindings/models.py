"""Tables of who is bound to whom: accounts of channels, the codes that bind them, and tries at codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Word
from backend.database import Base, Json, UtcDateTime, words

_LIVE = text("revoked_at IS NULL")


class BindingKind(Word):
    """Who stands behind an account."""

    ELDER = ("elder", "长者本人")
    FAMILY = ("family", "家属")


class Share(Word):
    """What an elder lets a relative see, or do."""

    ASKED = ("asked", "要过的事")
    MEALS = ("meals", "吃饭")
    PLANS = ("plans", "约好的事")
    CHECKINS = ("checkins", "问候平安")
    ALARMS = ("alarms", "警报")
    ORDER = ("order", "代为订饭")


class Binding(Base):
    """An account of a channel that stands for an elder or for a relative; ended ones stay, as a record.

    ``consent`` says in words how the elder agreed; ``consent_at`` is when that was written down. ``shares``
    holds what she lets a relative see and do (identifiers of Share); None is all of it. Of a relative's
    bindings, the one that was chosen last is whom she speaks about.
    """

    __tablename__ = "bindings"
    __table_args__ = (
        # An account is bound to an elder once at a time.
        Index(
            "uq_bindings_live", "channel", "account", "elder_id",
            unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE,
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    account: Mapped[str] = mapped_column(String(128))
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"), index=True)
    kind: Mapped[BindingKind] = mapped_column(words(BindingKind))
    name: Mapped[str] = mapped_column(String(100), default="")
    relation: Mapped[str] = mapped_column(String(40), default="")
    consent: Mapped[str] = mapped_column(Text)
    consent_at: Mapped[datetime] = mapped_column(UtcDateTime())
    shares: Mapped[list[str] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime())
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revoked_by: Mapped[str | None] = mapped_column(String(100))
    revoked_why: Mapped[str] = mapped_column(String(200), default="")


class BindCode(Base):
    """A code that binds one account, once, until it expires; it is kept as a hash."""

    __tablename__ = "bind_codes"
    __table_args__ = (Index(None, "code_sha256"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    code_sha256: Mapped[str] = mapped_column(String(64))
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"), index=True)
    kind: Mapped[BindingKind] = mapped_column(words(BindingKind))
    name: Mapped[str] = mapped_column(String(100), default="")
    relation: Mapped[str] = mapped_column(String(40), default="")
    consent: Mapped[str] = mapped_column(Text)
    shares: Mapped[list[str] | None] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    created_by: Mapped[str] = mapped_column(String(100))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    binding_id: Mapped[str | None] = mapped_column(ForeignKey("bindings.id"))


class BindTry(Base):
    """How often a code was tried in a stretch of time, by an account, from an address, in the whole town."""

    __tablename__ = "bind_tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime(), primary_key=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)
