"""The words live once: Rasa's files, the database, the API and the phrases agree with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.replies.phrasebook import load_phrases
from assistant.vocabulary import (
    ALLOWED_ROLES,
    BOOKING_INTENTS,
    FALLBACK_INTENT,
    OPEN_STATES,
    REQUIRED_SLOTS,
    TRANSITIONS,
    Emergency,
    Intent,
    RequestEvent,
    RequestState,
    ServiceKind,
    Slot,
    identifiers,
)

ROOT = Path(__file__).parents[2]
DOMAIN = ROOT / "assistant" / "dialogue" / "domain"
RULES = ROOT / "data" / "dialogues" / "rules"


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_rasas_intents_are_the_vocabularys() -> None:
    assert set(_load(DOMAIN / "intents.yml")["intents"]) == {*identifiers(Intent), FALLBACK_INTENT}


def test_rasas_entities_and_slots_are_the_vocabularys() -> None:
    assert set(_load(DOMAIN / "entities.yml")["entities"]) == set(identifiers(Slot))
    assert set(_load(DOMAIN / "slots.yml")["slots"]) == {*identifiers(Slot), "talk"}


def test_every_service_kind_has_a_form_that_asks_for_its_required_slots() -> None:
    forms = _load(DOMAIN / "forms.yml")["forms"]
    asked = [tuple(form["required_slots"]) for form in forms.values()]
    for kind, slots in REQUIRED_SLOTS.items():
        assert tuple(map(str, slots)) in asked, kind


def test_every_intent_has_a_rule() -> None:
    rules = [rule for path in RULES.glob("*.yml") for rule in _load(path)["rules"]]
    answered = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    assert answered == {*identifiers(Intent), FALLBACK_INTENT}


def test_every_form_goes_on_to_the_next_wish() -> None:
    rules = [rule for path in RULES.glob("*.yml") for rule in _load(path)["rules"]]
    ending = {
        rule["condition"][0]["active_loop"]
        for rule in rules
        if rule["steps"][-1].get("action") == "action_next_wish"
    }
    assert ending == set(_load(DOMAIN / "forms.yml")["forms"])


def test_every_service_kind_is_booked_by_one_intent() -> None:
    assert sorted(BOOKING_INTENTS.values()) == sorted(ServiceKind)


@pytest.mark.parametrize("kind", list(ServiceKind))
def test_every_service_kind_can_be_said_to_be_booked(kind: ServiceKind) -> None:
    assert load_phrases().fields(f"{kind}.booked") == {"what"}


@pytest.mark.parametrize("state", list(RequestState))
def test_every_state_can_be_told_to_the_elder(state: RequestState) -> None:
    assert load_phrases().fields(f"status.{state}") == {"what"}


@pytest.mark.parametrize("category", list(Emergency))
def test_every_emergency_has_its_answer(category: Emergency) -> None:
    assert load_phrases().variants(f"gateway.alarm.{category}") > 0


def test_the_transition_table_is_whole() -> None:
    assert set(TRANSITIONS) == set(RequestState)
    assert set(ALLOWED_ROLES) == set(RequestEvent)
    used = {event for moves in TRANSITIONS.values() for event in moves}
    assert used == set(RequestEvent)
    assert {RequestState.COMPLETED, RequestState.CANCELLED, RequestState.REJECTED}.isdisjoint(OPEN_STATES)


def test_the_databases_words_are_the_vocabularys() -> None:
    from sqlalchemy import CheckConstraint

    from backend import rooms
    from backend.database.base import Base

    rooms.load_models()
    requests = Base.metadata.tables["requests"]
    checks = " ".join(
        str(constraint.sqltext.compile(compile_kwargs={"literal_binds": True}))
        for constraint in requests.constraints
        if isinstance(constraint, CheckConstraint)
    )
    for word in (*identifiers(RequestState), *identifiers(ServiceKind)):
        assert f"'{word}'" in checks, word


def test_the_openapi_documents_enums_are_the_vocabularys(tmp_path: Path) -> None:
    from backend.app import create_app
    from backend.clock import SystemClock
    from backend.settings import Settings

    settings = Settings(database_url=f"sqlite:///{tmp_path / 'town.db'}", service_token="a token")
    schemas = create_app(settings, SystemClock()).openapi()["components"]["schemas"]
    for words in (ServiceKind, RequestState, RequestEvent):
        assert schemas[words.__name__]["enum"] == list(identifiers(words))
