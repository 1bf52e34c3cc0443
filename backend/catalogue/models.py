"""Tables of canteens, dishes and menus, of what is left of them, and of who holds how much."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assistant.vocabulary import Meal
from backend.database import Base, Json, words


class Canteen(Base):
    """A canteen that cooks for one or more villages."""

    __tablename__ = "canteens"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    aliases: Mapped[list[str]] = mapped_column(Json, default=list)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)


class CanteenVillage(Base):
    """That a canteen serves a village, and how far it is in metres."""

    __tablename__ = "canteen_villages"

    canteen_id: Mapped[str] = mapped_column(ForeignKey("canteens.id"), primary_key=True)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), primary_key=True, index=True)
    distance_m: Mapped[int] = mapped_column(Integer, default=0)


class Dish(Base):
    """A dish; ``traits`` holds identifiers of Trait and is what the wire calls ``tags``."""

    __tablename__ = "dishes"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    aliases: Mapped[list[str]] = mapped_column(Json, default=list)
    traits: Mapped[list[str]] = mapped_column(Json, default=list)


class Menu(Base):
    """What a canteen cooks for one meal of one day; the CHECKs decide who gets the last portion.

    ``capacity`` counts meals (people fed), ``set_portions`` set meals; ``…_left`` is what nobody holds yet.
    """

    __tablename__ = "menus"
    __table_args__ = (
        UniqueConstraint("canteen_id", "day", "meal"),
        Index(None, "day", "meal"),
        CheckConstraint("capacity_left >= 0 AND capacity_left <= capacity", name="capacity"),
        CheckConstraint("set_left >= 0 AND set_left <= set_portions", name="set_portions"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    canteen_id: Mapped[str] = mapped_column(ForeignKey("canteens.id"))
    day: Mapped[date] = mapped_column(Date)
    meal: Mapped[Meal] = mapped_column(words(Meal))
    capacity: Mapped[int] = mapped_column(Integer)
    capacity_left: Mapped[int] = mapped_column(Integer)
    set_price_fen: Mapped[int] = mapped_column(Integer, default=0)
    set_portions: Mapped[int] = mapped_column(Integer, default=0)
    set_left: Mapped[int] = mapped_column(Integer, default=0)

    canteen: Mapped[Canteen] = relationship(lazy="joined", innerjoin=True)
    items: Mapped[list[MenuItem]] = relationship(
        lazy="selectin", order_by="MenuItem.position", back_populates="menu", cascade="all, delete-orphan"
    )


class MenuItem(Base):
    """One dish of a menu: its price in fen, its portions, how many are left; ``in_set``: in the set meal."""

    __tablename__ = "menu_items"
    __table_args__ = (
        UniqueConstraint("menu_id", "dish_id"),
        CheckConstraint('"left" >= 0 AND "left" <= portions', name="portions"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    menu_id: Mapped[str] = mapped_column(ForeignKey("menus.id"))
    dish_id: Mapped[str] = mapped_column(ForeignKey("dishes.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    price_fen: Mapped[int] = mapped_column(Integer)
    portions: Mapped[int] = mapped_column(Integer)
    left: Mapped[int] = mapped_column(Integer)
    in_set: Mapped[bool] = mapped_column(Boolean, default=False)

    menu: Mapped[Menu] = relationship(back_populates="items")
    dish: Mapped[Dish] = relationship(lazy="joined", innerjoin=True)


class MealHold(Base):
    """What a meal request holds of a menu's capacity and set meals; gone when the request lets go."""

    __tablename__ = "meal_holds"

    request_id: Mapped[str] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    menu_id: Mapped[str] = mapped_column(ForeignKey("menus.id"), index=True)
    meals: Mapped[int] = mapped_column(Integer)
    sets: Mapped[int] = mapped_column(Integer)


class DishHold(Base):
    """What a meal request holds of one dish, in portions."""

    __tablename__ = "dish_holds"

    request_id: Mapped[str] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    menu_item_id: Mapped[str] = mapped_column(ForeignKey("menu_items.id"), primary_key=True, index=True)
    portions: Mapped[int] = mapped_column(Integer)
