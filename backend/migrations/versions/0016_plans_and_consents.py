"""Care plans, consents, and what was decided of proposed tags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "care_goals",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("services", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("state", _words("goalstate", "active", "reached", "dropped"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_care_goals_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_goals")),
    )
    with op.batch_alter_table("care_goals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_care_goals_elder_id_state"), ["elder_id", "state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_care_goals_state_review_on"), ["state", "review_on"], unique=False
        )
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            _words("consentkind", "keep_audio", "share_health", "tell_family", "enter_home", "photo"),
            nullable=False,
        ),
        sa.Column("given_by", sa.String(length=60), nullable=False),
        sa.Column("how", sa.String(length=200), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=100), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=100), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_consents_elder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_elder_id_kind"), ["elder_id", "kind"], unique=False)
    op.create_table(
        "tag_decisions",
        sa.Column("elder_id", sa.String(length=64), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["elder_id"], ["elders.id"], name=op.f("fk_tag_decisions_elder_id")),
        sa.PrimaryKeyConstraint("elder_id", "tag", name=op.f("pk_tag_decisions")),
    )


def downgrade() -> None:
    """Go one revision down."""
    op.drop_table("tag_decisions")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_elder_id_kind"))
    op.drop_table("consents")
    with op.batch_alter_table("care_goals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_care_goals_state_review_on"))
        batch_op.drop_index(batch_op.f("ix_care_goals_elder_id_state"))
    op.drop_table("care_goals")
