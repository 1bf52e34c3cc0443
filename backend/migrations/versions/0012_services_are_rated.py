"""Finished services are rated; the check-ins of a day are found by their time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "ratings",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "elder",
                "family",
                "caregiver",
                "coordinator",
                "town_admin",
                "provider",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("turn_key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_ratings_stars")),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_ratings_elder_id")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_ratings_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_ratings")),
    )
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ratings_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ratings_elder_id_at"), ["elder_id", "at"], unique=False)
    with op.batch_alter_table("checkin_rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkin_rounds_planned_at"), ["planned_at"], unique=False)


def downgrade() -> None:
    """Go one revision down."""
    with op.batch_alter_table("checkin_rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checkin_rounds_planned_at"))
    with op.batch_alter_table("ratings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ratings_elder_id_at"))
        batch_op.drop_index(batch_op.f("ix_ratings_at"))
    op.drop_table("ratings")
