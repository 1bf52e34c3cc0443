"""What has happened in the town of the console's tests: requests, talks, alarms, check-ins of one morning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx2

from backend.auth import accounts
from backend.auth.models import Account
from backend.auth.passwords import hash_password
from backend.checkins.models import Round, RoundState
from backend.database import Database
from backend.surveys import service as surveys
from backend.turns.inbox import Inbox

NOW = "2026-11-23T09:30:00+08:00"
PASSWORD = "护理员的 测试密码"
_AT = datetime.fromisoformat(NOW)


def sign_up(database: Database, *, at: datetime) -> None:
    """Give the demo town's staff accounts whose one-time password was changed already."""

    def work(session: Any) -> None:
        accounts.of_staff(session, at=at)
        stored = hash_password(PASSWORD)
        for account in session.query(Account):
            account.password_hash, account.must_change = stored, False

    database.transact(work)


def happen(api: httpx2.Client, database: Database) -> dict[str, str]:
    """Let the morning happen; return ids of what came of it."""
    ids: dict[str, str] = {}

    def post(name: str, path: str, body: dict[str, Any]) -> None:
        answer = api.post(path, json=body)
        assert answer.status_code in (200, 201), answer.text
        ids[name] = answer.json()["id"]

    bath = _bath()
    post("bath", "/requests", bath)
    post("meal", "/requests", _meal("t:meal", "E0003"))
    post("meal2", "/requests", _meal("t:meal2", "E0007", dishes=["套餐"]))
    post("visit", "/requests", _company("t:visit", "E0005"))
    post("elsewhere", "/requests", _company("t:elsewhere", "E0030"))
    api.post(
        f"/requests/{ids['visit']}/events",
        json={"turn_key": "t:assign", "event": "assign", "by": {"role": "coordinator", "id": "S03"}},
    )
    _talk(database, ids["bath"])
    post("alarm", "/alarms", {"turn_key": "t:alarm", "elder_id": "E0007", "category": "fall",
                              "words": "我摔倒了，站不起来", "channel": "voice"})  # fmt: skip
    post("alarm_elsewhere", "/alarms", {"turn_key": "t:alarm2", "elder_id": "E0030", "category": "help",
                                        "words": "来人啊", "channel": "voice"})  # fmt: skip
    post(
        "handover", "/handovers", {"turn_key": "t:handover", "elder_id": "E0004", "reason": "想找人说说药费"}
    )
    post("checkin", "/checkins", {"turn_key": "t:checkin", "elder_id": "E0006", "channel": "voice",
                                  "outcome": "needs_attention", "mood": "闷", "notes": "说两天没胃口",
                                  "said": "这两天没胃口"})  # fmt: skip
    for number, (high, low) in enumerate(((152, 95), (148, 92), (160, 98), (145, 88))):
        api.post(
            "/elders/E0003/readings",
            json={
                "turn_key": f"t:reading{number}",
                "readings": [{"kind": "blood_pressure", "value": high, "value2": low, "unit": "mmHg"}],
                "measured_at": (_AT - timedelta(days=4 - number)).isoformat(),
            },
        )
    return ids


def ask_after(api: httpx2.Client, database: Database) -> None:
    """Let some elders be asked how they are this morning: one did not answer, one has yet to, one is well."""
    for elder in ("E0002", "E0004", "E0005"):
        assert api.put(f"/elders/{elder}/rhythm", json={"times": ["08:00"]}).status_code == 200
    assert api.put("/elders/E0006/rhythm", json={"times": ["18:00"]}).status_code == 200
    missed = {"turn_key": "t:missed", "elder_id": "E0002", "channel": "voice", "outcome": "no_answer"}
    checkin = api.post("/checkins", json=missed).json()["id"]
    about: list[tuple[str, RoundState, dict[str, Any]]] = [
        ("E0002", RoundState.PEOPLE_TOLD, {"checkin_id": checkin, "rounds": 3}),
        ("E0005", RoundState.ASKED, {}),
        ("E0004", RoundState.ANSWERED, {"said": "挺好的，睡得香", "mood": "well", "answered_at": _AT}),
    ]

    def work(session: Any) -> None:
        for elder, state, more in about:
            found = {"rounds": 1, "said": "", "mood": "", "answered_at": None, "checkin_id": None} | more
            planned = _AT.replace(hour=8, minute=0)
            session.add(
                Round(id=f"r-{elder}", elder_id=elder, planned_at=planned, state=state, asked_at=planned,
                      follow_up=None, **found)
            )  # fmt: skip

    database.transact(work)


def finish(api: httpx2.Client) -> str:
    """Let a visit be done this morning; return its id."""
    made = api.post("/requests", json=_company("t:done", "E0002")).json()["id"]
    for number, event in enumerate(("assign", "start", "complete")):
        body = {"turn_key": f"t:done{number}", "event": event, "by": {"role": "coordinator", "id": "S03"}}
        assert api.post(f"/requests/{made}/events", json=body).status_code == 200
    return str(made)


