"""Neighbourhood points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision up."""
    op.create_table(
        "neighbourhood_points",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("village_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("offers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180",
            name=op.f("ck_neighbourhood_points_on_earth"),
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["villages.id"], name=op.f("fk_neighbourhood_points_village_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbourhood_points")),
        sa.UniqueConstraint("name", name=op.f("uq_neighbourhood_points_name")),
    )
    with op.batch_alter_table("neighbourhood_points", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_neighbourhood_points_village_id"), ["village_id"], unique=False)


def downgrade() -> None:
    """Go one revision down."""
    with op.batch_alter_table("neighbourhood_points", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_neighbourhood_points_village_id"))
    op.drop_table("neighbourhood_points")
