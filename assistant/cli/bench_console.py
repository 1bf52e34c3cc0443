"""`kangban bench console`: the console's pages over years of records, timed on the server's side."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from fastapi.testclient import TestClient

from assistant.cli import bench
from assistant.cli.bench_years import Years, fill
from assistant.cli.lines import tell, write_json, write_line
from assistant.cli.settings import CliSettings
from assistant.cli.wiring import build_system
from assistant.vocabulary import Role
from backend.access import COOKIE
from backend.auth import accounts, sign_in
from backend.auth.models import Account
from backend.auth.passwords import hash_password
from backend.clock import SystemClock
from backend.database import Database
from backend.database.migrate import upgrade
from backend.demo.seeding import seed

LIMIT_MS = 300.0
"""What any view may take, in milliseconds of the server's time."""

REPEATS = 5
_NOW = "2026-11-23T09:30:00+08:00"
_PASSWORD = "bench-password-of-one-run"  # noqa: S105 - of a database that is gone afterwards

PAGES: dict[str, str] = {
    "today": "/console",
    "alarm banner": "/console/alarm-banner",
    "alarms": "/console/alarms",
    "requests": "/console/requests",
    "requests, page 1000": "/console/requests?after={deep}",
    "requests of a kind and state": "/console/requests?kind=meal&state=cancelled",
    "requests of a village": "/console/requests?village=V07",
    "requests by two tags": "/console/requests?tag=独居&tag=失能",
    "requests of a carer": "/console/requests?carer=K03",
    "requests of a week": "/console/requests?since=2025-03-03&until=2025-03-09",
    "requests, a common word": "/console/requests?text=红烧肉",
    "requests, a rare word": "/console/requests?text=没有人这样说",
    "requests, hardly understood": "/console/requests?less_sure=0.3",
    "requests, all together": "/console/requests?kind=home_care&state=completed&village=V03&tag=高龄"
    "&since=2024-06-01&until=2026-06-01&text=助浴&less_sure=0.8",
    "one request": "/console/requests/{request}",
    "turns": "/console/turns",
    "turns of an elder": "/console/turns?elder={elder}",
    "turns of an elder, a rare word": "/console/turns?elder={elder}&text=没有人这样说",
    "turns of a village": "/console/turns?village=V07",
    "turns, a rare word": "/console/turns?text=没有人这样说",
    "turns, hardly understood": "/console/turns?unsure=1",
    "turns of a village, hardly understood": "/console/turns?unsure=1&village=V07",
    "turns of an intent of a village": "/console/turns?intent=out_of_scope&village=V07",
    "elders": "/console/elders",
    "an elder": "/console/elders/{elder}",
    "work": "/console/work",
    "canteen list": "/console/canteen",
    "map": "/console/map",
    "statistics": "/console/statistics",
    "learning": "/console/learning",
    "audit": "/console/audit?reads=1",
}
"""name → page; each is asked for as a town administrator and, limited, as a village's coordinator."""


def bench_console(
    settings: CliSettings, *, turns: int, requests: int, url: str | None, keep: Path | None, as_json: bool
) -> bool:
    """Fill a database with years of records, time every page, print it; return whether all keep the limit.

    Args:
        settings: the command's settings.
        turns: how many turns.
        requests: how many requests.
        url: an empty PostgreSQL database to use; by default a temporary SQLite file.
        keep: a file to keep the SQLite database in, used again where it is there.
        as_json: one JSON object a line.
    """
    with tempfile.TemporaryDirectory(prefix="kangban-bench-") as folder:
        file = keep or Path(folder) / "years.db"
        used = url or f"sqlite:///{file.absolute()}"
        there = url is None and file.exists()
        lent = replace(settings, home=Path(folder), database_url=used)
        clock = SystemClock.starting_at(_NOW)
        if there:
            upgrade(used)
        else:
            _prepare(used, clock.now(), Years(turns=turns, requests=requests))
        system = build_system(lent, clock=clock, secret="", dialogue_address=lambda: None)
        try:
            rows = [
                row
                for username in ("s01", "s09")
                for row in _measure(TestClient(system.app), system.database, username, clock.now())
            ]
        finally:
            system.app.state.parts.reads.flush()
            system.database.dispose()
    kind = "postgresql" if url else "sqlite"
    samples = bench.keep(settings, rows, bench=f"console-{kind}")
    return _report(rows, kind=kind, samples=samples, as_json=as_json)


