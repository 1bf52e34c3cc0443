"""The log is filtered by intent and confidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision up."""
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confidence", sa.Float(), nullable=True))
        batch_op.create_index(
            "ix_requests_log",
            ["created_at", "id", "elder_id", "kind", "state", "start", "carer_id", "confidence"],
            unique=False,
        )
        batch_op.create_index(
            "ix_requests_log_of_state", ["state", "created_at", "id", "elder_id"], unique=False
        )

    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("intent", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("confidence", sa.Float(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_turns_confidence_id_elder_id"), ["confidence", "id", "elder_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_turns_intent_id_elder_id"), ["intent", "id", "elder_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_turns_received_at"), ["received_at"], unique=False)

    # What was answered before has them in its result.
    if op.get_bind().dialect.name == "postgresql":
        intent, confidence = "result->>'intent'", "(result->>'confidence')::float"
    else:
        intent, confidence = "json_extract(result, '$.intent')", "json_extract(result, '$.confidence')"
    op.execute(
        f"UPDATE turns SET intent = {intent}, confidence = {confidence} WHERE {intent} IS NOT NULL"  # noqa: S608
    )


def downgrade() -> None:
    """Go one revision down."""
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_turns_received_at"))
        batch_op.drop_index(batch_op.f("ix_turns_intent_id_elder_id"))
        batch_op.drop_index(batch_op.f("ix_turns_confidence_id_elder_id"))
        batch_op.drop_column("confidence")
        batch_op.drop_column("intent")

    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index("ix_requests_log_of_state")
        batch_op.drop_index("ix_requests_log")
        batch_op.drop_column("confidence")
