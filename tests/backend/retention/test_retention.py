"""What is too old is deleted at night, on both databases; the audit and what was booked stay."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assistant.cli.settings import settings_from
from backend.audit.models import AuditEntry
from backend.checkins.models import Remembered
from backend.due.models import DueState
from backend.learning.models import Correction, CorrectionState
from backend.retention import service
from backend.turns.models import Turn, TurnState
from tests.backend.clockwork import Clockwork

DAY = timedelta(days=1)
WORDS = "我女儿下个月结婚"


def turn(session: Session, number: int, at: datetime, state: TurnState = TurnState.DONE) -> Turn:
    row = Turn(
        channel="voice", message_id=f"m{number}", elder_id="E1", text=WORDS, received_at=at, state=state,
        attempts=1, intent="chitchat", confidence=0.9,
        result={"text": WORDS, "intent": "chitchat", "replies": ["恭喜您"], "committed": [{"id": "R1"}]},
        finding={"category": "fall", "words": WORDS, "confidence": 0.9},
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def remembered(session: Session, number: int, at: datetime) -> None:
    session.add(
        Remembered(
            id=f"f{number}", elder_id="E1", said=WORDS, turn_key=f"voice:m{number}", told_at=at, asked_at=None
        )
    )


def nights(engine: Clockwork, days: int = 1) -> None:
    engine.database.transact(lambda session: service.begin(session, now=engine.clock.now()))
    engine.pass_time(days * DAY)


def test_the_words_of_an_old_turn_go_and_what_came_of_it_stays(engine: Clockwork) -> None:
    now, keep = engine.clock.now(), engine.settings.retention

    def work(session: Session) -> None:
        turn(session, 1, now - (keep.words_days + 2) * DAY)
        turn(session, 2, now - (keep.words_days - 2) * DAY)
        turn(session, 3, now - (keep.words_days + 2) * DAY, TurnState.RECEIVED)

    engine.database.transact(work)
    nights(engine)
    with engine.database.session() as session:
        old, young, waiting = session.scalars(select(Turn).order_by(Turn.id)).all()
        assert WORDS not in f"{old.text}{old.result}{old.finding}"
        assert (old.intent, old.result["committed"]) == ("chitchat", [{"id": "R1"}])  # type: ignore[index]
        assert (young.text, waiting.text) == (WORDS, WORDS)


def test_an_older_turn_goes_unless_somebody_corrected_it(engine: Clockwork) -> None:
    now, keep = engine.clock.now(), engine.settings.retention

    def work(session: Session) -> None:
        turn(session, 1, now - (keep.turns_days + 2) * DAY)
        corrected = turn(session, 2, now - (keep.turns_days + 2) * DAY)
        session.add(
            Correction(
                turn_id=corrected.id, elder_id="E1", text="我要订饭", alias="", alias_of="", note="",
                state=CorrectionState.PROPOSED, by="S03", at=now,
            )
        )  # fmt: skip

    engine.database.transact(work)
    nights(engine)
    with engine.database.session() as session:
        assert [(row.message_id, row.text) for row in session.scalars(select(Turn))] == [("m2", "")]


def test_what_was_remembered_goes_at_its_age(engine: Clockwork) -> None:
    now, keep = engine.clock.now(), engine.settings.retention

    def work(session: Session) -> None:
        remembered(session, 1, now - (keep.remembered_days + 2) * DAY)
        remembered(session, 2, now)

    engine.database.transact(work)
    nights(engine)
    with engine.database.session() as session:
        assert session.scalars(select(Remembered.id)).all() == ["f2"]


def test_a_full_night_is_done_in_pieces_and_the_next_one_is_written_down(
    engine: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PIECE", 3)
    now, keep = engine.clock.now(), engine.settings.retention
    engine.database.transact(
        lambda session: [turn(session, n, now - (keep.turns_days + 5) * DAY) for n in range(8)] and None
    )
    nights(engine, days=2)
    with engine.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 0
    rows = [row for row in engine.due() if row.kind == service.SWEEP]
    assert [row.state for row in rows].count(DueState.PENDING) == 1
    assert len(rows) == 5  # three pieces of the first night, the second night, the third to come


def test_that_it_was_deleted_is_in_the_audit_and_the_audit_itself_stays(
    engine: Clockwork, api: TestClient
) -> None:
    now = engine.clock.now()
    engine.database.transact(lambda session: turn(session, 1, now - 9 * 365 * DAY) and None)
    nights(engine)
    with engine.database.session() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "retention.delete")).all()
        assert [entry.actor for entry in entries] == ["system"]
        assert WORDS not in str(entries[0].detail)
    assert api.get("/audit/verify").json()["ok"] is True


def test_the_ages_are_settings() -> None:
    told = settings_from({"KANGBAN_KEEP_WORDS_DAYS": "30", "KANGBAN_KEEP_TURNS_DAYS": "90"}).retention
    assert (told.words_days, told.turns_days, told.remembered_days) == (30, 90, 365)


@pytest.mark.parametrize("given", ["0", "-1", "forever", "1e9"])
def test_an_age_that_makes_no_sense_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(Exception, match="KANGBAN_KEEP_TURNS_DAYS"):
        settings_from({"KANGBAN_KEEP_TURNS_DAYS": given})
