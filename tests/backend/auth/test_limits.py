"""However a statement is written, a village's session finds nothing of another village."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, select, union_all, update
from sqlalchemy.orm import Session, aliased, joinedload

from assistant.vocabulary import Emergency
from backend.alarms import service as alarms
from backend.alarms.models import Alarm
from backend.database import Database
from backend.elders.models import Contact, Elder, ElderTag, Village
from backend.elders.scope import village_limits
from tests.backend.conftest import NOW

Other = aliased(Elder)
HERS = select(Contact.name).where(Contact.elder_id == Elder.id)
FIRST = select(func.min(Elder.id)).where(Elder.village_id == Village.id).scalar_subquery().label("id")

WAYS: dict[str, Callable[[Session], Any]] = {
    "get": lambda session: [one for one in ("E1", "E2", "E3") if session.get(Elder, one)],
    "entities": lambda session: [elder.id for elder in session.scalars(select(Elder))],
    "columns": lambda session: list(session.scalars(select(Elder.id))),
    "an alias": lambda session: list(session.scalars(select(Other.id))),
    "a join": lambda session: list(
        session.scalars(select(Contact.elder_id).join(Village, Village.id.is_not(None)).distinct())
    ),
    "tags": lambda session: list(session.scalars(select(ElderTag.elder_id).distinct())),
    "in a subquery": lambda session: list(
        session.scalars(select(Contact.elder_id).where(Contact.elder_id.in_(select(Elder.id))))
    ),
    "exists": lambda session: list(
        session.scalars(select(Elder.id).where(exists(HERS)))
    ),
    "a subquery": lambda session: list(session.scalars(select(select(Elder.id).subquery().c.id))),
    "a cte": lambda session: list(session.scalars(select(select(Elder.id).cte().c.id))),
    "a union": lambda session: list(
        {row[0] for row in session.execute(union_all(select(Elder.id), select(Contact.elder_id)))}
    ),
    "eager": lambda session: [
        elder.id for elder in session.scalars(select(Elder).options(joinedload(Elder.contacts))).unique()
    ],
    "scalar subquery": lambda session: [
        row.id
        for row in session.execute(
            select(
                Village.id.label("village"),
                FIRST,
            )
        )
        if row.id is not None
    ],
    "update": lambda session: list(
        session.scalars(update(Elder).values(phone="1").returning(Elder.id).execution_options(synchronize_session=False))
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize(("village", "own"), [("V1", {"E1", "E2"}), ("V2", {"E3"}), (None, set())])
def test_only_the_own_village_is_found(town: Database, way: str, village: str | None, own: set[str]) -> None:
    limited = town.limited(village_limits(village, carer_id=None, now=NOW))
    with limited.write() as session:
        found = set(WAYS[way](session))
        session.rollback()
    if way == "scalar subquery":
        own = {min(own)} if own else set()
    assert found == own


def test_counts_and_deletes_are_limited_too(town: Database) -> None:
    limited = town.limited(village_limits("V1", carer_id=None, now=NOW))
    with limited.session() as session:
        assert session.scalar(select(func.count(Elder.id))) == 2
        assert session.scalar(select(func.count()).select_from(select(Elder).subquery())) == 2
    with limited.write() as session:
        session.execute(delete(Contact).execution_options(synchronize_session=False))
    with town.session() as session:
        assert list(session.scalars(select(Contact.elder_id))) == ["E3"]


def test_an_alarm_of_nobody_in_the_book_is_shown_to_everybody_on_duty(town: Database) -> None:
    for elder in ("E1", "E3", "stranger"):
        town.transact(
            lambda session, elder=elder: alarms.raise_alarm(
                session,
                elder_id=elder,
                category=Emergency.FALL,
                words="",
                channel="t",
                turn_key=elder,
                at=NOW,
            )
        )
    for village, own in (("V1", {"E1", "stranger"}), ("V2", {"E3", "stranger"})):
        with town.limited(village_limits(village, carer_id=None, now=NOW)).session() as session:
            assert set(session.scalars(select(Alarm.elder_id))) == own
