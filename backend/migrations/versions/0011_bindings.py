"""Accounts of channels that stand for elders and relatives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)


def _kind() -> sa.Enum:
    return sa.Enum(
        "elder", "family", name="bindingkind", native_enum=False, create_constraint=True, length=40
    )


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "bindings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("consent_at", _AT, nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("chosen_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=True),
        sa.Column("revoked_at", _AT, nullable=True),
        sa.Column("revoked_by", sa.String(length=100), nullable=True),
        sa.Column("revoked_why", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_bindings_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bindings")),
    )
    live = sa.text("revoked_at IS NULL")
    with op.batch_alter_table("bindings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bindings_elder_id"), ["elder_id"], unique=False)
        batch_op.create_index(
            "uq_bindings_live",
            ["channel", "account", "elder_id"],
            unique=True,
            sqlite_where=live,
            postgresql_where=live,
        )

    op.create_table(
        "bind_codes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("created_at", _AT, nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("used_at", _AT, nullable=True),
        sa.Column("revoked_at", _AT, nullable=True),
        sa.Column("binding_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_bind_codes_elder_id")),
        sa.ForeignKeyConstraint(["binding_id"], ["bindings.id"], name=op.f("fk_bind_codes_binding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bind_codes")),
    )
    with op.batch_alter_table("bind_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bind_codes_code_sha256"), ["code_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_bind_codes_elder_id"), ["elder_id"], unique=False)

    op.create_table(
        "bind_tries",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("begun_at", _AT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "begun_at", name=op.f("pk_bind_tries")),
    )


def downgrade() -> None:
    """Go one revision down."""
    op.drop_table("bind_tries")
    op.drop_table("bind_codes")
    op.drop_table("bindings")
