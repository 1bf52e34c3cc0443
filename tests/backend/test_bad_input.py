"""Whatever is sent, the answer is a problem document and never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.backend.asking import care, meal

GOOD = meal("web:1", ["红烧肉"])


def spoilt(**changes: Any) -> dict[str, Any]:
    return GOOD | changes


def in_details(**changes: Any) -> dict[str, Any]:
    return GOOD | {"details": GOOD["details"] | changes}


BODIES: dict[str, Any] = {
    "nul in a name": in_details(dishes=["红烧\x00肉"]),
    "nul in an unknown member": in_details(note="a\x00b"),
    "nul in a member's name": in_details(**{"a\x00": 1}),
    "lone surrogate": spoilt(said="\ud800"),
    "lone surrogate in details": in_details(address="\udfff"),
    "lone surrogate in an unknown member": in_details(note=["\ud800"]),
    "nul in the key": spoilt(turn_key="web:\x001"),
    "empty key": spoilt(turn_key=""),
    "endless key": spoilt(turn_key="x" * 201),
    "endless said": spoilt(said="说" * 5000),
    "endless address": in_details(address="路" * 5000),
    "endless dishes": in_details(dishes=["红烧肉"] * 21),
    "no dishes": in_details(dishes=[]),
    "dishes of the wrong type": in_details(dishes={"a": 1}),
    "none of a dish": in_details(quantity=0),
    "less than none": in_details(quantity=-1),
    "endless quantity": in_details(quantity=10**30),
    "half a portion": in_details(quantity=1.5),
    "no such meal": in_details(meal="tea"),
    "no such day": in_details(day="2026-02-30"),
    "a day beyond the calendar": in_details(day="99999-01-01"),
    "nested too deeply": in_details(note=json.loads("[" * 40 + "]" * 40)),
    "details of the wrong type": spoilt(details=[1]),
    "no details": spoilt(details=None),
    "no such kind": spoilt(kind="opera"),
    "kind of the wrong type": spoilt(kind={"meal": 1}),
    "no such role": spoilt(by={"role": "king", "id": "E1"}),
    "an id with spaces": spoilt(elder_id="E 1"),
    "an endless id": spoilt(elder_id="E" * 65),
    "an unknown member": spoilt(surprise=1),
    "a list": [1, 2],
    "nothing": None,
    "a start without offset": care("web:1", "bathing", "09:00") | {"start": "2026-11-24T09:00:00"},
    "a start beyond the calendar": care("web:1", "bathing", "09:00") | {"start": "9999-12-31T23:59:59-12:00"},
    "an end before the start": care("web:1", "bathing", "10:00", "09:00"),
    "an end without a start": GOOD | {"end": "2026-11-24T09:00:00+08:00"},
    "care without a time": care("web:1", "bathing", "09:00") | {"start": None, "end": None},
    "care of an unknown kind": care("web:1", "juggling", "09:00"),
    "care of endless length": care("web:1", "bathing", "09:00", minutes=100_000),
    "an unknown carer": care("web:1", "bathing", "09:00", carer_id="K99"),
    "an unknown carer's name": care("web:1", "bathing", "09:00", carer="没有这个人"),
    "an unknown canteen": in_details(canteen="没有这个食堂"),
}


def test_a_bad_body_is_refused_with_a_problem_document(api: TestClient) -> None:
    for name, body in BODIES.items():
        answer = api.post("/requests", content=json.dumps(body), headers={"Content-Type": "application/json"})
        assert answer.status_code == 422, (name, answer.status_code, answer.text)
        assert answer.headers["content-type"] == "application/problem+json", name
        assert answer.json()["code"], name
    assert api.get("/requests").json()["total"] == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe{}", b'{"a": NaN}', b"[" * 20_000, b'{"details": {"x": 1e999}}', b"1" * 5000],
)
def test_what_is_not_json_is_refused_with_a_problem_document(api: TestClient, content: bytes) -> None:
    answer = api.post("/requests", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] == "bad_input"


def test_a_body_larger_than_any_honest_one_is_refused_unread(api: TestClient) -> None:
    answer = api.post("/requests", content=b'{"said": "' + b"x" * 8_000_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "path",
    [
        "/elders/%00",
        "/elders/E1%0d%0a",
        "/elders/" + "E" * 100,
        "/requests/%ED%A0%80",
        "/requests?elder_id=%00",
        "/requests?limit=0",
        "/requests?limit=999999999999999999999999",
        "/requests?offset=-1",
        "/requests?start=yesterday",
        "/requests?start=2026-11-24T09:00:00",
        "/requests?state=lost",
        "/elders?name=%00",
        "/elders?tag=%00",
        "/menus?elder_id=E1&day=tomorrow&meal=lunch",
        "/menus?elder_id=E1&day=2026-11-23&meal=tea",
        "/care/availability?care_item=juggling&start=2026-11-24T09:00:00%2B08:00"
        "&end=2026-11-24T10:00:00%2B08:00&elder_id=E1",
        "/appointments/slots?department=astrology",
    ],
)
def test_a_bad_query_is_refused_with_a_problem_document(api: TestClient, path: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_path_or_method_answers_with_a_problem_document(api: TestClient) -> None:
    for answer in (api.get("/nothing"), api.delete("/requests")):
        assert answer.status_code in (404, 405)
        assert answer.headers["content-type"] == "application/problem+json"
