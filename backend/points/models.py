"""Table of neighbourhood points."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Json


class Point(Base):
    """A neighbourhood point; ``lat`` and ``lon`` in degrees (WGS 84), ``offers`` what there is, in words."""

    __tablename__ = "neighbourhood_points"
    __table_args__ = (
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="on_earth"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), index=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    lat: Mapped[float] = mapped_column(Float)
    lon: Mapped[float] = mapped_column(Float)
    offers: Mapped[list[str]] = mapped_column(Json)
