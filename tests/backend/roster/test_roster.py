"""The roster: whoever is on duty is told first, and everybody where nobody is or nobody answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from assistant.vocabulary import Emergency, Role
from backend.alarms import service as alarms
from backend.audit.models import AuditEntry
from backend.auth.models import Staff
from backend.outbox import service as outbox
from backend.outbox.models import Channel
from backend.roster import service
from tests.backend.clockwork import Clockwork

HOUR = timedelta(hours=1)


@pytest.fixture
def staffed(engine: Clockwork) -> Clockwork:
    """Two coordinators of E1's village, one of another; none of E1's contacts can be written to."""

    def work(session: Session) -> None:
        session.add_all(
            [
                Staff(id="S03", name="周敏", role=Role.COORDINATOR, village_id="V1"),
                Staff(id="S05", name="孙立", role=Role.COORDINATOR, village_id="V1"),
                Staff(id="S04", name="钱伟", role=Role.COORDINATOR, village_id="V2"),
                Staff(id="C01", name="小李", role=Role.CAREGIVER, village_id="V1"),
            ]
        )
        session.flush()
        for who in ("S03", "S05", "S04"):
            outbox.set_addresses(session, f"staff:{who}", [(Channel.EMAIL, f"{who}@example.org")])

    engine.database.transact(work)
    return engine


def shift(engine: Clockwork, api: TestClient, staff_id: str, *, begins: int = -1, ends: int = 8) -> str:
    now = engine.clock.now()
    body = {
        "staff_id": staff_id,
        "starts_at": (now + begins * HOUR).isoformat(),
        "ends_at": (now + ends * HOUR).isoformat(),
    }
    answer = api.post("/roster", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def cry(engine: Clockwork) -> None:
    engine.database.transact(
        lambda session: alarms.raise_alarm(
            session, elder_id="E1", category=Emergency.FALL, words="我摔倒了", channel="voice",
            turn_key="voice:1", at=engine.clock.now(),
        )
    )  # fmt: skip
    engine.run()


def written(engine: Clockwork) -> list[str]:
    return sorted(parcel.address for parcel in engine.mail.delivered)


def test_the_ladder_writes_to_the_one_on_duty(staffed: Clockwork, api: TestClient) -> None:
    shift(staffed, api, "S05")
    shift(staffed, api, "S04")
    cry(staffed)
    assert written(staffed) == ["S05@example.org"]


def test_where_nobody_is_on_duty_all_coordinators_of_the_village_are_told(
    staffed: Clockwork, api: TestClient
) -> None:
    shift(staffed, api, "S05", begins=1, ends=9)
    shift(staffed, api, "S03", begins=-9, ends=0)
    cry(staffed)
    assert written(staffed) == ["S03@example.org", "S05@example.org"]


def test_where_the_one_on_duty_does_not_take_it_on_all_are_told(staffed: Clockwork, api: TestClient) -> None:
    shift(staffed, api, "S05")
    cry(staffed)
    staffed.pass_time(timedelta(minutes=6))
    assert {"S03@example.org", "S05@example.org"} <= set(written(staffed))


def test_where_the_one_on_duty_cannot_be_reached_all_are_told_at_once(
    staffed: Clockwork, api: TestClient
) -> None:
    staffed.database.transact(lambda session: outbox.set_addresses(session, "staff:S05", []))
    shift(staffed, api, "S05")
    cry(staffed)
    assert written(staffed) == ["S03@example.org"]


def test_the_roster_says_who_is_on_duty_now_and_a_removed_shift_is_gone_but_audited(
    staffed: Clockwork, api: TestClient
) -> None:
    made = shift(staffed, api, "S05")
    shown = api.get("/roster", params={"village_id": "V1"}).json()
    assert [(row["name"], row["village_id"]) for row in shown["shifts"]] == [("孙立", "V1")]
    assert shown["on_duty"] == ["S05"]
    assert api.post(f"/roster/{made}/remove").status_code == 204
    assert api.post(f"/roster/{made}/remove").status_code == 404
    assert api.get("/roster", params={"village_id": "V1"}).json()["on_duty"] == ["S03", "S05"]
    with staffed.database.session() as session:
        actions = [row.action for row in session.query(AuditEntry) if row.action.startswith("roster.")]
    assert actions == ["roster.put", "roster.remove"]


def test_the_same_beginning_again_moves_the_end(staffed: Clockwork, api: TestClient) -> None:
    assert shift(staffed, api, "S05", ends=4) == shift(staffed, api, "S05", ends=6)
    rows = api.get("/roster").json()["shifts"]
    assert len(rows) == 1


@pytest.mark.parametrize(
    ("staff_id", "ends", "code"),
    [("C01", 8, "not_a_coordinator"), ("S05", -2, "shift_times"), ("S05", 80, "shift_times")],
)
def test_a_slip_of_the_pen_is_refused(
    staffed: Clockwork, api: TestClient, staff_id: str, ends: int, code: str
) -> None:
    now = staffed.clock.now()
    body = {
        "staff_id": staff_id,
        "starts_at": (now - HOUR).isoformat(),
        "ends_at": (now + ends * HOUR).isoformat(),
    }
    answer = api.post("/roster", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_coordinator_puts_down_only_her_own_village(staffed: Clockwork) -> None:
    now = staffed.clock.now()
    with pytest.raises(service.NotFound):
        staffed.database.transact(
            lambda session: service.put(
                session, staff_id="S04", starts_at=now, ends_at=now + HOUR, by="x", at=now, within="V1"
            )
        )
