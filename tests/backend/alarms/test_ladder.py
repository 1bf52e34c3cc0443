"""The ladder: whoever is on the next rung is told, until a person takes the alarm on and says how."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from assistant.vocabulary import AlarmState, Emergency, Role
from backend.alarms import ladder, service
from backend.alarms.models import Alarm
from backend.auth.models import Staff
from backend.clock import FrozenClock
from backend.database import Database
from backend.due.models import Due
from backend.elders.models import Contact
from backend.engine import catch_up
from backend.outbox import service as outbox
from backend.outbox.models import Channel, Message, MessageState, Why
from tests.backend.clockwork import Clockwork

BY = {"role": "coordinator", "id": "S03"}
SECOND = timedelta(seconds=1)


@pytest.fixture
def staffed(engine: Clockwork) -> Clockwork:
    """The town with two contacts of E1 who can be written to, two coordinators and an administrator."""

    def work(session: Session) -> None:
        session.add(Contact(elder_id="E1", position=2, name="王建国", relation="儿子", phone="130 0000 0003"))
        session.add_all(
            [
                Staff(id="S03", name="周敏", role=Role.COORDINATOR, village_id="V1"),
                Staff(id="S04", name="钱伟", role=Role.COORDINATOR, village_id="V2"),
                Staff(id="S01", name="何主任", role=Role.TOWN_ADMIN, village_id=None),
            ]
        )
        session.flush()
        outbox.set_addresses(session, "contact:E1:1", [(Channel.EMAIL, "daughter@example.org")])
        outbox.set_addresses(session, "contact:E1:2", [(Channel.WEBHOOK, "http://sms.example.org/son")])
        outbox.set_addresses(session, "staff:S03", [(Channel.EMAIL, "zhou@example.org")])
        outbox.set_addresses(session, "staff:S04", [(Channel.EMAIL, "qian@example.org")])
        outbox.set_addresses(session, "staff:S01", [(Channel.EMAIL, "he@example.org")])

    engine.database.transact(work)
    return engine


def cry(engine: Clockwork, key: str = "voice:1", elder_id: str = "E1") -> Alarm:
    return engine.database.transact(
        lambda session: service.raise_alarm(
            session, elder_id=elder_id, category=Emergency.FALL, words="我摔倒了", channel="voice",
            turn_key=key, at=engine.clock.now(),
        )
    )  # fmt: skip


def steps(engine: Clockwork, alarm: Alarm) -> list[str | None]:
    with engine.database.session() as session:
        return [event.step for event in service.get(session, alarm.id).history if event.step]


def banners(engine: Clockwork) -> list[Message]:
    with engine.database.session() as session:
        return outbox.feed(session, standing=True)


def told(engine: Clockwork) -> list[str]:
    return [parcel.address for parcel in engine.mail.delivered + engine.web.delivered]


def test_contacts_are_told_one_after_the_other_and_then_the_coordinator_on_duty(staffed: Clockwork) -> None:
    alarm = cry(staffed)
    staffed.run()
    assert told(staffed) == ["daughter@example.org"]
    assert (len(banners(staffed)), len(staffed.messages(why=Why.ALARM))) == (0, 2), (
        "the consoles see it at once"
    )
    staffed.pass_time(59 * SECOND)
    assert told(staffed) == ["daughter@example.org"]
    staffed.pass_time(1 * SECOND)
    assert told(staffed) == ["daughter@example.org", "http://sms.example.org/son"]
    staffed.pass_time(179 * SECOND)
    assert banners(staffed) == []
    staffed.pass_time(1 * SECOND)
    (banner,) = banners(staffed)
    assert ("王秀英" in banner.text, "130 0000 0002" in banner.text, banner.urgent) == (True, True, True)
    assert "zhou@example.org" in told(staffed)
    assert "qian@example.org" not in told(staffed), "that is another village"
    assert steps(staffed, alarm) == ["told_contact", "told_contact", "told_duty"]


def test_the_coordinators_are_told_again_each_minute_with_one_banner_until_somebody_takes_it_on(
    staffed: Clockwork, api: TestClient
) -> None:
    alarm = cry(staffed)
    staffed.pass_time(timedelta(minutes=4))
    first = banners(staffed)
    staffed.pass_time(timedelta(minutes=3))
    assert steps(staffed, alarm).count("told_again") == 3
    (banner,) = banners(staffed)
    assert banner.id > first[0].id
    path = f"/alarms/{alarm.id}/acknowledge"
    for body in ({"by": BY}, {"by": BY, "note": " "}, {"by": {"id": "system"}, "note": "好"}):
        assert api.post(path, json=body).status_code == 422
    assert api.post(path, json={"by": BY, "note": "我过去看看"}).json()["state"] == "acknowledged"
    assert banners(staffed) == []
    before = len(steps(staffed, alarm))
    staffed.pass_time(timedelta(minutes=30))
    assert len(steps(staffed, alarm)) == before


def test_after_a_while_the_towns_administrators_are_told_too(staffed: Clockwork) -> None:
    cry(staffed)
    staffed.pass_time(timedelta(minutes=8))
    assert "he@example.org" not in told(staffed)
    staffed.pass_time(timedelta(minutes=1))
    assert "he@example.org" in told(staffed)
    assert told(staffed).count("zhou@example.org") == 2


def test_the_elder_and_the_family_hear_that_somebody_has_taken_it_on(
    staffed: Clockwork, api: TestClient
) -> None:
    alarm = cry(staffed)
    staffed.run()
    api.post(f"/alarms/{alarm.id}/acknowledge", json={"by": BY, "note": "我过去看看"})
    staffed.run()
    heard = api.get("/elders/E1/announcements", params={"channel": "speaker"}).json()["announcements"]
    assert [("周敏" in row["text"], row["loud"]) for row in heard] == [(True, True)]
    assert [parcel.address for parcel in staffed.mail.delivered] == ["daughter@example.org"] * 2
    assert "我过去看看" in staffed.mail.delivered[1].text
    assert staffed.web.delivered == [], "the son was not told of it, so there is no news for him"


def test_an_alarm_without_an_end_is_asked_about_each_hour(staffed: Clockwork, api: TestClient) -> None:
    alarm = cry(staffed)
    api.post(f"/alarms/{alarm.id}/acknowledge", json={"by": BY, "note": "我过去看看"})
    staffed.pass_time(timedelta(minutes=59))
    assert banners(staffed) == []
    staffed.pass_time(timedelta(minutes=61))
    assert steps(staffed, alarm) == ["not_followed_up"] * 2
    assert len(banners(staffed)) == 1
    api.post(f"/alarms/{alarm.id}/close", json={"by": BY, "note": "没受伤"})
    staffed.pass_time(timedelta(hours=3))
    assert (steps(staffed, alarm), banners(staffed)) == (["not_followed_up"] * 2, [])
    assert [row for row in staffed.open() if row.subject_id == alarm.id] == []


def test_who_cannot_be_reached_is_not_waited_for(engine: Clockwork) -> None:
    alarm = cry(engine)
    engine.run()
    assert steps(engine, alarm) == ["no_way", "no_contact", "told_duty"]
    assert len(banners(engine)) == 1


def test_an_alarm_of_somebody_unknown_goes_straight_to_all_on_duty(staffed: Clockwork) -> None:
    alarm = cry(staffed, elder_id="nobody")
    staffed.run()
    assert steps(staffed, alarm) == ["told_duty"]
    assert set(told(staffed)) == {"zhou@example.org", "qian@example.org"}


def test_a_second_cry_alerts_again_everybody_who_was_reached_and_does_not_begin_below(
    staffed: Clockwork,
) -> None:
    cry(staffed)
    staffed.pass_time(timedelta(seconds=70))
    second = cry(staffed, "voice:2")
    staffed.run()
    assert told(staffed).count("daughter@example.org") == 2
    assert told(staffed).count("http://sms.example.org/son") == 2
    assert steps(staffed, second) == ["told_contact", "told_contact"]
    staffed.pass_time(timedelta(seconds=180))
    assert len(banners(staffed)) == 2, "each alarm is taken on by itself"


def test_an_alarm_after_one_that_was_taken_on_begins_its_own_ladder(
    staffed: Clockwork, api: TestClient
) -> None:
    first = cry(staffed)
    api.post(f"/alarms/{first.id}/acknowledge", json={"by": BY, "note": "去了"})
    second = cry(staffed, "voice:2")
    staffed.pass_time(timedelta(seconds=60))
    assert steps(staffed, second) == ["told_contact", "told_contact"]


def test_an_alarm_that_the_elder_took_back_stops_and_is_seen(staffed: Clockwork, api: TestClient) -> None:
    alarm = cry(staffed)
    staffed.run()
    api.post(f"/alarms/{alarm.id}/cancel", json={"by": {"role": "elder", "id": "E1"}, "note": "没事"})
    staffed.pass_time(timedelta(minutes=10))
    assert steps(staffed, alarm) == ["told_contact"]
    shown = [message.text for message in staffed.messages(why=Why.ALARM) if message.channel is Channel.FEED]
    assert "没事" in shown[-1]
    assert len(staffed.mail.delivered) == 2, "whoever was alarmed hears that it is over"


def test_a_ladder_goes_on_after_the_clock_was_put_back_or_forward(staffed: Clockwork) -> None:
    alarm = cry(staffed)
    staffed.run()
    staffed.clock.advance(-timedelta(hours=9))
    staffed.run()
    assert steps(staffed, alarm)[:2] == ["told_contact", "told_contact"]
    staffed.clock.advance(timedelta(days=2))
    staffed.run()
    assert steps(staffed, alarm)[-1] == "told_duty"


def test_each_elder_can_have_a_ladder_of_her_own(staffed: Clockwork, api: TestClient) -> None:
    usual = api.get("/elders/E1/ladder").json()
    assert usual["usual"]
    assert [(rung["name"], rung["wait_s"], rung["channels"]) for rung in usual["rungs"]] == [
        ("李建芬", 60, ["email"]),
        ("王建国", 180, ["webhook"]),
    ]
    mine = api.put("/elders/E1/ladder", json={"rungs": [{"contact": 2, "wait_s": 10}], "repeat_s": 30}).json()
    assert (mine["usual"], [rung["name"] for rung in mine["rungs"]]) == (False, ["王建国"])
    alarm = cry(staffed)
    staffed.pass_time(timedelta(seconds=40))
    assert steps(staffed, alarm) == ["told_contact", "told_duty", "told_again"]
    assert api.get("/elders/E9/ladder").status_code == 404
    assert api.put("/elders/E9/ladder", json={"rungs": []}).status_code == 404
    assert api.put("/elders/E1/ladder", json={"rungs": [{"contact": 0, "wait_s": 1}]}).status_code == 422


def test_a_contact_whose_mail_never_arrives_is_telephoned_by_people(staffed: Clockwork) -> None:
    staffed.mail.nobody.add("daughter@example.org")
    cry(staffed)
    staffed.run()
    failed = staffed.messages(state=MessageState.FAILED)
    assert [message.address for message in failed] == ["daughter@example.org"]
    assert any(
        "没能送到" in message.text for message in staffed.messages() if message.channel is Channel.FEED
    )


def test_an_alarm_without_a_ladder_gets_one(engine: Clockwork, town: Database, clock: FrozenClock) -> None:
    alarm = cry(engine)
    town.transact(lambda session: session.execute(delete(Due)) and None)
    assert catch_up(town, clock) == 1
    assert catch_up(town, clock) == 0
    engine.run()
    assert steps(engine, alarm)[-1] == "told_duty"


def test_an_alarm_is_raised_even_where_the_engines_table_is_gone(engine: Clockwork) -> None:
    engine.database.transact(lambda session: Due.__table__.drop(session.connection()))
    assert cry(engine).state is AlarmState.RAISED


def test_the_usual_ladder_is_what_was_promised() -> None:
    assert [rung["wait_s"] for rung in ladder.USUAL] == [60, 180]
