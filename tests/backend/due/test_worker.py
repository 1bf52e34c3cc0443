"""The worker: each due row is done once, whoever asks, whatever breaks, and whichever way the clock jumps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from assistant.cli.wording import SpokenWording
from backend.clock import FrozenClock
from backend.database import Database
from backend.due import service
from backend.due.models import DueState, Outcome, WorkerBeat
from backend.due.steps import Handler, Lane, Step
from backend.due.worker import Worker, WorkerParts
from backend.engine import LANES, build_workers
from backend.outbox.sending import gave_up
from backend.settings import Settings
from tests.backend.clockwork import Clockwork

MINUTE = timedelta(minutes=1)


def schedule(database: Database, clock: FrozenClock, key: str, **more: object) -> bool:
    at = clock.now()
    values = {"kind": "bell", "subject_id": "S1", "due_at": at, "now": at} | more
    return database.transact(lambda session: service.schedule(session, key=key, **values))


def worker_of(database: Database, clock: FrozenClock, handler: Handler) -> Worker:
    parts = WorkerParts(
        database=database,
        clock=clock,
        wording=SpokenWording(),
        settings=Settings(database_url="sqlite://", service_token=""),
        gave_up=gave_up,
    )
    return Worker(parts, Lane(name="bells", handlers={"bell": handler}, errands={}))


def rows(database: Database) -> list[tuple[str, DueState, int]]:
    with database.session() as session:
        return sorted((row.key, row.state, row.attempts) for row in service.find(session, limit=500))


def test_the_same_thing_is_scheduled_once(database: Database, clock: FrozenClock) -> None:
    assert schedule(database, clock, "a")
    assert not schedule(database, clock, "a", due_at=clock.now() + MINUTE)
    assert len(rows(database)) == 1


def test_nothing_is_done_before_its_time_and_everything_at_it(database: Database, clock: FrozenClock) -> None:
    rung: list[str] = []

    def ring(step: Step) -> Outcome:
        rung.append(step.row.key)
        return Outcome.TOLD

    worker = worker_of(database, clock, ring)
    schedule(database, clock, "later", due_at=clock.now() + MINUTE)
    schedule(database, clock, "now")
    assert (worker.run_once(), rung) == (1, ["now"])
    clock.advance(MINUTE)
    assert (worker.run_once(), rung, worker.run_once()) == (1, ["now", "later"], 0)
    with database.session() as session:
        assert {row.outcome for row in service.find(session)} == {Outcome.TOLD}


def test_workers_of_several_processes_never_do_the_same_row(
    database_url: str, database: Database, clock: FrozenClock
) -> None:
    for number in range(60):
        schedule(database, clock, f"row {number:02}")
    others = [Database(database_url) for _ in range(4)]
    done: list[str] = []

    def ring(step: Step) -> Outcome:
        schedule_next(step)
        return Outcome.KEPT

    def schedule_next(step: Step) -> None:
        # The effect of a row is a row of its own, one for each time that the row is done.
        service.schedule(
            step.session, key=f"effect of {step.row.key} {step.row.token}", kind="effect",
            subject_id=step.row.key, due_at=step.now, now=step.now,
        )  # fmt: skip

    def work(other: Database) -> None:
        worker = worker_of(other, clock, ring)
        while worker.run_once():
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, others))
    with database.session() as session:
        done = [row.subject_id for row in service.find(session, kind="effect", limit=500)]
    assert sorted(done) == [f"row {number:02}" for number in range(60)]
    for other in others:
        other.dispose()


def test_a_row_that_fails_leaves_nothing_behind_and_is_tried_again_with_longer_pauses(
    database: Database, clock: FrozenClock
) -> None:
    def stumble(step: Step) -> Outcome:
        schedule_effect(step)
        raise RuntimeError("no")

    def schedule_effect(step: Step) -> None:
        service.schedule(
            step.session, key="effect", kind="effect", subject_id="x", due_at=step.now, now=step.now
        )

    worker = worker_of(database, clock, stumble)
    schedule(database, clock, "a")
    pauses = []
    for _ in range(service.MOST_ATTEMPTS - 1):
        assert worker.run_once() == 1
        with database.session() as session:
            (row,) = service.find(session)
            pauses.append((row.due_at - clock.now()).total_seconds())
        assert row.last_error == "RuntimeError: no"
        clock.at = row.due_at
    assert pauses == [5, 10, 20, 40, 80, 160, 300]
    worker.run_once()
    assert rows(database) == [("a", DueState.FAILED, service.MOST_ATTEMPTS)]


def test_what_failed_for_good_is_told_on_the_consoles(engine: Clockwork) -> None:
    def stumble(step: Step) -> Outcome:
        raise RuntimeError("no")

    schedule(engine.database, engine.clock, "a")
    worker = worker_of(engine.database, engine.clock, stumble)
    for _ in range(service.MOST_ATTEMPTS):
        worker.run_once()
        engine.clock.advance(timedelta(minutes=6))
    (told,) = engine.messages()
    assert (told.standing, "bell" in told.text) == (True, True)


def test_an_urgent_row_is_never_given_up(database: Database, clock: FrozenClock) -> None:
    def stumble(step: Step) -> Outcome:
        raise RuntimeError("no")

    worker = worker_of(database, clock, stumble)
    schedule(database, clock, "a", urgent=True)
    for _ in range(40):
        assert worker.run_once() == 1
        clock.advance(service.LONGEST_URGENT_PAUSE)
    assert rows(database) == [("a", DueState.PENDING, 40)]


def test_a_row_whose_worker_died_is_done_by_another_when_the_lease_is_over(
    database: Database, clock: FrozenClock
) -> None:
    schedule(database, clock, "a")
    claim(database, clock)
    worker = worker_of(database, clock, lambda step: Outcome.KEPT)
    assert worker.run_once() == 0
    clock.advance(service.LEASE)
    assert worker.run_once() == 1
    assert rows(database) == [("a", DueState.DONE, 2)]


def test_a_worker_that_was_too_slow_changes_nothing(database: Database, clock: FrozenClock) -> None:
    schedule(database, clock, "a")
    (slow,) = claim(database, clock)
    clock.advance(service.LEASE)
    (fast,) = claim(database, clock)

    def end(session: Session, row: service.Claimed) -> bool:
        return service.end(session, row, outcome=Outcome.KEPT, now=clock.now())

    assert not database.transact(lambda session: end(session, slow))
    assert database.transact(lambda session: end(session, fast))
    assert not database.transact(lambda session: end(session, replace(fast, attempts=9)))


def test_a_lease_from_before_the_clock_was_put_back_is_over(database: Database, clock: FrozenClock) -> None:
    schedule(database, clock, "a", due_at=clock.now() - timedelta(days=3))
    claim(database, clock)
    clock.advance(timedelta(days=-2))
    assert worker_of(database, clock, lambda step: Outcome.KEPT).run_once() == 1


@pytest.mark.parametrize(("urgent", "done"), [(True, 1), (False, 0)])
def test_an_urgent_deadline_does_not_wait_for_a_clock_that_was_put_back(
    database: Database, clock: FrozenClock, urgent: bool, done: int
) -> None:
    schedule(database, clock, "a", due_at=clock.now() + MINUTE, urgent=urgent)
    clock.advance(-timedelta(hours=5))
    assert worker_of(database, clock, lambda step: Outcome.KEPT).run_once() == done


def test_what_is_no_longer_needed_is_not_done(database: Database, clock: FrozenClock) -> None:
    schedule(database, clock, "a")
    assert database.transact(lambda session: service.withdraw(session, "S1", now=clock.now())) == 1
    assert worker_of(database, clock, lambda step: Outcome.KEPT).run_once() == 0
    assert rows(database) == [("a", DueState.WITHDRAWN, 0)]


def test_health_says_when_the_engine_stands_still(api: TestClient, engine: Clockwork) -> None:
    def health() -> tuple[bool, int]:
        found = api.get("/health").json()["engine"]
        return found["running"], found["late"]

    assert health() == (False, 0)
    for worker in engine.workers:
        worker.beat()
    schedule(engine.database, engine.clock, "a")
    assert health() == (True, 0)
    engine.clock.advance(timedelta(minutes=1))
    assert health() == (False, 1)
    engine.workers[0].beat()
    assert health() == (False, 1), "the other lane stands still"
    engine.workers[1].beat()
    assert health() == (True, 1)


def test_beats_of_workers_long_gone_are_cleared_away(engine: Clockwork) -> None:
    engine.workers[0].beat()
    engine.clock.advance(timedelta(days=2))
    build_workers(
        engine.database, engine.clock, wording=SpokenWording(), settings=engine.settings, notifiers={}
    )[0].beat()
    with engine.database.session() as session:
        assert session.query(WorkerBeat).count() == 1
    assert len(LANES) == 2


def test_due_rows_can_be_looked_at(api: TestClient, engine: Clockwork) -> None:
    schedule(engine.database, engine.clock, "a", subject_id="S9")
    (row,) = api.get("/due", params={"subject_id": "S9", "state": "pending"}).json()["due"]
    assert (row["kind"], row["attempts"], row["outcome"]) == ("bell", 0, None)
    assert api.get("/due", params={"state": "failed"}).json() == {"due": []}


def claim(database: Database, clock: FrozenClock) -> list[service.Claimed]:
    return database.transact(
        lambda session: service.claim(session, kinds=["bell"], worker="w", now=clock.now(), limit=5)
    )
