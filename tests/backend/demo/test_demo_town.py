"""The demo town: it is whole, the same everywhere, marked as invented, and lives on from day to day."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.vocabulary import CareItem, Department, Diet, Meal, Mode
from backend.appointments.models import Doctor, Facility, Slot
from backend.auth import service as auth
from backend.care import service as care
from backend.care.models import Carer
from backend.catalogue.diet_rules import clashes
from backend.catalogue.models import Canteen, CanteenVillage, Dish, Menu
from backend.clock import TOWN_ZONE, in_town, town_day
from backend.database import Database, word_of
from backend.demo import extend, seed
from backend.demo.seeding import distance_m
from backend.elders.models import Elder, Town, Village
from backend.elders.town import mark_town

NOW = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
"""A Monday."""

DAYS = [town_day(NOW) + timedelta(days=number) for number in range(14)]

POPULAR = {"红烧肉", "清蒸鱼", "番茄炒蛋", "麻婆豆腐", "青菜豆腐", "白切鸡", "狮子头", "冬瓜排骨汤"}
BREAKFAST = {"白米粥", "菜包", "肉包", "豆浆"}
DISHES = POPULAR | BREAKFAST | {
    "土豆烧牛肉", "糖醋排骨", "肉末蒸蛋", "香菇青菜", "红烧带鱼", "酱鸭", "雪菜肉丝面", "小馄饨", "南瓜粥",
    "皮蛋瘦肉粥", "八宝饭", "丝瓜毛豆", "凉拌黄瓜", "清炒虾仁", "萝卜骨头汤", "蒸南瓜",
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demo town as it is on its first day; for reading only."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}")
    database.create_all()
    assert seed(database, now=NOW)
    yield database
    database.dispose()


@pytest.fixture
def session(demo: Database) -> Iterator[Session]:
    with demo.session() as opened:
        yield opened


def test_it_is_seeded_once_and_marked(database: Database) -> None:
    began = time.process_time()
    assert seed(database, now=NOW)
    assert time.process_time() - began < 8, "seconds of computing; measured 0.9 on a quiet machine"
    assert not seed(database, now=NOW + timedelta(days=1))
    with database.session() as session:
        town = session.get_one(Town, 1)
        elders = session.scalars(select(Elder)).all()
    assert (town.name, town.is_demo) == ("康安镇(演示)", True)
    assert len(elders) == 240
    assert all(elder.is_demo for elder in elders)


def test_two_processes_that_seed_at_once_seed_one_town(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        seeded = list(pool.map(lambda database: seed(database, now=NOW), databases))
    assert sorted(seeded) == [False, True]
    for database in databases:
        database.dispose()


def test_a_real_town_is_left_alone(database: Database) -> None:
    with database.write() as session:
        mark_town(session, name="康安镇", is_demo=False)
    with pytest.raises(ValueError, match="real data"):
        seed(database, now=NOW)
    assert extend(database, now=NOW) == 0
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Elder)) == 0


def test_the_same_chance_gives_the_same_elders_and_another_gives_others(
    demo: Database, tmp_path: Path
) -> None:
    def names(random: Random | None, file: str) -> list[tuple[str, list[str]]]:
        database = Database(f"sqlite:///{tmp_path / file}")
        database.create_all()
        seed(database, now=NOW, random=random)
        with database.session() as session:
            found = [(e.name, e.conditions) for e in session.scalars(select(Elder).order_by(Elder.id))]
        database.dispose()
        return found

    with demo.session() as session:
        first = [(e.name, e.conditions) for e in session.scalars(select(Elder).order_by(Elder.id))]
    assert names(None, "same.db") == first
    assert names(Random(1), "other.db") != first


def test_wang_xiuying_is_as_the_examples_know_her(session: Session) -> None:
    elder = session.get_one(Elder, "E0007")
    assert (elder.name, elder.called, elder.birth_year) == ("王秀英", "王奶奶", 1946)
    assert (str(elder.living), str(elder.hearing)) == ("alone", "weak")
    assert (elder.conditions, elder.diet) == (["高血压"], ["low_salt"])
    assert [contact.relation for contact in elder.contacts] == ["女儿"]
    assert "独居" in elder.tags


def test_low_salt_goes_against_the_salty_dishes_only(session: Session) -> None:
    salty = {dish.name for dish in session.scalars(select(Dish)) if clashes(dish.traits, [Diet.LOW_SALT])}
    assert salty == {"酱鸭", "雪菜肉丝面"}


def test_elders_are_varied_and_reachable(session: Session) -> None:
    elders = session.scalars(select(Elder)).all()
    assert len({elder.name for elder in elders}) == 240
    assert len({elder.id for elder in elders}) == 240
    assert Counter(elder.village_id for elder in elders) == {f"V{n:02d}": 20 for n in range(1, 13)}
    assert all(elder.contacts and elder.address and elder.called[0] == elder.name[0] for elder in elders)
    phones = [c.phone for e in elders for c in e.contacts] + [e.phone for e in elders]
    assert all(phone.startswith("130 0000 ") for phone in phones)
    assert len(set(phones)) == len(phones)
    living = Counter(str(elder.living) for elder in elders)
    assert min(living["alone"], living["with_spouse"], living["with_children"]) >= 40
    assert {str(elder.hearing) for elder in elders} >= {"good", "weak", "aided"}
    conditions = Counter(condition for elder in elders for condition in elder.conditions)
    assert {"高血压", "糖尿病", "冠心病", "关节炎", "白内障", "慢阻肺", "中风后遗症"} <= set(conditions)


def test_diet_limits_follow_from_the_illnesses(session: Session) -> None:
    for elder in session.scalars(select(Elder)):
        assert [str(word_of(Diet, limit)) for limit in elder.diet] == elder.diet
        assert "糖尿病" not in elder.conditions or "low_sugar" in elder.diet
        assert "高血压" not in elder.conditions or "low_salt" in elder.diet
        assert "中风后遗症" not in elder.conditions or "soft" in elder.diet


def test_every_village_has_a_place_and_one_canteen(session: Session) -> None:
    villages = session.scalars(select(Village)).all()
    assert len(villages) == 12
    assert all(30 < (v.lat or 0) < 32 and 120 < (v.lon or 0) < 121 for v in villages)
    served = Counter(session.scalars(select(CanteenVillage.village_id)))
    assert served == {village.id: 1 for village in villages}
    assert all(0 <= row.distance_m < 5000 for row in session.scalars(select(CanteenVillage)))


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_m({"lat": 30.0, "lon": 120.0}, {"lat": 31.0, "lon": 120.0}) == pytest.approx(
        111_195, abs=5
    )


def test_every_dish_that_was_asked_for_is_cooked_in_a_fortnight(session: Session) -> None:
    assert session.scalar(select(func.count()).select_from(Canteen)) == 5
    cooked = {item.dish.name for menu in session.scalars(select(Menu)) for item in menu.items}
    assert cooked >= DISHES
    names = [n for dish in session.scalars(select(Dish)) for n in (dish.name, *dish.aliases)]
    assert len(set(names)) == len(names), "no name means two dishes"
    assert all(dish.aliases for dish in session.scalars(select(Dish)))


def test_every_menu_of_the_fortnight_has_what_people_always_ask_for(session: Session) -> None:
    menus = session.scalars(select(Menu)).all()
    assert len(menus) == 5 * 14 * 3
    for menu in menus:
        names = {item.dish.name for item in menu.items}
        assert names >= (BREAKFAST if menu.meal is Meal.BREAKFAST else POPULAR)
        assert len(names) >= 9
        assert menu.capacity_left == menu.capacity >= 80
        assert all(item.left == item.portions >= 40 and item.price_fen >= 200 for item in menu.items)


def test_menus_change_from_day_to_day(session: Session) -> None:
    of_c01 = select(Menu).where(Menu.canteen_id == "C01", Menu.meal == Meal.LUNCH).order_by(Menu.day)
    lunches = [frozenset(item.dish.name for item in menu.items) for menu in session.scalars(of_c01)]
    # What is often asked for is cooked every day; what goes with it turns.
    assert len(set(lunches)) >= 3
    assert all(today != tomorrow for today, tomorrow in pairwise(lunches))


def test_every_set_meal_suits_those_who_must_be_careful(session: Session) -> None:
    careful = [Diet.LOW_SALT, Diet.LOW_SUGAR, Diet.LOW_OIL, Diet.SOFT, Diet.NO_SPICY, Diet.NO_PEANUT]
    for menu in session.scalars(select(Menu)):
        dishes = [item.dish for item in menu.items if item.in_set]
        assert len(dishes) == {Meal.BREAKFAST: 3, Meal.LUNCH: 4, Meal.DINNER: 3}[menu.meal]
        assert not [dish.name for dish in dishes if clashes(dish.traits, careful)]
        assert menu.set_price_fen > 0
        assert menu.set_left == menu.set_portions > 0


def test_every_care_item_and_company_can_be_had_at_any_hour_of_any_day(session: Session) -> None:
    assert session.scalar(select(func.count()).select_from(Carer)) == 30
    for skill in [str(word) for word in (*CareItem, *Mode)]:
        for day in DAYS[:7]:
            for hour in range(8, 18):
                start = datetime(day.year, day.month, day.day, hour, tzinfo=TOWN_ZONE)
                found = care.offers(
                    session,
                    skill=skill,
                    start=start,
                    end=start + timedelta(hours=1),
                    minutes=60,
                    village_id="V01",
                    now=NOW - timedelta(days=1),
                )
                assert found, f"nobody for {skill} on {day} at {hour}"
                assert found[0].start == start


def test_every_department_can_be_seen_and_the_heart_every_weekday_morning(session: Session) -> None:
    doctors = session.scalars(select(Doctor)).all()
    assert len(doctors) == 24
    assert {doctor.department for doctor in doctors} == set(Department)
    facilities = {f.name: f.aliases for f in session.scalars(select(Facility))}
    assert "人民医院" in facilities["县人民医院"]
    assert "中医院" in facilities["县中医院"]
    assert set(facilities) == {"镇卫生院", "县人民医院", "县中医院", "桥东社区卫生服务站"}
    slots = session.scalars(select(Slot)).all()
    assert {slot.doctor.department for slot in slots} == set(Department)
    mornings = Counter(
        in_town(slot.start).date()
        for slot in slots
        if slot.doctor.department is Department.CARDIOLOGY and in_town(slot.start).hour < 12
    )
    assert all(mornings[day] >= 6 for day in DAYS if day.weekday() < 5)
    assert any(in_town(slot.start).weekday() >= 5 for slot in slots)
    afternoons = {s.doctor.department for s in slots if in_town(s.start).hour >= 13}
    assert afternoons == set(Department)


def test_twenty_people_work_for_the_town_one_coordinator_a_village(session: Session) -> None:
    staff = auth.staff(session)
    assert len(staff) == 20
    coordinators = [person.village_id for person in staff if str(person.role) == "coordinator"]
    assert sorted(coordinators, key=str) == [f"V{number:02d}" for number in range(1, 13)]


def test_the_demo_lives_on(demo: Database, tmp_path: Path) -> None:
    with demo.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    file = tmp_path / "later.db"
    shutil.copy(str(demo.engine.url.database), file)
    database = Database(f"sqlite:///{file}")
    assert extend(database, now=NOW) == 0, "the same day needs nothing"
    with database.write() as session:
        menu = session.scalars(select(Menu).where(Menu.day == DAYS[5])).first()
        assert menu is not None
        menu.capacity_left -= 1
    later = NOW + timedelta(days=4)
    assert extend(database, now=later) == 4 * 5 * 3
    assert extend(database, now=later) == 0
    with database.session() as session:
        days = Counter(session.scalars(select(Menu.day).where(Menu.day >= town_day(later))))
        assert days == {town_day(later) + timedelta(days=number): 15 for number in range(14)}
        kept = session.get_one(Menu, menu.id)
        assert kept.capacity_left == kept.capacity - 1, "what is booked stays booked"
        last = session.scalar(select(func.max(Slot.start)))
    assert last is not None
    assert in_town(last).date() >= town_day(later) + timedelta(days=11)
    assert extend(database, now=NOW + timedelta(days=60)) == 14 * 15, "even after a long sleep"
    database.dispose()


def test_no_slot_lies_in_the_past(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'afternoon.db'}")
    database.create_all()
    afternoon = NOW + timedelta(hours=7)
    seed(database, now=afternoon)
    with database.session() as session:
        first = session.scalar(select(func.min(Slot.start)))
    assert first is not None
    assert first > afternoon
    database.dispose()
