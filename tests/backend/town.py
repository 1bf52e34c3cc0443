"""A small town for tests: two villages and canteens, three elders, four carers, doctors of ten slots each."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from assistant.vocabulary import CareItem, Department, Meal
from backend.appointments.models import Doctor, Facility, Slot
from backend.care.models import Carer, CarerShift
from backend.catalogue.models import Canteen, CanteenVillage, Dish, Menu, MenuItem
from backend.elders.models import Contact, Elder, Village
from backend.elders.town import mark_town
from backend.elders.words import Gender, Living

DISHES = (
    ("D1", "红烧肉", ["东坡肉"], ["meat", "pork", "oily", "soft"]),
    ("D2", "清蒸鱼", ["蒸鱼"], ["meat", "fish", "seafood", "soft"]),
    ("D3", "番茄炒蛋", ["西红柿炒蛋"], ["egg", "soft"]),
    ("D4", "炒青菜", ["青菜"], ["soft"]),
    ("D5", "酱鸭", [], ["meat", "poultry", "salty", "hard"]),
)
PORTIONS = 20
DAYS = 7


def build_town(session: Session, *, now: datetime) -> None:
    """Put the town into an empty database; menus and slots from the day of ``now`` on."""
    mark_town(session, name="测试镇", is_demo=False)
    session.add_all([Village(id="V1", name="桥东村", aliases=["桥东"]), Village(id="V2", name="柳塘村")])
    session.flush()
    session.add_all(
        [
            _elder("E1", "王秀英", "王奶奶", "V1"),
            _elder("E2", "李根生", "李爷爷", "V1", diet=["low_salt", "no_pork"], gender=Gender.MALE),
            _elder("E3", "陈阿妹", "陈阿婆", "V2"),
        ]
    )
    _meals(session, now)
    _care(session)
    _appointments(session, now)
    session.flush()


def _elder(
    elder_id: str,
    name: str,
    called: str,
    village_id: str,
    *,
    diet: list[str] | None = None,
    gender: Gender = Gender.FEMALE,
) -> Elder:
    elder = Elder(
        id=elder_id,
        name=name,
        called=called,
        gender=gender,
        birth_year=1946,
        village_id=village_id,
        address=f"{elder_id}的家",
        phone="130 0000 0001",
        living=Living.ALONE,
        conditions=["高血压"],
        diet=diet or [],
        contacts=[Contact(position=1, name="李建芬", relation="女儿", phone="130 0000 0002")],
    )
    elder.tags = ["独居", "高龄"] if elder_id != "E3" else ["独居"]
    return elder


def _meals(session: Session, now: datetime) -> None:
    for canteen_id, name, village_id in (("C1", "桥东食堂", "V1"), ("C2", "柳塘食堂", "V2")):
        session.add(Canteen(id=canteen_id, name=name, aliases=[name[:2]], village_id=village_id))
    session.add_all(
        Dish(id=dish_id, name=name, aliases=aliases, traits=traits)
        for dish_id, name, aliases, traits in DISHES
    )
    session.flush()
    for canteen_id, village_id, metres in (
        ("C1", "V1", 200),
        ("C2", "V1", 1800),
        ("C2", "V2", 100),
    ):
        session.add(CanteenVillage(canteen_id=canteen_id, village_id=village_id, distance_m=metres))
    for offset in range(DAYS):
        for meal in Meal:
            for canteen_id in ("C1", "C2"):
                session.add(_menu(canteen_id, now + timedelta(days=offset), meal))


def _menu(canteen_id: str, at: datetime, meal: Meal) -> Menu:
    menu_id = f"{canteen_id}-{at.date()}-{meal}"
    menu = Menu(
        id=menu_id,
        canteen_id=canteen_id,
        day=at.date(),
        meal=meal,
        capacity=60,
        capacity_left=60,
        set_price_fen=1500,
        set_portions=PORTIONS,
        set_left=PORTIONS,
    )
    cooked = [row for row in DISHES if canteen_id == "C2" or row[0] != "D5"]
    menu.items = [
        MenuItem(
            id=f"{menu_id}-{dish_id}",
            dish_id=dish_id,
            position=position,
            price_fen=1200,
            portions=PORTIONS,
            left=PORTIONS,
            in_set=dish_id in ("D3", "D4"),
        )
        for position, (dish_id, *_) in enumerate(cooked)
    ]
    return menu


def _care(session: Session) -> None:
    for carer_id, name, village_id, skills in (
        ("K1", "张月琴", "V1", [CareItem.BATHING, CareItem.CLEANING, "visit"]),
        ("K2", "李文英", "V2", [CareItem.BATHING, CareItem.HAIRCUT, "visit", "call"]),
        ("K3", "金建国", "V1", [CareItem.HAIRCUT]),
        ("K4", "顾春生", "V2", [CareItem.REHABILITATION, CareItem.ACCOMPANIMENT]),
    ):
        carer = Carer(id=carer_id, name=name, village_id=village_id)
        carer.skills = [str(skill) for skill in skills]
        carer.shifts = [CarerShift(weekday=day, starts=8 * 60, ends=18 * 60) for day in range(7)]
        session.add(carer)


def _appointments(session: Session, now: datetime) -> None:
    session.add(Facility(id="F1", name="镇卫生院", aliases=["卫生院"]))
    session.add(Facility(id="F2", name="县人民医院", aliases=["县医院"]))
    session.flush()
    for doctor_id, name, department, facility_id in (
        ("DR1", "马志强", Department.CARDIOLOGY, "F1"),
        ("DR2", "沈国华", Department.CARDIOLOGY, "F2"),
        ("DR3", "高明亮", Department.DENTISTRY, "F1"),
    ):
        session.add(
            Doctor(id=doctor_id, name=name, title="主治医师", department=department, facility_id=facility_id)
        )
        session.flush()
        first = (now + timedelta(days=1)).replace(hour=9, minute=0)
        for number in range(10):
            start = first + timedelta(minutes=15 * number)
            session.add(
                Slot(
                    id=f"{doctor_id}-{number}",
                    doctor_id=doctor_id,
                    start=start,
                    end=start + timedelta(minutes=15),
                )
            )
