"""Rhythms and rounds of check-ins, and what was said to answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "answered",
        sa.Column("turn", sa.String(length=64), nullable=False),
        sa.Column("replies", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("turn", name=op.f("pk_answered")),
    )
    op.create_table(
        "checkin_rhythms",
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("times", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_checkin_rhythms_elder_id")),
        sa.PrimaryKeyConstraint("elder_id", name=op.f("pk_checkin_rhythms")),
    )
    op.create_table(
        "checkin_rounds",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "asked_again",
                "family_told",
                "people_told",
                "answered",
                "heard",
                "visited",
                "late",
                name="roundstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("mood", sa.String(length=100), nullable=False),
        sa.Column("follow_up", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("checkin_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["checkin_id"], ["checkins.id"], name=op.f("fk_checkin_rounds_checkin_id")),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_checkin_rounds_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_rounds")),
        sa.UniqueConstraint("elder_id", "planned_at", name=op.f("uq_checkin_rounds_elder_id_planned_at")),
    )
    with op.batch_alter_table("checkin_rounds", schema=None) as batch_op:
        batch_op.create_index(
            "ix_checkin_rounds_unsettled",
            ["elder_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('asked', 'asked_again', 'family_told', 'people_told')"),
            postgresql_where=sa.text("state IN ('asked', 'asked_again', 'family_told', 'people_told')"),
        )


def downgrade() -> None:
    """Go one revision down."""
    with op.batch_alter_table("checkin_rounds", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_checkin_rounds_unsettled",
            sqlite_where=sa.text("state IN ('asked', 'asked_again', 'family_told', 'people_told')"),
            postgresql_where=sa.text("state IN ('asked', 'asked_again', 'family_told', 'people_told')"),
        )

    op.drop_table("checkin_rounds")
    op.drop_table("checkin_rhythms")
    op.drop_table("answered")
