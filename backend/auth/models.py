"""Table of who works for the town."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assistant.vocabulary import Role
from backend.database import Base, words


class Staff(Base):
    """Somebody who works for the town; whose work is not tied to a village has none."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(words(Role))
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
