"""Years of records for the console's benchmark: turns, requests and what belongs to them, in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from assistant.cli.lines import tell
from assistant.vocabulary import CheckInChannel, CheckInOutcome, ReadingKind, RequestState, Role, ServiceKind
from backend.care.models import Carer
from backend.checkins.models import CheckIn
from backend.database import Database
from backend.elders.models import Elder, ElderReading
from backend.requests.models import Request, RequestHistory
from backend.turns.models import Turn, TurnState

YEARS = 3
CHUNK = 20_000
SEED = 20261123

SAID = (
    ("明天中午要一份红烧肉", "order_meal"), ("我想找人助浴", "request_home_care"),
    ("帮我约心内科", "book_appointment"), ("有没有人来陪我说说话", "seek_company"),
    ("昨天夜里没睡好", "report_wellbeing"), ("血压一百五十二 九十五", "report_vitals"),
    ("好的", "affirm"), ("不要了", "deny"), ("今天几号", "ask_datetime"), ("中午有什么菜", "ask_menu"),
    ("放段越剧听听", "out_of_scope"), ("谢谢你", "thank"), ("我的饭送来了没有", "query_request"),
)  # fmt: skip
"""What is said, and as what it is understood."""

_REPLY = "好的，您要一份红烧肉，送上门，对吗？"
_SUMMARIES = {
    ServiceKind.MEAL: "助餐 {day} 中饭 红烧肉×1 送上门",
    ServiceKind.HOME_CARE: "居家照护 助浴 {day} 09:00-10:00 张月琴",
    ServiceKind.MEDICAL_APPOINTMENT: "就医预约 镇卫生院 心内科 马志强 {day} 09:00",
    ServiceKind.COMPANIONSHIP: "关爱陪伴 上门 {day} 14:00-15:00 林巧云",
}
_DETAILS: dict[ServiceKind, dict[str, Any]] = {
    ServiceKind.MEAL: {"meal": "lunch", "dishes": ["红烧肉"], "quantity": 1, "delivery": "delivery",
                       "canteen_id": "C01", "canteen": "桥东食堂", "diet": ["soft"]},
    ServiceKind.HOME_CARE: {"care_item": "bathing", "minutes": 60},
    ServiceKind.MEDICAL_APPOINTMENT: {"department": "cardiology", "doctor": "马志强", "facility": "镇卫生院"},
    ServiceKind.COMPANIONSHIP: {"mode": "visit", "minutes": 60},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Years:
    """How many records there are."""

    turns: int
    requests: int


def fill(database: Database, *, years: Years, now: datetime) -> None:
    """Fill a demo town's database with records of the last years, in order of time."""
    random = Random(SEED)  # noqa: S311 - invented records, no secret
    with database.session() as session:
        elders = list(session.scalars(select(Elder.id).order_by(Elder.id)))
        carers = list(session.scalars(select(Carer.id).order_by(Carer.id)))
    begin = now - timedelta(days=365 * YEARS)
    _pour(database, Turn.__table__, _turns(years.turns, elders, begin, now, random))
    made = list(_requests(years.requests, elders, carers, begin, now, random))
    _pour(database, Request.__table__, iter(made))
    _pour(database, RequestHistory.__table__, _histories(made))
    _pour(database, CheckIn.__table__, _checkins(elders, begin, now, random))
    _pour(database, ElderReading.__table__, _readings(elders, begin, now, random))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _pour(database: Database, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    assert isinstance(table, Table)  # noqa: S101 - a mapped class has one
    done = 0
    while True:
        chunk = [row for _, row in zip(range(CHUNK), rows, strict=False)]
        if not chunk:
            break
        database.transact(lambda session, chunk=chunk: _insert(session, table, chunk))  # type: ignore[misc]
        done += len(chunk)
    tell(f"  {table.name}: {done}")


def _insert(session: Session, table: Table, chunk: list[dict[str, Any]]) -> None:
    session.execute(insert(table), chunk)


def _turns(
    count: int, elders: list[str], begin: datetime, now: datetime, random: Random
) -> Iterator[dict[str, Any]]:
    step = (now - begin) / count
    for number in range(count):
        text, intent = SAID[random.randrange(len(SAID))]
        at = begin + step * number
        sure = round(min(1.0, random.betavariate(8, 1.2)), 3)
        yield {
            "channel": "voice", "message_id": f"y{number}", "elder_id": random.choice(elders), "text": text,
            "received_at": at, "state": TurnState.DONE, "owner": None, "claimed_at": at, "lease_until": None,
            "attempts": 1, "finished_at": at, "latency_ms": 80, "intent": intent, "confidence": sure,
            "repaired": False,
            "result": {
                "text": text, "repaired": text, "intent": intent, "confidence": sure,
                "entities": [{"entity": "dish", "value": "红烧肉", "text": "红烧肉", "start": 7, "end": 10}],
                "slots": {"dish": ["红烧肉"], "quantity": 1}, "replies": [_REPLY],
                "committed": [], "alarm": None, "latency_ms": 80.0, "form": "meal",
            },
            "finding": None, "note": None,
        }  # fmt: skip


def _requests(
    count: int, elders: list[str], carers: list[str], begin: datetime, now: datetime, random: Random
) -> Iterator[dict[str, Any]]:
    step = (now - begin) / count
    kinds = [ServiceKind.MEAL] * 6 + [ServiceKind.HOME_CARE] * 2 + list(ServiceKind)[2:]
    for number in range(count):
        kind = random.choice(kinds)
        at = begin + step * number
        start = (at + timedelta(days=random.randint(0, 3))).replace(minute=0, second=0, microsecond=0)
        details = _DETAILS[kind]
        old = start < now - timedelta(hours=12)
        state = _ended(random) if old else random.choice((RequestState.ACCEPTED, RequestState.ASSIGNED))
        yield {
            "id": f"y{number:031d}", "elder_id": random.choice(elders), "kind": kind, "state": state,
            "start": start, "end": start + timedelta(hours=1), "details": details,
            "asked": {"details": details, "start": start.isoformat(), "end": None},
            "summary": _SUMMARIES[kind].format(day=start.date()), "said": "明天中午要一份红烧肉送到家里来",
            "carer_id": None if kind is ServiceKind.MEAL else random.choice(carers),
            "turn_key": f"voice:y{number * 10}", "created_at": at, "updated_at": at,
            "confidence": round(random.betavariate(8, 1.2), 3),
        }  # fmt: skip


def _ended(random: Random) -> RequestState:
    return random.choices(
        (RequestState.COMPLETED, RequestState.CANCELLED, RequestState.REJECTED), weights=(88, 10, 2)
    )[0]


def _histories(made: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in made:
        for state in (RequestState.SUBMITTED, RequestState.ACCEPTED, row["state"]):
            yield {
                "request_id": row["id"], "state": state, "event": None, "at": row["created_at"],
                "role": Role.ELDER, "by_id": row["elder_id"], "note": "", "said": "",
                "turn_key": row["turn_key"], "details": None,
            }  # fmt: skip


def _checkins(elders: list[str], begin: datetime, now: datetime, random: Random) -> Iterator[dict[str, Any]]:
    for day in range((now - begin).days):
        for elder_id in elders:
            if random.random() < 0.3:
                yield {
                    "id": f"y{day}-{elder_id}", "elder_id": elder_id, "channel": CheckInChannel.VOICE,
                    "outcome": random.choices(
                        (CheckInOutcome.WELL, CheckInOutcome.NEEDS_ATTENTION, CheckInOutcome.NO_ANSWER),
                        weights=(90, 4, 6),
                    )[0],
                    "mood": random.choice(("好", "还行", "闷")), "notes": "", "said": "", "role": None,
                    "by_id": "system", "turn_key": f"y{day}-{elder_id}", "at": begin + timedelta(days=day),
                    "follow_up": "", "followed_up_by": None, "followed_up_at": None,
                }  # fmt: skip


def _readings(elders: list[str], begin: datetime, now: datetime, random: Random) -> Iterator[dict[str, Any]]:
    for week in range((now - begin).days // 7):
        for elder_id in elders:
            yield {
                "id": f"y{week}-{elder_id}", "elder_id": elder_id, "kind": ReadingKind.BLOOD_PRESSURE,
                "value": float(random.randint(118, 172)), "value2": float(random.randint(70, 104)),
                "unit": "mmHg", "said": "", "turn_key": f"y{week}-{elder_id}",
                "measured_at": begin + timedelta(weeks=week),
            }  # fmt: skip
