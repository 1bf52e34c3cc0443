"""Tables of who works for the town, their accounts, their sign-ins and their saved views."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Role, Word
from backend.database import Base, UtcDateTime, words


class Staff(Base):
    """Somebody who works for the town; whose work is not tied to a village has none."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(words(Role))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")


class Account(Base):
    """A person's way in. ``id`` is what is written wherever she did something; it is never given again."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(words(Role))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"))
    carer_id: Mapped[str | None] = mapped_column(ForeignKey("carers.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(Boolean, default=True)
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)
    # The second factor's secret (base 32) and the last time step that was used, so that no code counts twice.
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed: Mapped[bool] = mapped_column(Boolean, default=False)
    totp_last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class Stage(Word):
    """How far a sign-in has come."""

    SECOND_FACTOR = ("second_factor", "等待动态码")
    CHANGE_PASSWORD = ("change_password", "等待改密码")
    ENROL = ("enrol", "等待绑定动态码")
    IN = ("in", "已登录")


class SignIn(Base):
    """A session of the console; the cookie's secret is kept as its SHA-256 only."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index(None, "account_id"), Index(None, "seen_at"))

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    stage: Mapped[Stage] = mapped_column(words(Stage))
    csrf: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime())
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
    failed_codes: Mapped[int] = mapped_column(Integer, default=0)


class SignInAttempt(Base):
    """A try that failed, for as long as it counts; names and addresses are kept as hashes."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "key", "at"), Index(None, "at"))

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime())


class SavedView(Base):
    """A set of filters that somebody gave a name."""

    __tablename__ = "saved_views"
    __table_args__ = (Index(None, "account_id", "page"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    page: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
