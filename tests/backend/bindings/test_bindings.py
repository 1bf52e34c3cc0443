"""Accounts of channels: bound by a code, once, with consent; guessing is limited; ended by either side."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.bindings import service, tries
from backend.bindings.models import BindCode, BindingKind
from backend.clock import FrozenClock
from backend.database import Database
from tests.backend.conftest import NOW

WRONG = "00000000"


def make(api: TestClient, elder: str = "E1", **more: object) -> dict[str, str]:
    answer = api.post("/bind-codes", json={"elder_id": elder, "consent": "当面说好", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def take(api: TestClient, code: str, account: str = "openid-1", **more: str):  # type: ignore[no-untyped-def]
    body = {"channel": "wechat", "account": account, "code": code, **more}
    return api.post("/bind-codes/take", json=body)


def test_a_code_binds_an_account_once(api: TestClient) -> None:
    made = make(api)
    assert len(made["code"]) == 8
    bound = take(api, made["code"])
    assert bound.status_code == 200
    assert (bound.json()["elder_id"], bound.json()["kind"], bound.json()["consent"]) == (
        "E1",
        "elder",
        "当面说好",
    )
    again = take(api, made["code"], account="openid-2")
    assert (again.status_code, again.json()["code"]) == (422, "bad_code")


def test_the_same_account_may_send_its_code_twice(api: TestClient) -> None:
    code = make(api)["code"]
    first = take(api, code).json()
    assert take(api, code).json() == first
    api.post(f"/bindings/{first['id']}/revoke")
    assert take(api, code).status_code == 422


def test_a_code_is_read_as_old_hands_type_it(api: TestClient) -> None:
    code = make(api)["code"]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert take(api, f" {wide[:4]}　{wide[4:]}。").status_code == 200


def test_the_digits_are_told_once_and_stored_nowhere(api: TestClient, town: Database) -> None:
    code = make(api)["code"]
    assert code not in api.get("/bind-codes", params={"elder_id": "E1"}).text
    with town.session() as session:
        assert code not in str(session.scalars(select(BindCode)).one().__dict__)
        assert all(code not in entry.detail for entry in session.scalars(select(AuditEntry)))


def test_unknown_used_expired_and_taken_back_codes_are_not_told_apart(
    api: TestClient, clock: FrozenClock
) -> None:
    used, back, late = make(api)["code"], make(api), make(api)["code"]
    take(api, used, account="first")
    api.post(f"/bind-codes/{back['id']}/revoke")
    answers = [take(api, used, account="a"), take(api, back["code"], account="b")]
    clock.advance(timedelta(hours=25))
    answers += [take(api, late, account="c"), take(api, WRONG, account="d")]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].json()["code"] == "bad_code"


def test_without_consent_there_is_no_code(api: TestClient) -> None:
    answer = api.post("/bind-codes", json={"elder_id": "E1", "consent": "  "})
    assert answer.json()["code"] == "no_consent"
    assert api.post("/bind-codes", json={"elder_id": "E9", "consent": "好"}).status_code == 404


def test_a_relative_can_be_bound_to_several_elders_and_speaks_about_the_one_chosen_last(
    api: TestClient, town: Database, clock: FrozenClock
) -> None:
    for elder in ("E1", "E2"):
        clock.advance(timedelta(minutes=1))
        made = make(api, elder, kind="family", name="李建芬", relation="女儿")
        take(api, made["code"])
    with town.session() as session:
        held = service.of_account(session, channel="wechat", account="openid-1")
    assert [(one.elder_id, one.kind, one.relation) for one in held] == [
        ("E2", BindingKind.FAMILY, "女儿"),
        ("E1", BindingKind.FAMILY, "女儿"),
    ]
    town.transact(
        lambda session: service.choose(session, held[1].id, now=NOW + timedelta(minutes=5)) and None
    )
    with town.session() as session:
        assert service.of_account(session, channel="wechat", account="openid-1")[0].elder_id == "E1"


def test_an_ended_binding_stands_for_nobody_and_stays_in_the_book(api: TestClient, town: Database) -> None:
    bound = take(api, make(api)["code"]).json()
    ended = api.post(f"/bindings/{bound['id']}/revoke", json={"why": "手机丢了"}).json()
    assert (ended["revoked_why"], ended["revoked_by"]) == ("手机丢了", "service")
    with town.session() as session:
        assert service.of_account(session, channel="wechat", account="openid-1") == []
    assert [one["id"] for one in api.get("/bindings", params={"elder_id": "E1"}).json()["bindings"]] == [
        bound["id"]
    ]
    assert api.get("/bindings", params={"live": True}).json()["bindings"] == []
    # The same account can be bound again, as another row.
    assert take(api, make(api)["code"]).json()["id"] != bound["id"]


def test_a_second_code_for_the_same_elder_renews_the_binding(api: TestClient) -> None:
    first = take(api, make(api)["code"]).json()
    second = take(api, make(api, kind="family", consent="电话里说好")["code"]).json()
    assert (second["id"], second["kind"], second["consent"]) == (first["id"], "family", "电话里说好")


def test_guessing_is_stopped_for_the_account_and_a_right_code_does_not_help(
    api: TestClient, town: Database, clock: FrozenClock
) -> None:
    code = make(api)["code"]
    for _ in range(tries.PER_ACCOUNT):
        assert take(api, WRONG).status_code == 422
    stopped = take(api, code)
    assert (stopped.status_code, stopped.json()["code"]) == (429, "too_many_tries")
    take(api, code)
    with town.session() as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "bindings.too_many_tries"))
        assert len(list(noted)) == 1
    assert take(api, make(api)["code"], account="somebody-else").status_code == 200
    clock.advance(timedelta(minutes=15))
    assert take(api, code).status_code == 200


def test_guessing_with_many_accounts_is_stopped_by_address_and_for_the_town(api: TestClient) -> None:
    for number in range(tries.PER_ADDRESS):
        assert take(api, WRONG, account=f"a{number}", address="10.0.0.1").status_code == 422
    assert take(api, WRONG, account="another", address="10.0.0.1").status_code == 429
    for number in range(tries.PER_TOWN - tries.PER_ADDRESS):
        assert take(api, WRONG, account=f"b{number}").status_code == 422
    assert take(api, make(api)["code"], account="c").status_code == 429


def test_right_codes_use_up_no_tries(api: TestClient) -> None:
    for _ in range(tries.PER_ACCOUNT + 2):
        assert take(api, make(api)["code"]).status_code == 200


@pytest.mark.parametrize("run", range(3))
def test_of_many_who_type_a_code_at_once_one_is_bound(api: TestClient, town: Database, run: int) -> None:
    code = make(api)["code"]
    bound: list[str] = []
    ready = threading.Barrier(6)

    def one(number: int) -> None:
        ready.wait()
        taken = town.transact(
            lambda session: service.take_code(
                session, channel="wechat", account=f"o{number}", code=code, now=NOW
            )
        )
        if taken.binding is not None:
            bound.append(f"o{number}")

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bound) == 1


def test_what_was_done_is_in_the_audit(api: TestClient, town: Database) -> None:
    bound = take(api, make(api)["code"]).json()
    api.post(f"/bindings/{bound['id']}/revoke")
    with town.session() as session:
        found = [(entry.actor, entry.action) for entry in session.scalars(select(AuditEntry))]
    assert [pair for pair in found if pair[1].startswith("bindings.") and pair[1] != "bindings.read"] == [
        ("service", "bindings.code"),
        ("wechat:openid-1", "bindings.bind"),
        ("service", "bindings.revoke"),
    ]
