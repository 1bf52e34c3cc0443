"""Speakers in the homes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "satellites",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_satellites_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_satellites")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_satellites_token_sha256")),
    )
    with op.batch_alter_table("satellites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_satellites_elder_id"), ["elder_id"], unique=False)


def downgrade() -> None:
    """Go one revision down."""
    with op.batch_alter_table("satellites", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_satellites_elder_id"))
    op.drop_table("satellites")
