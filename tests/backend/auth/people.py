"""People with accounts, for tests: one of each role in each village, and clients that are signed in."""

from __future__ import annotations

from datetime import datetime

from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.vocabulary import Role
from backend.access import COOKIE
from backend.auth import accounts, sign_in
from backend.auth.models import Account, SignIn, Stage
from backend.database import Database

PEOPLE = {
    "caregiver1": (Role.CAREGIVER, "V1"),
    "caregiver2": (Role.CAREGIVER, "V2"),
    "coordinator1": (Role.COORDINATOR, "V1"),
    "coordinator2": (Role.COORDINATOR, "V2"),
    "administrator": (Role.TOWN_ADMIN, None),
}
"""user name → role and village."""


def give_accounts(database: Database, at: datetime) -> dict[str, str]:
    """Make the accounts; return their one-time passwords."""

    def work(session):  # type: ignore[no-untyped-def]
        return {
            name: accounts.add(
                session, username=name, name=name, role=role, village_id=village, actor="test", at=at
            ).password
            for name, (role, village) in PEOPLE.items()
        }

    return database.transact(work)


def signed_in(app: FastAPI, database: Database, username: str, at: datetime) -> TestClient:
    """Return a client with a session of ``username``, as the sign-in pages would have given it."""

    def work(session):  # type: ignore[no-untyped-def]
        account = accounts.find(session, username)
        token = f"token-of-{username}"
        row = SignIn(
            token_hash=sign_in.hashed(token), account_id=account.id, stage=Stage.IN, csrf=f"csrf-{username}",
            begun_at=at, seen_at=at, failed_codes=0,
        )  # fmt: skip
        session.merge(row)
        return token

    token = database.transact(work)
    client = TestClient(
        app, headers={"X-CSRF-Token": f"csrf-{username}"}, cookies={COOKIE: token}, follow_redirects=False
    )
    return client


def account_id(database: Database, username: str) -> str:
    with database.session() as session:
        found: Account = accounts.find(session, username)
        return found.id
