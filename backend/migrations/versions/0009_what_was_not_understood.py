"""What was not understood is explained and reviewed; the log's figures come from one index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FALSE = {"postgresql": "FALSE", "sqlite": "0"}


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "corrections",
        sa.Column(
            "turn_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("heard_as", sa.String(length=40), nullable=True),
        sa.Column("intent", sa.String(length=40), nullable=True),
        sa.Column("alias", sa.String(length=30), nullable=False),
        sa.Column(
            "alias_kind",
            sa.Enum(
                "dish",
                "canteen",
                "facility",
                "doctor",
                "carer",
                "village",
                name="aliaskind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("alias_of", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "accepted",
                "dismissed",
                "withdrawn",
                name="correctionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.String(length=100), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_corrections_turn_id")),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_corrections")),
    )
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_corrections_state_turn_id"), ["state", "turn_id"], unique=False)

    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repaired", sa.Boolean(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_turns_received_at"))
        batch_op.create_index(
            "ix_turns_figures", ["received_at", "confidence", "intent", "repaired", "elder_id"], unique=False
        )

    if op.get_bind().dialect.name == "postgresql":
        repaired = "result->>'repaired'"
    else:
        repaired = "json_extract(result, '$.repaired')"
    op.execute(
        f"UPDATE turns SET repaired = COALESCE({repaired} <> text, {_FALSE[op.get_bind().dialect.name]})"  # noqa: S608
        " WHERE intent IS NOT NULL"
    )


def downgrade() -> None:
    """Go one revision down."""
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_index("ix_turns_figures")
        batch_op.create_index(batch_op.f("ix_turns_received_at"), ["received_at"], unique=False)
        batch_op.drop_column("repaired")

    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_corrections_state_turn_id"))

    op.drop_table("corrections")
