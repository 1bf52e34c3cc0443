"""Tables of facilities, doctors and appointment slots, and of who holds which slot."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assistant.vocabulary import Department
from backend.database import Base, Json, UtcDateTime, words


class Facility(Base):
    """A clinic or hospital."""

    __tablename__ = "facilities"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    aliases: Mapped[list[str]] = mapped_column(Json, default=list)
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"))
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)


class Doctor(Base):
    """A doctor of one department of one facility."""

    __tablename__ = "doctors"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    aliases: Mapped[list[str]] = mapped_column(Json, default=list)
    title: Mapped[str] = mapped_column(String(40), default="")
    department: Mapped[Department] = mapped_column(words(Department))
    facility_id: Mapped[str] = mapped_column(ForeignKey("facilities.id"), index=True)

    facility: Mapped[Facility] = relationship(lazy="joined", innerjoin=True)


class Slot(Base):
    """One appointment that one elder can have with one doctor, from ``start`` to ``end``."""

    __tablename__ = "appointment_slots"
    __table_args__ = (
        UniqueConstraint("doctor_id", "start"),
        Index(None, "start"),
        CheckConstraint('"end" > start', name="order"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    doctor_id: Mapped[str] = mapped_column(ForeignKey("doctors.id"))
    start: Mapped[datetime] = mapped_column(UtcDateTime())
    end: Mapped[datetime] = mapped_column(UtcDateTime())

    doctor: Mapped[Doctor] = relationship(lazy="joined", innerjoin=True)


class SlotHold(Base):
    """That a request holds a slot: the primary key lets only one. Gone when the request lets go."""

    __tablename__ = "slot_holds"

    slot_id: Mapped[str] = mapped_column(ForeignKey("appointment_slots.id"), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("requests.id"), unique=True)
