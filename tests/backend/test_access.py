"""Who may call: the service token, and loopback callers of a town that holds only demo data."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend.database import Database
from backend.elders.models import Town

ELDER = "/api/v1/elders/E1"


def call(
    app: FastAPI, path: str = ELDER, *, host: str = "127.0.0.1", headers: dict[str, str] | None = None
) -> int:
    client = TestClient(app, client=(host, 50000))
    answer = client.get(path, headers=headers or {})
    if answer.status_code == 401:
        assert answer.json()["code"] == "not_signed_in"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"
    return int(answer.status_code)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic the-service-token-of-the-tests"},
        {"Authorization": b"Bearer \xff\xfe"},
    ],
)
def test_without_the_token_nothing_is_told(app: FastAPI, headers: dict[str, str]) -> None:
    assert call(app, headers=headers) == 401


def test_a_demo_town_answers_its_own_machine_only(app: FastAPI, town: Database) -> None:
    with town.write() as session:
        session.get_one(Town, 1).is_demo = True
    assert call(app) == 200
    assert call(app, host="::1") == 200
    assert call(app, host="192.168.1.20") == 401
    assert call(app, host="testclient") == 401
    assert call(app, headers={"X-Forwarded-For": "192.168.1.20"}) == 401
    assert call(app, headers={"Authorization": "Bearer wrong"}) == 401


def test_health_and_the_description_are_open_to_all(app: FastAPI) -> None:
    assert call(app, "/api/v1/health", host="192.168.1.20") == 200
    assert call(app, "/openapi.json", host="192.168.1.20") == 200


def test_every_other_route_needs_the_token(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    client = TestClient(app)
    for path, operations in paths.items():
        for method in operations:
            if path == "/api/v1/health":
                continue
            answer = client.request(method, path.replace("{", "").replace("}", ""), json={})
            assert answer.status_code == 401, (method, path)


def test_the_description_lists_the_words_of_the_vocabulary(app: FastAPI) -> None:
    schemas = app.openapi()["components"]["schemas"]
    assert schemas["ServiceKind"]["enum"] == ["meal", "home_care", "medical_appointment", "companionship"]
    assert "missed" in schemas["RequestState"]["enum"]
