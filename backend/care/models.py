"""Tables of carers, their skills and hours, and of the half-hours that they have promised."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assistant.vocabulary import CareItem, Mode, identifiers
from backend.database import Base, Json, UtcDateTime

SKILLS: tuple[str, ...] = (*identifiers(CareItem), *identifiers(Mode))
"""What a carer can be able to do: the care items, and keeping company by visit or by call."""

_SKILL_LIST = ", ".join(f"'{skill}'" for skill in SKILLS)


class Carer(Base):
    """A carer; sent to her own village first."""

    __tablename__ = "carers"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    aliases: Mapped[list[str]] = mapped_column(Json, default=list)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")

    skill_rows: Mapped[list[CarerSkill]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    shifts: Mapped[list[CarerShift]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def skills(self) -> list[str]:
        """What the carer can do, in the order of :data:`SKILLS`."""
        return sorted((row.skill for row in self.skill_rows), key=SKILLS.index)

    @skills.setter
    def skills(self, skills: list[str]) -> None:
        self.skill_rows = [CarerSkill(skill=str(skill)) for skill in dict.fromkeys(skills)]


class CarerSkill(Base):
    """One thing that a carer can do: a care item, or company by ``visit`` or ``call``."""

    __tablename__ = "carer_skills"
    __table_args__ = (CheckConstraint(f"skill IN ({_SKILL_LIST})", name="skill"), Index(None, "skill"))

    carer_id: Mapped[str] = mapped_column(ForeignKey("carers.id"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(40), primary_key=True)


class CarerShift(Base):
    """Working hours on one weekday (0 = Monday), in minutes after midnight, town time."""

    __tablename__ = "carer_shifts"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("starts >= 0 AND starts < ends AND ends <= 1440", name="order"),
    )

    carer_id: Mapped[str] = mapped_column(ForeignKey("carers.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(Integer, primary_key=True)
    starts: Mapped[int] = mapped_column(Integer, primary_key=True)
    ends: Mapped[int] = mapped_column(Integer)


class CarerCell(Base):
    """A half-hour of a carer that a request holds: the primary key lets only one. Gone when it lets go."""

    __tablename__ = "carer_cells"

    carer_id: Mapped[str] = mapped_column(ForeignKey("carers.id"), primary_key=True)
    cell: Mapped[datetime] = mapped_column(UtcDateTime(), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("requests.id"), index=True)
