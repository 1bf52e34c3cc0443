"""What an elder lets a relative see and do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.database import Json

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one revision up."""
    for table in ("bindings", "bind_codes"):
        with op.batch_alter_table(table) as altered:
            altered.add_column(sa.Column("shares", Json, nullable=True))


def downgrade() -> None:
    """Go one revision down."""
    for table in ("bindings", "bind_codes"):
        with op.batch_alter_table(table) as altered:
            altered.drop_column("shares")