SURVEY = """姓名,性别,出生年,村居,地址,电话,居住情况,慢病,忌口,标签,联系人,关系,联系人电话
李桂花,女,1941,桥东村,3组8号,13000009999,独居,高血压、糖尿病,低盐,高龄、低保,李强,儿子,13000008888
王大有,男,1938,桥东村,3组9号,13000009998,与老伴同住,,,,,,
=1+1,女,1941,桥东村,,,独居,,,,,,
赵阿婆,女,1941,柳塘村,,,独居,,,,,,
"""


def bring_survey(database: Database) -> str:
    """Let the administrator bring a survey; return the import's id."""
    return str(
        database.transact(
            lambda session: surveys.preview(
                session, name="桥东村问卷.csv", data=SURVEY.encode(), village_id=None,
                actor="town_admin:S01", now=_AT,
            ).id
        )
    )  # fmt: skip


def _bath() -> dict[str, Any]:
    return {
        "turn_key": "voice:b4", "elder_id": "E0003", "kind": "home_care",
        "details": {"care_item": "bathing"}, "said": "好的",
        "start": "2026-11-24T09:00:00+08:00", "end": "2026-11-24T11:00:00+08:00",
        "by": {"role": "elder", "id": "E0003"},
    }  # fmt: skip


def _meal(key: str, elder: str, **details: Any) -> dict[str, Any]:
    wish = {"meal": "lunch", "day": "2026-11-24", "dishes": ["套餐"], "quantity": 1, "delivery": "delivery"}
    return {
        "turn_key": key, "elder_id": elder, "kind": "meal", "details": wish | details, "said": "要一份午饭",
        "by": {"role": "elder", "id": elder},
    }  # fmt: skip


def _company(key: str, elder: str) -> dict[str, Any]:
    return {
        "turn_key": key, "elder_id": elder, "kind": "companionship", "details": {"mode": "visit"},
        "said": "想有人来坐坐", "start": "2026-11-23T14:00:00+08:00", "end": "2026-11-23T15:00:00+08:00",
        "by": {"role": "elder", "id": elder},
    }  # fmt: skip


def _talk(database: Database, request_id: str) -> None:
    """The talk from which the bath came: heard wrongly, repaired, asked, read back, agreed."""
    inbox = Inbox(database)
    turns: list[dict[str, Any]] = [
        {"text": "我想主浴", "repaired": "我想助浴", "intent": "request_home_care", "confidence": 0.91,
         "entities": [{"entity": "care_item", "value": "bathing", "text": "主浴", "start": 2, "end": 4}],
         "slots": {"care_item": "bathing"}, "replies": ["您要助浴，什么时候来呢？"], "form": "home_care"},
        {"text": "明朝上午", "intent": "request_home_care", "confidence": 0.62,
         "entities": [{"entity": "when", "value": "2026-11-24T09:00:00+08:00", "text": "明朝上午"}],
         "slots": {"when": {"start": "2026-11-24T09:00:00+08:00", "end": "2026-11-24T11:00:00+08:00"}},
         "replies": ["明天（星期二）上午助浴，对吗？"], "form": "home_care"},
        {"text": "嗯", "intent": "chitchat", "confidence": 0.41, "entities": [], "slots": {},
         "replies": ["明天（星期二）上午助浴，您说一声「好」我就订下。"], "form": "home_care"},
        {"text": "好的", "intent": "affirm", "confidence": 0.99, "entities": [], "slots": {},
         "replies": ["订好了，明天上午九点助浴。"], "form": None,
         "committed": [{"kind": "home_care", "id": request_id, "state": "assigned"}]},
    ]  # fmt: skip
    for number, turn in enumerate(turns, start=1):
        at = _AT - timedelta(minutes=10 - number)
        row = inbox.receive(
            channel="voice", message_id=f"b{number}", elder_id="E0003", text=turn["text"], at=at
        )
        assert inbox.claim(row.id, owner="test", now=at, lease_s=30)
        result = {"committed": [], "alarm": None, "latency_ms": 80.0, **turn}
        inbox.finish(row.id, owner="test", result=result, now=at + timedelta(seconds=1))


def misheard(database: Database, text: str, message_id: str) -> int:
    """Let a turn come that was hardly understood; return its number."""
    inbox = Inbox(database)
    row = inbox.receive(channel="voice", message_id=message_id, elder_id="E0003", text=text, at=_AT)
    assert inbox.claim(row.id, owner="test", now=_AT, lease_s=30)
    result = {"text": text, "intent": "nlu_fallback", "confidence": 0.3, "replies": ["您再说一遍好吗？"],
              "entities": [], "slots": {}, "committed": [], "alarm": None, "form": None}  # fmt: skip
    inbox.finish(row.id, owner="test", result=result, now=_AT)
    return row.id
