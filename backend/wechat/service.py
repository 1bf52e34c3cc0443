"""What the room of the WeChat channel does: use up signatures, remember answers that are owed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backend.wechat.models import WechatNonce, WechatOwed

AGAIN = timedelta(seconds=30)
"""For how long the platform may send the very same call again: it does so after 5 s, three times at most."""

KEPT = timedelta(minutes=20)
"""How long used signatures are kept: twice the window of their time stamps, either side of now."""

STALE = timedelta(hours=24)
"""How long an answer is owed; later it answers nothing any more."""


def use_nonce(session: Session, *, key: str, message: str, now: datetime) -> bool:
    """Use a signature up for a message; False where it was used for another one, or long ago.

    Args:
        session: a write session.
        key: SHA-256 of time stamp and nonce.
        message: SHA-256 of what was said under it.
        now: the instant, aware.
    """
    session.execute(delete(WechatNonce).where(WechatNonce.seen_at < now - KEPT))
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = session.execute(
        dialect.insert(WechatNonce)
        .values(key=key, message=message, seen_at=now)
        .on_conflict_do_nothing(index_elements=[WechatNonce.key])
        .returning(WechatNonce.key)
    ).scalar_one_or_none()
    if made is not None:
        return True
    used = session.get(WechatNonce, key)
    return used is not None and used.message == message and now - used.seen_at <= AGAIN


def owe(
    session: Session,
    *,
    message_id: str,
    account: str,
    elder_id: str,
    text: str | None,
    media_id: str | None,
    now: datetime,
) -> None:
    """Write down that a message was held and is still to be answered; again, it changes nothing."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(WechatOwed)
        .values(
            message_id=message_id, account=account, elder_id=elder_id, text=text, media_id=media_id,
            created_at=now, told_at=None, told_with="",
        )
        .on_conflict_do_nothing(index_elements=[WechatOwed.message_id])
    )  # fmt: skip


def owed(session: Session, *, account: str | None, now: datetime) -> list[WechatOwed]:
    """Return what is still owed, to an account or to all, the oldest first, at most 100."""
    query = select(WechatOwed).where(WechatOwed.told_at.is_(None), WechatOwed.created_at > now - STALE)
    if account is not None:
        query = query.where(WechatOwed.account == account)
    return list(session.scalars(query.order_by(WechatOwed.created_at, WechatOwed.message_id).limit(100)))


def owed_with(session: Session, message_id: str) -> list[WechatOwed]:
    """Return what was told with a message, the oldest first."""
    query = select(WechatOwed).where(WechatOwed.told_with == message_id)
    return list(session.scalars(query.order_by(WechatOwed.created_at, WechatOwed.message_id)))


def tell(session: Session, message_ids: Sequence[str], *, told_with: str, now: datetime) -> list[str]:
    """Mark answers as told, with a message or by the outbox; return those that nobody told before."""
    told = update(WechatOwed).where(WechatOwed.message_id.in_(message_ids), WechatOwed.told_at.is_(None))
    return list(
        session.scalars(
            told.values(told_at=now, told_with=told_with)
            .returning(WechatOwed.message_id)
            .execution_options(synchronize_session=False)
        )
    )
