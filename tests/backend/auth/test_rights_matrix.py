"""Every endpoint × nobody and every role × own and other village; an endpoint without a row fails."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from assistant.cli.settings import settings_from
from assistant.cli.wiring import build_system
from backend.auth import accounts
from backend.clock import FrozenClock
from backend.database import Database
from backend.requests.models import Request
from backend.rights import DEVICE_DOORS, DEVICE_ROUTES, ROUTES, SIGNING_IN, STAFF_ROLES, TABLE, Action, Scope
from tests.backend.asking import care, meal
from tests.backend.auth.people import PEOPLE, account_id, give_accounts, signed_in
from tests.backend.conftest import NOW, TOKEN

HOME = tempfile.mkdtemp(prefix="kangban-rights-")  # the endpoints are counted at import, before any fixture
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
OPEN = {("GET", "/api/v1/health")}
ENDLESS = {("GET", "/console/feed")}
VILLAGE_OF = {"E1": "V1", "E3": "V2"}


def system(url: str) -> tuple[FastAPI, Database]:
    """The app with all that is served: backend, gateway, console."""
    settings = settings_from({"KANGBAN_HOME": HOME, "KANGBAN_DATABASE_URL": url})
    built = build_system(settings, clock=FrozenClock(NOW), secret=TOKEN, dialogue_address=lambda: None)
    return built.app, built.database


@pytest.fixture(scope="module")
def world(
    sqlite_templates: dict[bool, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FastAPI, Database]]:
    file = tmp_path_factory.mktemp("matrix") / "town.db"
    shutil.copy(sqlite_templates[True], file)
    app, database = system(f"sqlite:///{file}")
    give_accounts(database, NOW)
    yield app, database
    app.state.parts.reads.flush()
    database.dispose()


@pytest.fixture(scope="module")
def ids(world: tuple[FastAPI, Database]) -> dict[str, dict[str, str]]:
    """Something of each kind that belongs to an elder of each village, made with the service token."""
    app, _ = world
    api = TestClient(app, headers={"Authorization": f"Bearer {TOKEN}"}, base_url="http://testserver/api/v1")
    made: dict[str, dict[str, str]] = {}
    for elder in VILLAGE_OF:
        one = {"elder_id": elder}
        made[elder] = {"elder_id": elder}
        bodies: dict[str, tuple[str, dict[str, Any]]] = {
            "request_id": ("/requests", care(f"m:{elder}", "bathing", "08:00", "18:00", elder)),
            "alarm_id": ("/alarms", one | {"turn_key": f"a:{elder}", "category": "fall", "channel": "t"}),
            "checkin_id": (
                "/checkins",
                one | {"turn_key": f"c:{elder}", "channel": "voice", "outcome": "well"},
            ),
            "satellite_id": ("/satellites", one | {"name": "客厅"}),
            "code_id": ("/bind-codes", one | {"consent": "她说好的"}),
            "handover_id": ("/handovers", one | {"turn_key": f"h:{elder}", "reason": "想找人"}),
            "goal_id": (
                f"/elders/{elder}/goals",
                {"text": "每周洗澡", "services": [], "review_on": "2026-12-01"},
            ),
            "consent_id": (
                f"/elders/{elder}/consents",
                {"kind": "tell_family", "given_by": "本人", "how": "当面"},
            ),
            "reminder_id": (
                "/reminders",
                one | {"turn_key": f"r:{elder}", "text": "吃药", "start": "2026-11-25T08:00:00+08:00"},
            ),
        }
        for name, (path, body) in bodies.items():
            answer = api.post(path, json=body)
            assert answer.status_code == 201, answer.text
            made[elder][name] = answer.json()["id"]
        code = api.post("/bind-codes", json=one | {"consent": "她说好的", "kind": "family"}).json()["code"]
        taken = {"channel": "wechat", "account": f"openid-{elder}", "code": code}
        made[elder]["binding_id"] = api.post("/bind-codes/take", json=taken).json()["id"]
    return made


def pages_of(app: FastAPI) -> Iterator[APIRoute]:
    """Return the routes served at the root; FastAPI keeps what is included in routers of their own."""
    for found in app.routes:
        inner = getattr(found, "original_router", None)
        for route in [found] if inner is None else inner.routes:
            if isinstance(route, APIRoute):
                yield route


def endpoints() -> list[tuple[str, str]]:
    """All endpoints of the description and all pages of the console."""
    app, database = system(f"sqlite:///{HOME}/kangban.db")
    described = [(method.upper(), path) for path, found in app.openapi()["paths"].items() for method in found]
    pages = [
        (method, route.path)
        for route in pages_of(app)
        if route.path.startswith("/console")
        for method in sorted(route.methods - {"HEAD"})
    ]
    database.dispose()
    return sorted({*described, *pages} - OPEN - ENDLESS)


ENDPOINTS = endpoints()


def action(method: str, path: str) -> Action | None:
    return ROUTES.get((method, path.removeprefix("/api/v1")))


def test_every_endpoint_has_a_row_in_the_table() -> None:
    missing = [
        (method, path)
        for method, path in ENDPOINTS
        if action(method, path) is None and path not in SIGNING_IN
    ]
    assert missing == []


def test_every_route_of_a_bound_browser_has_a_row_and_lets_nobody_else_in(
    world: tuple[FastAPI, Database],
) -> None:
    app, database = world
    pages = {
        (method, route.path)
        for route in pages_of(app)
        if route.path.startswith(("/chat", "/family"))
        for method in route.methods - {"HEAD"}
        if route.path not in DEVICE_DOORS
    }
    assert pages == set(DEVICE_ROUTES)
    clients = [TestClient(app, headers={"Authorization": f"Bearer {TOKEN}"}), TestClient(app)]
    for client in [*clients, *(signed_in(app, database, name, NOW) for name in PEOPLE)]:
        for method, path in pages:
            url = re.sub(r"\{\w+\}", "1", path) + "?key=turn:chat:1"
            answer = client.request(method, url, json={}, follow_redirects=False)
            assert answer.status_code in (303, 401), (method, path)


def test_every_row_of_the_table_says_something_of_every_role() -> None:
    for row in TABLE.values():
        assert set(STAFF_ROLES) <= set(row)


QUERIES = {
    "/api/v1/care/availability": "&care_item=bathing"
    "&start=2026-11-24T08:00:00%2B08:00&end=2026-11-24T18:00:00%2B08:00",
    "/api/v1/menus": "&day=2026-11-24&meal=lunch",
}

BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/requests": {"kind": "meal", "details": meal("x", ["红烧肉"])["details"]},
    "/api/v1/alarms": {"category": "fall", "channel": "t"},
    "/api/v1/checkins": {"channel": "voice", "outcome": "well"},
    "/api/v1/handovers": {"reason": "想找人"},
    "/api/v1/reminders": {"text": "吃药", "start": "2026-11-25T08:00:00+08:00"},
    "/api/v1/elders/{elder_id}/readings": {"readings": [{"kind": "pulse", "value": 70}]},
    "/api/v1/requests/{request_id}/events": {"event": "complete"},
    "/api/v1/requests/{request_id}/rating": {"stars": 4},
    "/api/v1/checkins/{checkin_id}/follow-up": {"note": "看过了"},
    "/api/v1/alarms/{alarm_id}/acknowledge": {"note": "在路上"},
    "/api/v1/elders/{elder_id}/ladder": {"rungs": [{"contact": 1, "wait_s": 60}]},
    "/api/v1/addresses/{owner}": {"addresses": []},
    "/api/v1/points": {"name": "邻里客厅", "village_id": "V1", "lat": 30.8, "lon": 120.6},
    "/api/v1/elders/{elder_id}/goals": {"text": "每周洗澡", "services": [], "review_on": "2026-12-01"},
    "/api/v1/elders/{elder_id}/goals/{goal_id}/review": {"state": "reached", "note": "做到了"},
    "/api/v1/elders/{elder_id}/consents": {"kind": "photo", "given_by": "本人", "how": "当面"},
    "/api/v1/elders/{elder_id}/rhythm": {"times": ["08:30"]},
    "/api/v1/bind-codes": {"consent": "她说好的"},
    "/api/v1/bindings/{binding_id}/shares": {"shares": ["meals"], "consent": "她说好的"},
}
"""What makes a call valid besides its elder, key and signature."""

ENDS = {
    "/api/v1/requests",
    "/api/v1/alarms",
    "/api/v1/checkins",
    "/api/v1/handovers",
    "/api/v1/reminders",
    "/api/v1/bind-codes",
}


def call(
    client: TestClient, method: str, path: str, things: dict[str, str], *, key: str, by: dict[str, str]
) -> Any:
    url = path
    for name, value in things.items():
        url = url.replace(f"{{{name}}}", value)
    for name, value in {"owner": "staff:S01"}.items():
        url = url.replace(f"{{{name}}}", value)
    url = re.sub(r"{\w+}", "1", url)
    if method == "GET":
        mark = f"?elder_id={things['elder_id']}" if "{" not in path and path.startswith("/api") else ""
        return client.get(url + mark + QUERIES.get(path, ""))
    if path.startswith("/console"):
        return client.request(method, url, data={})
    body = {**BODIES.get(path, {}), "turn_key": key, "by": by}
    if path in ENDS:
        body["elder_id"] = things["elder_id"]
    if path in ("/api/v1/handovers", "/api/v1/reminders", "/api/v1/alarms") or path.endswith("/readings"):
        del body["by"]
    agreed = any(part in path for part in ("/goals", "/consents", "/points"))
    if method == "PUT" or agreed or path.startswith(("/api/v1/bind-codes", "/api/v1/bindings/")):
        del body["by"], body["turn_key"]
    if path.startswith(("/api/v1/alarms/", "/api/v1/checkins/", "/api/v1/handovers/", "/api/v1/reminders/")):
        del body["turn_key"]
    return client.request(method, url, json=body)


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_nobody_gets_nothing(
    world: tuple[FastAPI, Database], ids: dict[str, dict[str, str]], method: str, path: str
) -> None:
    if path in SIGNING_IN:
        return
    client = TestClient(world[0], follow_redirects=False)
    answer = call(client, method, path, ids["E1"], key="none", by={"role": "town_admin", "id": "x"})
    if path.startswith("/console"):
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/console/login")
    else:
        assert answer.status_code == 401


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_the_table_decides(
    world: tuple[FastAPI, Database], ids: dict[str, dict[str, str]], method: str, path: str
) -> None:
    if path in SIGNING_IN:
        return
    for username in PEOPLE:
        client = signed_in(*world, username, NOW)
        for elder in VILLAGE_OF:
            decide(world[1], client, ids, method, path, username, elder)


def decide(
    database: Database,
    client: TestClient,
    ids: dict[str, dict[str, str]],
    method: str,
    path: str,
    username: str,
    elder: str,
) -> None:
    """Make a call as one role for the elder of one village, and compare with the table."""
    role, village = PEOPLE[username]
    what = action(method, path)
    assert what is not None
    scope = TABLE[what][role]
    by = {"role": str(role), "id": account_id(database, username)}
    answer = call(client, method, path, ids[elder], key=f"{username}:{method}{path}:{elder}"[:150], by=by)
    # Who may not is refused, whatever is asked; nothing of another village is there.
    if scope is Scope.NOWHERE:
        assert answer.status_code == 403
        return
    assert answer.status_code not in (401, 403, 405, 500), answer.text
    if scope is Scope.TOWN or village == VILLAGE_OF[elder]:
        assert answer.status_code != 404 or "unknown" not in answer.text or "/console" in path, answer.text
        return
    text = answer.text
    for name in (ids[elder]["request_id"], ids[elder]["alarm_id"], "陈阿妹" if elder == "E3" else "王秀英"):
        assert name not in text
    names_one = "{" in path or (path in ENDS and method == "POST") or path in QUERIES
    # An alarm is never refused, whoever raises it for whom.
    if not names_one or not path.startswith("/api") or path == "/api/v1/alarms":
        return
    assert answer.status_code == 404, answer.text
    nowhere = dict.fromkeys(ids[elder], "NOBODY")
    nothing = call(client, method, path, nowhere, key=f"{username}:{path}:nobody"[:150], by=by)
    assert (nothing.status_code, nothing.json()) == (404, answer.json())


def test_lists_without_an_elder_hold_the_own_village_only(
    world: tuple[FastAPI, Database], ids: dict[str, dict[str, str]]
) -> None:
    app, database = world
    for path, key in (
        ("elders", "id"),
        ("requests", "elder_id"),
        ("alarms", "elder_id"),
        ("checkins", "elder_id"),
    ):
        for username, expected in (
            ("coordinator1", {"E1", "E2"}),
            ("coordinator2", {"E3"}),
            ("administrator", {"E1", "E2", "E3"}),
        ):
            client = signed_in(app, database, username, NOW)
            rows = client.get(f"/api/v1/{path}").json()[path]
            assert rows
            assert {row[key] for row in rows} <= expected, (path, username)
            if username == "administrator":
                assert {"E1", "E3"} <= {row[key] for row in rows}


def test_whoever_is_signed_in_signs_with_her_own_name(
    world: tuple[FastAPI, Database], ids: dict[str, dict[str, str]]
) -> None:
    app, database = world
    client = signed_in(app, database, "coordinator1", NOW)
    path = f"/api/v1/alarms/{ids['E1']['alarm_id']}/close"
    answer = client.post(path, json={"by": {"role": "town_admin", "id": "S01"}})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yourself")


def test_what_a_person_does_is_never_written_down_as_the_elders_own_or_the_systems(
    world: tuple[FastAPI, Database], ids: dict[str, dict[str, str]]
) -> None:
    client = signed_in(*world, "coordinator1", NOW)
    unsigned = meal("unsigned", ["红烧肉"])
    del unsigned["by"]
    checkin = {"turn_key": "unsigned", "elder_id": "E1", "channel": "visit", "outcome": "well"}
    for path, body in (
        ("requests", unsigned),
        ("requests", unsigned | {"by": None}),
        ("checkins", checkin),
        (f"reminders/{ids['E1']['reminder_id']}/done", {}),
    ):
        answer = client.post(f"/api/v1/{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_yourself"), path


def test_another_site_cannot_use_a_session(
    world: tuple[FastAPI, Database], ids: dict[str, dict[str, str]]
) -> None:
    app, database = world
    client = signed_in(app, database, "coordinator1", NOW)
    client.headers["X-CSRF-Token"] = "guessed"
    answer = client.post(f"/api/v1/alarms/{ids['E1']['alarm_id']}/close", json={})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_a_carer_sees_the_elder_of_another_village_to_whom_she_is_sent(
    world: tuple[FastAPI, Database], ids: dict[str, dict[str, str]]
) -> None:
    app, database = world
    with database.write() as session:
        sent = session.get_one(Request, ids["E3"]["request_id"])
        accounts.find(session, "caregiver1").carer_id = sent.carer_id
    client = signed_in(app, database, "caregiver1", NOW)
    assert client.get("/api/v1/elders/E3").status_code == 200
    with database.write() as session:
        accounts.find(session, "caregiver1").carer_id = None
    assert client.get("/api/v1/elders/E3").status_code == 404
