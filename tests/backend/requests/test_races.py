"""Many at once: what is limited is promised exactly as often as there is of it; the rest hear the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from backend.appointments.models import SlotHold
from backend.care.models import CarerCell
from backend.catalogue.models import DishHold, MenuItem
from backend.database import Database
from tests.backend.asking import TOMORROW, appointment, care, meal, visit

CLIENTS = 64


def at_once(api: TestClient, body: Callable[[int], dict[str, Any]], clients: int = CLIENTS) -> list[Any]:
    def send(number: int) -> Any:
        while True:
            answer = api.post("/requests", json=body(number))
            if answer.status_code != 503:  # busy: on a slow machine the queue is long, and one asks again
                return answer

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(send, range(clients)))


def outcomes(answers: list[Any]) -> Counter[str]:
    return Counter("booked" if answer.status_code == 201 else answer.json()["code"] for answer in answers)


def test_sixty_four_callers_for_ten_slots_book_exactly_ten(api: TestClient, town: Database) -> None:
    answers = at_once(
        api,
        lambda number: appointment(
            f"t:{number}", f"E{number % 3 + 1}", slot_id=f"DR1-{number % 10}", start=None
        ),
    )
    assert outcomes(answers) == {"booked": 10, "slot_taken": 54}
    booked = {answer.json()["details"]["slot_id"] for answer in answers if answer.status_code == 201}
    assert booked == {f"DR1-{number}" for number in range(10)}
    with town.session() as session:
        assert session.scalar(select(func.count()).select_from(SlotHold)) == 10
    for answer in answers:
        if answer.status_code == 409:
            assert len(answer.json()["alternatives"]) == 3


def test_callers_without_a_slot_in_mind_share_out_what_there_is(api: TestClient) -> None:
    answers = at_once(api, lambda number: appointment(f"t:{number}", department="dentistry"), clients=16)
    assert outcomes(answers) == {"booked": 10, "no_slot": 6}


def test_the_last_three_portions_go_to_three(api: TestClient, town: Database) -> None:
    item = f"C1-{TOMORROW}-lunch-D1"
    with town.write() as session:
        session.execute(update(MenuItem).where(MenuItem.id == item).values(left=3))
    answers = at_once(api, lambda number: meal(f"t:{number}", ["红烧肉", "清蒸鱼"]), clients=24)
    assert outcomes(answers) == {"booked": 3, "sold_out": 21}
    with town.session() as session:
        assert session.get_one(MenuItem, item).left == 0
        assert session.get_one(MenuItem, f"C1-{TOMORROW}-lunch-D2").left == 17
        assert session.scalar(select(func.count()).select_from(DishHold)) == 6


def test_one_carers_hour_goes_to_one(api: TestClient, town: Database) -> None:
    answers = at_once(
        api,
        lambda number: (
            care(f"t:{number}", "bathing", "09:00", carer_id="K1")
            if number % 2
            else visit(f"t:{number}", "09:30", carer_id="K1")
        ),
        clients=24,
    )
    assert outcomes(answers) == {"booked": 1, "carer_busy": 23}
    with town.session() as session:
        assert session.scalar(select(func.count()).select_from(CarerCell)) in (2, 3)


def test_one_turn_sent_sixteen_times_at_once_is_one_booking(api: TestClient) -> None:
    answers = at_once(api, lambda _number: care("web:1", "bathing", "09:00"), clients=16)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 15}
    assert len({answer.json()["id"] for answer in answers}) == 1
