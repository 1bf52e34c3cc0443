"""Times of reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "reminder_occurrences",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("reminder_id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "said",
                "snoozed",
                "taken",
                "heard",
                "refused",
                "no_answer",
                "late",
                "withdrawn",
                name="occurrencestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("snoozes", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("turn_key", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_reminder_occurrences_elder_id")),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminders.id"], name=op.f("fk_reminder_occurrences_reminder_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_occurrences")),
        sa.UniqueConstraint("reminder_id", "due_at", name=op.f("uq_reminder_occurrences_reminder_id_due_at")),
    )
    with op.batch_alter_table("reminder_occurrences", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reminder_occurrences_elder_id_state_said_at"),
            ["elder_id", "state", "said_at"],
            unique=False,
        )


def downgrade() -> None:
    """Go one revision down."""
    with op.batch_alter_table("reminder_occurrences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminder_occurrences_elder_id_state_said_at"))

    op.drop_table("reminder_occurrences")
