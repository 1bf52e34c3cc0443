"""The inbox: a message is answered once, an elder's turns run one at a time, and nothing blocks for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from threading import Barrier
from time import monotonic, sleep

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.exc import IntegrityError

from backend.database import Database
from backend.turns.models import Turn, TurnState
from backend.turns.service import Inbox, LeaseLost, TurnRow

NOW = datetime(2026, 11, 23, 0, 0, tzinfo=timezone.utc)
LEASE = 30.0


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def inbox(database: Database) -> Inbox:
    return Inbox(database)


@pytest.fixture
def processes(database_url: str) -> Iterator[list[Inbox]]:
    """Inboxes with engines of their own, as separate processes have them."""
    databases = [Database(database_url) for _ in range(4)]
    yield [Inbox(database) for database in databases]
    for database in databases:
        database.dispose()


def say(
    inbox: Inbox, message: str, *, elder: str = "E0007", words: str = "我要订中饭", at: datetime = NOW
) -> TurnRow:
    return inbox.receive(channel="web", message_id=message, elder_id=elder, text=words, at=at)


def test_a_message_is_received_once_and_then_found(inbox: Inbox) -> None:
    first, second = say(inbox, "m1"), say(inbox, "m1", at=later(9))
    assert (first.fresh, second.fresh) == (True, False)
    assert (first.id, first.turn_key) == (second.id, "web:m1")
    assert (second.same_body, second.received_at, second.text) == (True, NOW, "我要订中饭")


@pytest.mark.parametrize("other", [{"words": "我要订晚饭"}, {"elder": "E0008"}])
def test_the_same_message_id_with_something_else_is_noticed(inbox: Inbox, other: dict[str, str]) -> None:
    say(inbox, "m1")
    again = say(inbox, "m1", **other)
    assert (again.fresh, again.same_body, again.elder_id, again.text) == (False, False, "E0007", "我要订中饭")


def test_the_same_message_at_once_in_several_processes_makes_one_row(processes: list[Inbox]) -> None:
    together = Barrier(4)

    def receive(inbox: Inbox) -> list[TurnRow]:
        together.wait()
        return [say(inbox, f"m{number}") for number in range(10)]

    with ThreadPoolExecutor(4) as pool:
        rows = [row for rows in pool.map(receive, processes) for row in rows]
    assert Counter(row.fresh for row in rows) == {True: 10, False: 30}
    assert len({row.id for row in rows}) == 10


def test_a_channel_cannot_forge_another_channels_turn_key(inbox: Inbox) -> None:
    with pytest.raises(ValueError, match="channel"):
        inbox.receive(channel="web:m1", message_id="x", elder_id="E0007", text="x", at=NOW)


def test_the_database_too_refuses_a_channel_with_a_colon(database: Database) -> None:
    row = {
        "channel": "a:b", "message_id": "c", "elder_id": "E", "text": "", "received_at": NOW,
        "state": TurnState.RECEIVED, "attempts": 0,
    }  # fmt: skip
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(insert(Turn).values(row))


def test_a_finished_turn_keeps_its_reply_and_how_long_it_took(inbox: Inbox) -> None:
    turn = say(inbox, "m1")
    assert inbox.claim(turn.id, owner="p1", now=later(1), lease_s=LEASE)
    inbox.finish(turn.id, owner="p1", result={"replies": ["订好了"]}, now=later(2.5))
    again = say(inbox, "m1")
    assert (again.state, again.result) == ("done", {"replies": ["订好了"]})
    assert not inbox.claim(turn.id, owner="p1", now=later(99), lease_s=LEASE), "done is done"
    assert inbox.latest("E0007") == inbox.find("web:m1") == inbox.get(turn.id)


def test_an_elders_turns_run_in_the_order_of_arrival(inbox: Inbox) -> None:
    first, second = say(inbox, "m1"), say(inbox, "m2")
    assert not inbox.claim(second.id, owner="p2", now=later(1), lease_s=LEASE), "m1 waits"
    assert inbox.claim(first.id, owner="p1", now=later(1), lease_s=LEASE)
    assert not inbox.claim(second.id, owner="p2", now=later(2), lease_s=LEASE), "m1 is in hand"
    inbox.finish(first.id, owner="p1", result={}, now=later(3))
    assert inbox.claim(second.id, owner="p2", now=later(4), lease_s=LEASE)


def test_elders_do_not_wait_for_each_other(inbox: Inbox) -> None:
    one, other = say(inbox, "m1"), say(inbox, "m2", elder="E0008")
    assert inbox.claim(one.id, owner="p1", now=NOW, lease_s=LEASE)
    assert inbox.claim(other.id, owner="p2", now=NOW, lease_s=LEASE)


def test_a_failed_turn_can_run_again_but_not_beside_a_later_one(inbox: Inbox) -> None:
    first, second = say(inbox, "m1"), say(inbox, "m2")
    assert inbox.claim(first.id, owner="p1", now=NOW, lease_s=LEASE)
    inbox.fail(first.id, owner="p1", note="the dialogue did not answer", now=later(1))
    assert inbox.claim(second.id, owner="p2", now=later(2), lease_s=LEASE), "a failed turn blocks nobody"
    assert not inbox.claim(first.id, owner="p1", now=later(3), lease_s=LEASE)
    inbox.finish(second.id, owner="p2", result={}, now=later(4))
    assert inbox.claim(first.id, owner="p1", now=later(5), lease_s=LEASE)


def test_a_lease_that_ran_out_is_taken_over_and_its_old_owner_writes_nothing(inbox: Inbox) -> None:
    turn = say(inbox, "m1")
    assert inbox.claim(turn.id, owner="dead", now=NOW, lease_s=LEASE)
    assert not inbox.claim(turn.id, owner="p2", now=later(LEASE - 1), lease_s=LEASE)
    assert inbox.claim(turn.id, owner="p2", now=later(LEASE + 1), lease_s=LEASE)
    with pytest.raises(LeaseLost):
        inbox.finish(turn.id, owner="dead", result={"replies": ["late"]}, now=later(LEASE + 2))
    with pytest.raises(LeaseLost):
        inbox.fail(turn.id, owner="dead", note="late", now=later(LEASE + 2))
    inbox.finish(turn.id, owner="p2", result={"replies": ["good"]}, now=later(LEASE + 3))
    assert say(inbox, "m1").result == {"replies": ["good"]}


def test_a_turn_whose_process_died_does_not_keep_the_next_one_waiting(inbox: Inbox) -> None:
    first, second = say(inbox, "m1"), say(inbox, "m2", at=later(1))
    assert inbox.claim(first.id, owner="dead", now=later(1), lease_s=LEASE)
    assert not inbox.claim(second.id, owner="p2", now=later(LEASE), lease_s=LEASE)
    assert inbox.claim(second.id, owner="p2", now=later(LEASE + 2), lease_s=LEASE)
    inbox.finish(second.id, owner="p2", result={}, now=later(LEASE + 3))
    assert inbox.claim(first.id, owner="p3", now=later(LEASE + 4), lease_s=LEASE), "and it can run again"


def test_a_message_that_nobody_ever_took_up_does_not_keep_the_next_one_waiting(inbox: Inbox) -> None:
    say(inbox, "m1")
    second = say(inbox, "m2", at=later(5))
    assert not inbox.claim(second.id, owner="p2", now=later(LEASE - 1), lease_s=LEASE)
    assert inbox.claim(second.id, owner="p2", now=later(LEASE + 1), lease_s=LEASE)


def test_an_unknown_turn_cannot_be_claimed(inbox: Inbox) -> None:
    assert not inbox.claim(4711, owner="p1", now=NOW, lease_s=LEASE)
    assert inbox.get(4711) is None
    assert inbox.find("web:none") is None
    assert inbox.latest("E0007") is None


def test_one_of_many_processes_gets_a_turn(processes: list[Inbox]) -> None:
    together = Barrier(4)
    turns = [say(processes[0], f"m{number}", elder=f"E{number:04d}") for number in range(12)]

    def take(number: int) -> list[bool]:
        together.wait()
        return [
            processes[number].claim(turn.id, owner=f"p{number}", now=later(1), lease_s=LEASE)
            for turn in turns
        ]

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(4)))
    assert [sum(column) for column in zip(*taken, strict=True)] == [1] * 12


def test_turns_of_one_elder_never_run_side_by_side(processes: list[Inbox], database: Database) -> None:
    """Four processes fight over an elder's turns, some of which failed before: one is in hand at a time."""
    turns = [say(processes[0], f"m{number}") for number in range(8)]
    for turn in turns[:4]:  # failed ones can be claimed in any order: the hard case
        assert processes[0].claim(turn.id, owner="p", now=NOW, lease_s=LEASE)
        processes[0].fail(turn.id, owner="p", note="", now=NOW)
    in_hand: set[int] = set()
    overlaps: list[set[int]] = []
    together = Barrier(4)

    def work(number: int) -> int:
        done = 0
        together.wait()
        give_up = monotonic() + 60
        while done < 2 and monotonic() < give_up:
            for turn in turns[number::4]:
                if processes[number].claim(turn.id, owner=f"p{number}", now=later(1), lease_s=LEASE):
                    in_hand.add(turn.id)
                    if len(in_hand) > 1:
                        overlaps.append(set(in_hand))
                    sleep(0.003)
                    in_hand.discard(turn.id)
                    processes[number].finish(turn.id, owner=f"p{number}", result={}, now=later(2))
                    done += 1
        return done

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(work, range(4)))
    assert overlaps == []
    assert done == 8