def _prepare(url: str, now: datetime, years: Years) -> None:
    begun = time.perf_counter()
    upgrade(url)
    database = Database(url)
    try:
        seed(database, now=now)
        tell(f"正在填 {years.turns} 句话、{years.requests} 条服务 (filling the database) …")
        fill(database, years=years, now=now)
        database.transact(lambda session: accounts.of_staff(session, at=now))
    finally:
        database.dispose()
    tell(f"填好了，{time.perf_counter() - begun:.0f} 秒 (filled)")


def _measure(client: TestClient, database: Database, username: str, now: datetime) -> list[dict[str, Any]]:
    def enter(session: Any) -> str | None:
        account: Account = accounts.find(session, username)
        account.password_hash, account.must_change = hash_password(_PASSWORD), False
        return sign_in.enter(
            session, username=username, password=_PASSWORD, second_factor_needed=False, now=now
        )

    token = database.transact(enter)
    client.cookies.set(COOKIE, token or "")
    with database.session() as session:
        role: Role = accounts.find(session, username).role
    found = _landmarks(client)
    rows = []
    for name, path in PAGES.items():
        samples, work = [], []
        status, size = 0, 0
        for _ in range(REPEATS):
            begun, worked = time.perf_counter(), time.process_time()
            answer = client.get(path.format(**found), follow_redirects=False)
            samples.append(round((time.perf_counter() - begun) * 1000, 1))
            work.append(round((time.process_time() - worked) * 1000, 1))
            status, size = answer.status_code, len(answer.content)
        rows.append(
            {
                "page": name,
                "role": str(role),
                "status": status,
                "bytes": size,
                "median_ms": median(samples),
                "worst_ms": max(samples),
                "cpu_ms": median(work),
                "samples_ms": samples,
            }
        )
    return rows


def _landmarks(client: TestClient) -> dict[str, str]:
    """Return a request and an elder of the first pages, and a mark far back in the log."""
    requests, elders = client.get("/console/requests").text, client.get("/console/elders").text
    return {
        "request": requests.split('href="/console/requests/', 1)[1].split('"', 1)[0],
        "elder": "E" + elders.split('<a href="/console/elders/E', 1)[1].split('"', 1)[0],
        "deep": "2024-06-01T08:00:00+00:00~z",
    }


def _report(rows: list[dict[str, Any]], *, kind: str, samples: Path, as_json: bool) -> bool:
    slow = [row for row in rows if row["median_ms"] > LIMIT_MS]
    broken = [row for row in rows if row["status"] not in (200, 403)]
    worst = max(row["median_ms"] for row in rows)
    summary = {
        "bench": "console",
        "database": kind,
        "pages": len(rows),
        "worst_median_ms": worst,
        "worst_cpu_ms": max(row["cpu_ms"] for row in rows),
        "limit_ms": LIMIT_MS,
        "ratio": round(worst / LIMIT_MS, 2),
        "slow": [f"{row['page']} ({row['role']})" for row in slow],
        "broken": [f"{row['page']} ({row['role']}): {row['status']}" for row in broken],
        "samples": str(samples),
    }
    if as_json:
        for row in rows:
            write_json(row)
        write_json(summary)
    else:
        for row in rows:
            mark = "慢" if row in slow else " "
            write_line(
                f"{mark} {row['median_ms']:8.1f} ms  worst {row['worst_ms']:8.1f}  cpu {row['cpu_ms']:7.1f}"
                f"  {row['role']:<12} {row['page']}"
            )
        write_line(f"最慢 worst: {worst} ms of {LIMIT_MS} (ratio {summary['ratio']}), {kind}")
        write_line(f"每一次 raw samples: {samples}")
        for line in summary["broken"]:
            write_line(f"打不开 broken: {line}")
    return not slow and not broken
