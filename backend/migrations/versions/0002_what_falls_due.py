"""What falls due, messages, addresses and ladders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "addresses",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "feed",
                "speaker",
                "chat",
                "email",
                "webhook",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint("owner", "channel", "value", name=op.f("uq_addresses_owner_channel_value")),
    )
    op.create_table(
        "due",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "claimed",
                "done",
                "failed",
                "withdrawn",
                name="duestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=100), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "kept",
                "told",
                "escalated",
                "not_needed",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due")),
        sa.UniqueConstraint("key", name=op.f("uq_due_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.create_index(
            "ix_due_open",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('pending', 'claimed')"),
            postgresql_where=sa.text("state IN ('pending', 'claimed')"),
        )
        batch_op.create_index(batch_op.f("ix_due_state_ended_at"), ["state", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_due_subject_id_id"), ["subject_id", "id"], unique=False)

    op.create_table(
        "worker_beats",
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("lane", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_beats")),
    )
    op.create_table(
        "messages",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "to_role",
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
        sa.Column("to_id", sa.String(length=100), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=True),
        sa.Column("village_id", sa.String(length=64), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "feed",
                "speaker",
                "chat",
                "email",
                "webhook",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "why",
            sa.Enum(
                "alarm",
                "reminder",
                "checkin",
                "request",
                "engine",
                name="why",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why_id", sa.String(length=64), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("loud", sa.Boolean(), nullable=False),
        sa.Column("asks", sa.String(length=40), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sent",
                "failed",
                "expired",
                name="messagestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_messages_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_messages_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_channel_id"), ["channel", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_elder_id_id"), ["elder_id", "id"], unique=False)
        batch_op.create_index(
            "ix_messages_pending",
            ["elder_id", "channel", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.create_index(
            "ix_messages_standing",
            ["id"],
            unique=False,
            sqlite_where=sa.text("standing AND resolved_at IS NULL"),
            postgresql_where=sa.text("standing AND resolved_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_messages_village_id"), ["village_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_why_why_id_id"), ["why", "why_id", "id"], unique=False)

    op.create_table(
        "ladders",
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("rungs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("repeat_s", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_ladders_elder_id")),
        sa.PrimaryKeyConstraint("elder_id", name=op.f("pk_ladders")),
    )
    with op.batch_alter_table("alarm_events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("step", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Go one revision down."""
    with op.batch_alter_table("alarm_events", schema=None) as batch_op:
        batch_op.drop_column("step")

    op.drop_table("ladders")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_why_why_id_id"))
        batch_op.drop_index(batch_op.f("ix_messages_village_id"))
        batch_op.drop_index(
            "ix_messages_standing",
            sqlite_where=sa.text("standing AND resolved_at IS NULL"),
            postgresql_where=sa.text("standing AND resolved_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_messages_pending",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index(batch_op.f("ix_messages_elder_id_id"))
        batch_op.drop_index(batch_op.f("ix_messages_channel_id"))

    op.drop_table("messages")
    op.drop_table("worker_beats")
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_due_subject_id_id"))
        batch_op.drop_index(batch_op.f("ix_due_state_ended_at"))
        batch_op.drop_index(
            "ix_due_open",
            sqlite_where=sa.text("state IN ('pending', 'claimed')"),
            postgresql_where=sa.text("state IN ('pending', 'claimed')"),
        )

    op.drop_table("due")
    op.drop_table("addresses")
