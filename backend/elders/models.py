"""Tables of the town, its villages, its elders, their contacts and tags, and their readings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assistant.vocabulary import ReadingKind
from backend.database import Base, Json, UtcDateTime, words
from backend.elders.words import Gender, Hearing, Living


class Town(Base):
    """The one town of a database, and whether all that it holds is demo data."""

    __tablename__ = "town"
    __table_args__ = (CheckConstraint("id = 1", name="one_town"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, default=1)
    name: Mapped[str] = mapped_column(String(100))
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)


class Village(Base):
    """A village or neighbourhood; ``lat`` and ``lon`` in degrees (WGS 84)."""

    __tablename__ = "villages"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    aliases: Mapped[list[str]] = mapped_column(Json, default=list)
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)


class Elder(Base):
    """An elder. ``called`` is how she is addressed (王奶奶); ``diet`` holds identifiers of Diet."""

    __tablename__ = "elders"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    called: Mapped[str] = mapped_column(String(100))
    gender: Mapped[Gender] = mapped_column(words(Gender))
    birth_year: Mapped[int | None] = mapped_column(Integer)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    living: Mapped[Living] = mapped_column(words(Living))
    hearing: Mapped[Hearing] = mapped_column(words(Hearing), default=Hearing.GOOD)
    conditions: Mapped[list[str]] = mapped_column(Json, default=list)
    diet: Mapped[list[str]] = mapped_column(Json, default=list)
    preferences: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False)

    village: Mapped[Village] = relationship(lazy="joined", innerjoin=True)
    contacts: Mapped[list[Contact]] = relationship(
        lazy="selectin", order_by="Contact.position", cascade="all, delete-orphan"
    )
    tag_rows: Mapped[list[ElderTag]] = relationship(
        lazy="selectin", order_by="ElderTag.tag", cascade="all, delete-orphan"
    )

    @property
    def tags(self) -> list[str]:
        """The elder's tags, sorted."""
        return sorted(row.tag for row in self.tag_rows)

    @tags.setter
    def tags(self, tags: list[str]) -> None:
        self.tag_rows = [ElderTag(tag=tag) for tag in sorted(set(tags))]


class Contact(Base):
    """Somebody to call for an elder, in the order of ``position`` (1 first)."""

    __tablename__ = "elder_contacts"

    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    relation: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(40))


class ElderTag(Base):
    """A tag of an elder, by which elders are filtered."""

    __tablename__ = "elder_tags"
    __table_args__ = (Index(None, "tag", "elder_id"),)

    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(60), primary_key=True)
    # Where it comes from and since when; empty for what was there from the beginning.
    source: Mapped[str | None] = mapped_column(String(100))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime())
    until: Mapped[date | None] = mapped_column(Date)


class TagDecision(Base):
    """What a person decided of a tag that was proposed from an elder's words."""

    __tablename__ = "tag_decisions"

    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(60), primary_key=True)
    accepted: Mapped[bool] = mapped_column(Boolean)
    said: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UtcDateTime())


class ElderReading(Base):
    """A measured value. Blood pressure has systolic in ``value`` and diastolic in ``value2``, in mmHg."""

    __tablename__ = "readings"
    __table_args__ = (Index(None, "elder_id", "kind", "measured_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    elder_id: Mapped[str] = mapped_column(ForeignKey("elders.id"))
    kind: Mapped[ReadingKind] = mapped_column(words(ReadingKind))
    value: Mapped[float] = mapped_column(Float)
    value2: Mapped[float | None] = mapped_column(Float)
    unit: Mapped[str] = mapped_column(String(20))
    said: Mapped[str] = mapped_column(Text, default="")
    turn_key: Mapped[str] = mapped_column(String(200), index=True)
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime())


def age(birth_year: int, today: date) -> int:
    """Return the age in years as villages count it, by the year of birth alone."""
    return today.year - birth_year
