"""The WeChat channel: used signatures, owed answers, and messages that go out by it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_CHANNELS = ("feed", "speaker", "chat", "email", "webhook")
_WHYS = ("alarm", "reminder", "checkin", "request", "engine")


def _allow(table: str, column: str, name: str, words: tuple[str, ...]) -> None:
    """Let a column hold other words than before; on SQLite the table is written anew."""
    listed = ", ".join(f"'{word}'" for word in words)
    keeps = {"sqlite_autoincrement": True} if table == "messages" else {}
    with op.batch_alter_table(table, table_kwargs=keeps) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(f"{column} IN ({listed})"))


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "wechat_nonces",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("message", sa.String(length=64), nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wechat_nonces")),
    )
    op.create_index(op.f("ix_wechat_nonces_seen_at"), "wechat_nonces", ["seen_at"])
    op.create_table(
        "wechat_owed",
        sa.Column("message_id", sa.String(length=159), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("media_id", sa.String(length=200), nullable=True),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("told_at", _AT, nullable=True),
        sa.Column("told_with", sa.String(length=159), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_wechat_owed")),
    )
    untold = sa.text("told_at IS NULL")
    op.create_index(
        "ix_wechat_owed_untold", "wechat_owed", ["account"], sqlite_where=untold, postgresql_where=untold
    )
    _allow("messages", "channel", "channel", (*_CHANNELS, "wechat"))
    _allow("messages", "why", "why", (*_WHYS, "reply"))
    _allow("addresses", "channel", "channel", (*_CHANNELS, "wechat"))


def downgrade() -> None:
    """Go one revision down: messages by this channel go, too."""
    op.execute("DELETE FROM messages WHERE channel = 'wechat' OR why = 'reply'")
    op.execute("DELETE FROM addresses WHERE channel = 'wechat'")
    _allow("messages", "channel", "channel", _CHANNELS)
    _allow("messages", "why", "why", _WHYS)
    _allow("addresses", "channel", "channel", _CHANNELS)
    op.drop_table("wechat_owed")
    op.drop_table("wechat_nonces")