def test_what_the_guard_found_is_kept_whoever_has_the_turn(inbox: Inbox, database: Database) -> None:
    turn = say(inbox, "m1", words="我摔倒了")
    inbox.note_finding(turn.id, {"category": "fall", "words": "摔倒了"})
    assert inbox.claim(turn.id, owner="p1", now=NOW, lease_s=LEASE)
    inbox.finish(turn.id, owner="p1", result={}, now=NOW, latency_ms=41)
    with database.session() as session:
        row = session.get_one(Turn, turn.id)
    assert (row.finding, row.latency_ms) == ({"category": "fall", "words": "摔倒了"}, 41)


def test_recent_turns_come_oldest_first(inbox: Inbox) -> None:
    for number in range(5):
        say(inbox, f"m{number}")
    say(inbox, "x", elder="E0008")
    assert [row.turn_key for row in inbox.recent("E0007", 3)] == ["web:m2", "web:m3", "web:m4"]


def test_no_step_of_a_turn_reads_the_whole_log(inbox: Inbox, database: Database) -> None:
    """Every statement that the inbox sends is answered from an index, as the planner itself says."""
    with database.write() as session:
        session.execute(
            insert(Turn),
            [
                {
                    "channel": "old", "message_id": f"{number}", "elder_id": f"E{number % 40:04d}",
                    "text": "x", "received_at": NOW, "state": TurnState.DONE, "attempts": 1,
                    "result": {"replies": ["好"]},
                }
                for number in range(4000)
            ],
        )  # fmt: skip
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE turns"))
    statements: list[tuple[str, object]] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, sql: str, parameters: object, *_: object) -> None:
        statements.append((sql, parameters))

    turn = say(inbox, "m1")
    assert inbox.claim(turn.id, owner="p1", now=NOW, lease_s=LEASE)
    inbox.finish(turn.id, owner="p1", result={}, now=NOW)
    inbox.latest("E0007")
    inbox.recent("E0007", 20)
    event.remove(database.engine, "before_cursor_execute", _note)
    seen = [(sql, values) for sql, values in statements if "turns" in sql and not sql.startswith("INSERT")]
    assert len(seen) >= 8
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    for sql, values in seen:
        with database.engine.connect() as connection:
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + sql, values))
        assert "SCAN turns" not in plan, f"{sql}\n{plan}"
        assert "Seq Scan" not in plan, f"{sql}\n{plan}"
