"""What the WeChat channel keeps: signatures are used once, owed answers are told once."""

from __future__ import annotations

import threading
from datetime import timedelta

from backend.database import Database
from backend.wechat import service
from tests.backend.conftest import NOW


def use(town: Database, key: str = "k", message: str = "m", seconds: float = 0) -> bool:
    at = NOW + timedelta(seconds=seconds)
    return town.transact(lambda session: service.use_nonce(session, key=key, message=message, now=at))


def owe(town: Database, message_id: str, account: str = "o1", seconds: float = 0) -> None:
    town.transact(
        lambda session: service.owe(
            session, message_id=message_id, account=account, elder_id="E1", text="话", media_id=None,
            now=NOW + timedelta(seconds=seconds),
        )
    )  # fmt: skip


def tell(town: Database, *message_ids: str, told_with: str = "next") -> list[str]:
    return town.transact(lambda session: service.tell(session, message_ids, told_with=told_with, now=NOW))


def test_a_signature_is_for_one_message(town: Database) -> None:
    assert use(town)
    assert not use(town, message="other")
    assert use(town, key="k2", message="other")


def test_the_same_call_again_is_taken_for_half_a_minute_only(town: Database) -> None:
    assert use(town)
    assert use(town, seconds=29)
    assert not use(town, seconds=31)


def test_a_signature_is_kept_for_longer_than_its_time_stamp_counts(town: Database) -> None:
    assert use(town)
    assert use(town, key="another", seconds=19 * 60)  # what is old is cleared away with each use
    assert not use(town, seconds=19 * 60)


def test_of_many_who_use_a_signature_at_once_for_different_words_one_may(town: Database) -> None:
    allowed: list[int] = []
    ready = threading.Barrier(6)

    def one(number: int) -> None:
        ready.wait()
        if use(town, message=f"m{number}"):
            allowed.append(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(allowed) == 1


def test_what_is_owed_is_told_once_and_can_be_told_again_with_the_same_message(town: Database) -> None:
    owe(town, "m2", seconds=1)
    owe(town, "m1")
    owe(town, "m1", account="somebody else")  # the same message again changes nothing
    owe(town, "m3", account="o2")
    with town.session() as session:
        assert [row.message_id for row in service.owed(session, account="o1", now=NOW)] == ["m1", "m2"]
        assert len(service.owed(session, account=None, now=NOW)) == 3
        assert service.owed(session, account="o1", now=NOW + timedelta(hours=25)) == []
    assert sorted(tell(town, "m1", "m2")) == ["m1", "m2"]
    assert tell(town, "m1", told_with="outbox") == []
    with town.session() as session:
        assert service.owed(session, account="o1", now=NOW) == []
        assert [row.message_id for row in service.owed_with(session, "next")] == ["m1", "m2"]
