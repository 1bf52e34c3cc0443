"""Any sequence of calls keeps a request inside the table of moves, and its reservation with its state."""

from __future__ import annotations

from datetime import datetime
from itertools import count, pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from assistant.vocabulary import (
    ALLOWED_ROLES,
    CHANGEABLE_STATES,
    TRANSITIONS,
    RequestEvent,
    RequestState,
    Role,
    next_state,
)
from backend.care.models import CarerCell
from backend.catalogue.models import DishHold, MealHold, Menu, MenuItem
from backend.clock import TOWN_ZONE
from backend.database import Database
from backend.errors import NotAllowed, Refused
from backend.requests import service
from backend.requests.models import Request
from backend.requests.schemas import CancelIn, ChangeIn, CreateIn, EventIn, Who
from backend.requests.service import Desk
from backend.settings import Settings
from tests.backend.asking import meal, visit

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=TOWN_ZONE)
LET_GO = {RequestState.CANCELLED, RequestState.REJECTED}
KEYS = count(1)


def machine_on(town: Database, config: Settings) -> type[RuleBasedStateMachine]:
    """Return a machine that works on a town's database; the town lives through all its runs."""

    class Life(RuleBasedStateMachine):
        made = Bundle("made")

        def __init__(self) -> None:
            super().__init__()
            self.states: dict[str, RequestState] = {}

        def call(self, function: Any, *arguments: Any) -> Any:
            return town.transact(
                lambda session: function(Desk(session=session, now=NOW, settings=config), *arguments)
            )

        @staticmethod
        def key() -> str:
            return f"machine:{next(KEYS)}"

        @rule(target=made, is_meal=st.booleans(), hour=st.integers(8, 16))
        def create(self, is_meal: bool, hour: int) -> str | None:
            key = self.key()
            body = meal(key, ["红烧肉"]) if is_meal else visit(key, f"{hour:02}:00")
            try:
                request, _ = self.call(service.create, CreateIn.model_validate(body))
            except Refused:
                return None
            self.states[request.id] = request.state
            assert request.state is RequestState.ACCEPTED
            return str(request.id)

        @rule(request=made, event=st.sampled_from(list(RequestEvent)), role=st.sampled_from(list(Role)))
        def move(self, request: str | None, event: RequestEvent, role: Role) -> None:
            if request is None:
                return
            before = self.states[request]
            expected = next_state(before, event)
            sent = EventIn(turn_key=self.key(), event=event, by=Who(role=role, id="E1"))
            try:
                after = self.call(service.apply_event, request, sent).state
            except NotAllowed:
                assert expected is None or role not in ALLOWED_ROLES[event]
                return
            except Refused:
                assert event is RequestEvent.REDISPATCH
                return
            assert after is expected
            assert role in ALLOWED_ROLES[event]
            assert after in TRANSITIONS[before].values()
            self.states[request] = after

        @rule(request=made, quantity=st.integers(1, 3))
        def change(self, request: str | None, quantity: int) -> None:
            if request is None:
                return
            sent = ChangeIn.model_validate(
                {
                    "turn_key": self.key(),
                    "details": {"quantity": quantity},
                    "by": {"role": "elder", "id": "E1"},
                }
            )
            try:
                after = self.call(service.change, request, sent).state
            except NotAllowed:
                assert self.states[request] not in CHANGEABLE_STATES
            except Refused:
                assert self.states[request] in CHANGEABLE_STATES
            else:
                assert after is self.states[request]

        @rule(request=made)
        def cancel(self, request: str | None) -> None:
            if request is None:
                return
            sent = CancelIn(turn_key=self.key(), reason="", by=Who(role=Role.ELDER, id="E1"))
            try:
                self.states[request] = self.call(service.cancel, request, sent).state
            except NotAllowed:
                assert next_state(self.states[request], RequestEvent.CANCEL) is None

        @invariant()
        def the_database_agrees(self) -> None:
            with town.session() as session:
                for request_id, state in self.states.items():
                    row = session.get_one(Request, request_id)
                    path = [entry.state for entry in service.history(session, request_id)]
                    held = session.get(MealHold, request_id) is not None or bool(
                        session.scalars(select(CarerCell).where(CarerCell.request_id == request_id)).all()
                    )
                    assert row.state is state
                    assert path[-1] is state
                    assert held is (state not in LET_GO)
                    for before, after in pairwise(path):
                        assert after is before or after in TRANSITIONS[before].values()
                for menu in session.scalars(select(Menu).join(MealHold).distinct()):
                    held_meals = session.scalar(
                        select(func.sum(MealHold.meals)).where(MealHold.menu_id == menu.id)
                    )
                    assert menu.capacity_left + (held_meals or 0) == menu.capacity
                for item in session.scalars(select(MenuItem).join(DishHold).distinct()):
                    portions = session.scalar(
                        select(func.sum(DishHold.portions)).where(DishHold.menu_item_id == item.id)
                    )
                    assert item.left + (portions or 0) == item.portions

        def teardown(self) -> None:
            for request_id, state in self.states.items():
                if next_state(state, RequestEvent.CANCEL) is not None:
                    sent = CancelIn(turn_key=self.key(), reason="", by=Who(role=Role.ELDER, id="E1"))
                    self.call(service.cancel, request_id, sent)

    return Life


def test_any_sequence_of_calls_stays_inside_the_table_of_moves(town: Database, dialect: str) -> None:
    config = Settings(database_url="sqlite://", service_token="")
    run_state_machine_as_test(
        machine_on(town, config),
        settings=settings(
            max_examples=12 if dialect == "sqlite" else 6,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
