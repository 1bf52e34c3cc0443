"""Table of shifts: who of the town's staff is on duty, from when until when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, UtcDateTime


class Shift(Base):
    """A coordinator's time on duty. ``village_id`` is hers when it was written; None is the whole town."""

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index(None, "ends_at", "starts_at"),
        Index(None, "staff_id", "starts_at", unique=True),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime())
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
