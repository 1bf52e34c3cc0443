"""Signing in: one-time passwords, limits of guessing, the second factor, sessions that end."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from backend.access import COOKIE
from backend.audit import service as audit
from backend.auth import accounts
from backend.auth.models import Account, SignIn
from backend.clock import FrozenClock
from backend.database import Database
from tests.backend.auth.people import give_accounts
from tests.backend.conftest import NOW

NEW = "一句 我自己 记得住的话"


@pytest.fixture
def passwords(town: Database) -> dict[str, str]:
    return give_accounts(town, NOW)


@pytest.fixture
def browser(app: FastAPI) -> TestClient:
    return TestClient(app, follow_redirects=False)


def csrf(page: Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found[1]


def enter(browser: TestClient, username: str, password: str) -> Response:
    return browser.post("/console/login", data={"username": username, "password": password})


def choose(browser: TestClient, old: str, new: str = NEW) -> Response:
    token = csrf(browser.get("/console/password"))
    return browser.post("/console/password", data={"csrf": token, "old": old, "new": new, "again": new})


def test_the_first_password_must_be_changed_and_then_works_no_more(
    browser: TestClient, passwords: dict[str, str]
) -> None:
    first = passwords["coordinator1"]
    assert enter(browser, "Coordinator1", first).headers["location"] == "/console/password"
    assert browser.get("/api/v1/elders").status_code == 401
    assert browser.get("/console/accounts").headers["location"].startswith("/console/login")
    assert choose(browser, first).headers["location"] == "/console"
    assert browser.get("/api/v1/elders").status_code == 200
    browser.cookies.clear()
    assert enter(browser, "coordinator1", first).status_code == 401
    assert enter(browser, "coordinator1", NEW).headers["location"] == "/console"


@pytest.mark.parametrize(
    ("new", "sentence"),
    [("short", "至少要 10"), ("coordinator1-is-me", "太容易猜"), ("aaaaaaaaaaaa", "太容易猜")],
)
def test_a_poor_password_is_refused_with_its_reason(
    browser: TestClient, passwords: dict[str, str], new: str, sentence: str
) -> None:
    enter(browser, "coordinator1", passwords["coordinator1"])
    answer = choose(browser, passwords["coordinator1"], new)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_stored_as_a_hash(
    browser: TestClient, passwords: dict[str, str], town: Database
) -> None:
    answer = enter(browser, "coordinator1", passwords["coordinator1"])
    header = answer.headers["set-cookie"]
    assert "HttpOnly" in header
    assert "SameSite=lax" in header
    with town.session() as session:
        row = session.query(SignIn).one()
        account = accounts.find(session, "coordinator1")
    assert browser.cookies[COOKIE] not in (row.token_hash, row.csrf)
    assert account.password_hash.startswith("$argon2id$")


def test_five_wrong_passwords_a_minute_and_no_more_are_taken(
    browser: TestClient, passwords: dict[str, str], clock: FrozenClock
) -> None:
    for _ in range(5):
        assert enter(browser, "coordinator1", "wrong-password").status_code == 401
    assert enter(browser, "coordinator1", passwords["coordinator1"]).status_code == 429
    assert enter(browser, "coordinator2", passwords["coordinator2"]).status_code == 303
    clock.advance(timedelta(seconds=61))
    assert enter(browser, "coordinator1", passwords["coordinator1"]).status_code == 303


def test_an_account_is_locked_for_a_while_after_fifteen_wrong_passwords(
    browser: TestClient, passwords: dict[str, str], clock: FrozenClock
) -> None:
    for _ in range(15):
        enter(browser, "coordinator1", "wrong-password")
        clock.advance(timedelta(seconds=20))
    clock.advance(timedelta(minutes=2))
    assert enter(browser, "coordinator1", passwords["coordinator1"]).status_code == 429
    clock.advance(timedelta(minutes=15))
    assert enter(browser, "coordinator1", passwords["coordinator1"]).status_code == 303


def test_twenty_wrong_tries_a_minute_from_one_address_and_no_more_are_taken(
    browser: TestClient, passwords: dict[str, str]
) -> None:
    for number in range(20):
        assert enter(browser, f"nobody{number}", "wrong-password").status_code == 401
    assert enter(browser, "coordinator1", passwords["coordinator1"]).status_code == 429


def test_a_session_ends_after_an_hour_without_a_click(
    browser: TestClient, passwords: dict[str, str], clock: FrozenClock
) -> None:
    enter(browser, "coordinator1", passwords["coordinator1"])
    choose(browser, passwords["coordinator1"])
    for _ in range(3):
        clock.advance(timedelta(minutes=50))
        assert browser.get("/api/v1/elders").status_code == 200
    clock.advance(timedelta(minutes=61))
    assert browser.get("/api/v1/elders").status_code == 401


def test_a_session_ends_after_twelve_hours_of_clicks(
    browser: TestClient, passwords: dict[str, str], clock: FrozenClock
) -> None:
    enter(browser, "coordinator1", passwords["coordinator1"])
    choose(browser, passwords["coordinator1"])
    for _ in range(14):
        clock.advance(timedelta(minutes=50))
        browser.get("/api/v1/elders")
    clock.advance(timedelta(minutes=21))
    assert browser.get("/api/v1/elders").status_code == 401


def test_an_administrator_of_a_real_town_needs_a_second_factor(
    browser: TestClient, passwords: dict[str, str], clock: FrozenClock
) -> None:
    enter(browser, "administrator", passwords["administrator"])
    assert choose(browser, passwords["administrator"]).headers["location"] == "/console/second-factor"
    assert browser.get("/api/v1/elders").status_code == 401
    page = browser.get("/console/second-factor")
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', page.text)
    assert secret
    totp = pyotp.TOTP(secret[1].replace(" ", ""))
    code = totp.at(clock.now())
    data = {"csrf": csrf(page), "code": code}
    assert browser.post("/console/second-factor", data=data).headers["location"] == "/console"
    assert browser.get("/api/v1/elders").status_code == 200
    browser.cookies.clear()
    assert enter(browser, "administrator", NEW).headers["location"] == "/console/code"
    assert browser.get("/api/v1/elders").status_code == 401
    page = browser.get("/console/code")
    used = browser.post("/console/code", data={"csrf": csrf(page), "code": code})
    assert used.status_code == 401  # each code counts once
    clock.advance(timedelta(seconds=30))
    right = browser.post("/console/code", data={"csrf": csrf(page), "code": totp.at(clock.now())})
    assert right.headers["location"] == "/console"


def test_five_wrong_codes_end_the_sign_in(
    browser: TestClient, passwords: dict[str, str], town: Database
) -> None:
    with town.write() as session:
        account = accounts.find(session, "administrator")
        account.totp_secret, account.totp_confirmed = pyotp.random_base32(), True
    enter(browser, "administrator", passwords["administrator"])
    token = csrf(browser.get("/console/code"))
    for _ in range(5):
        browser.post("/console/code", data={"csrf": token, "code": "000000"})
    assert browser.get("/console/code").headers["location"].startswith("/console/login")
    assert enter(browser, "administrator", passwords["administrator"]).status_code == 429


def test_a_reset_ends_sessions_and_takes_the_second_factor_off(
    browser: TestClient, passwords: dict[str, str], town: Database, clock: FrozenClock
) -> None:
    enter(browser, "coordinator1", passwords["coordinator1"])
    choose(browser, passwords["coordinator1"])
    made = town.transact(
        lambda session: accounts.reset(session, username="coordinator1", actor="test", at=clock.now())
    )
    assert browser.get("/api/v1/elders").status_code == 401
    assert enter(browser, "coordinator1", made.password).headers["location"] == "/console/password"


def test_who_is_shut_out_is_out_at_once_and_the_last_administrator_cannot_be(
    browser: TestClient, passwords: dict[str, str], town: Database, clock: FrozenClock
) -> None:
    enter(browser, "coordinator1", passwords["coordinator1"])
    choose(browser, passwords["coordinator1"])
    town.transact(
        lambda session: accounts.shut(session, username="coordinator1", actor="test", at=clock.now())
    )
    assert browser.get("/api/v1/elders").status_code == 401
    assert enter(browser, "coordinator1", NEW).status_code == 401
    with pytest.raises(accounts.LastAdministrator):
        town.transact(
            lambda session: accounts.shut(session, username="administrator", actor="test", at=clock.now())
        )


def test_the_first_start_makes_one_administrator_and_never_a_second(town: Database) -> None:
    first = town.transact(lambda session: accounts.first_administrator(session, at=NOW))
    assert first is not None
    assert len(first.password) == 19
    assert town.transact(lambda session: accounts.first_administrator(session, at=NOW)) is None
    with town.session() as session:
        assert session.query(Account).count() == 1


def test_after_signing_in_nobody_is_sent_to_another_site(
    browser: TestClient, passwords: dict[str, str]
) -> None:
    enter(browser, "coordinator1", passwords["coordinator1"])
    choose(browser, passwords["coordinator1"])
    for onward in ("https://evil.example/", "//evil.example/", "/console//evil.example", "/\\evil.example"):
        browser.cookies.clear()
        data = {"username": "coordinator1", "password": NEW, "next": onward}
        assert browser.post("/console/login", data=data).headers["location"] == "/console"


def test_signing_in_stands_in_the_audit(
    browser: TestClient, passwords: dict[str, str], town: Database
) -> None:
    enter(browser, "coordinator1", passwords["coordinator1"])
    with town.session() as session:
        account = accounts.find(session, "coordinator1")
        acts = [entry.action for entry in audit.entries_of(session, f"account:{account.id}")]
    assert acts == ["accounts.sign_in", "accounts.add"]
