"""The engine put together: which room sees to which kind of due row, and the workers that go round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from backend.alarms import ladder
from backend.checkins import rounds
from backend.clock import Clock
from backend.database import Database
from backend.due.steps import Handler, Lane
from backend.due.worker import Worker, WorkerParts
from backend.elders import tags as tagging
from backend.notifications.service import reminding
from backend.outbox import sending
from backend.outbox import service as outbox
from backend.outbox.models import Channel
from backend.outbox.notifier import Notifier
from backend.ratings import asking
from backend.requests import arrivals, telling, watching
from backend.retention import service as retention
from backend.settings import Settings
from backend.wording import Wording

PROMISES, DELIVERY = "promises", "delivery"

LANES: Final = (PROMISES, DELIVERY)
"""Each has a worker of its own: a mail server that does not answer must not hold up an alarm."""

HANDLERS: Final[Mapping[str, Handler]] = {
    ladder.RUNG: ladder.climb,
    ladder.NEWS: ladder.tell_news,
    ladder.FOLLOW_UP: ladder.follow_up,
    outbox.EXPIRE: sending.expire,
    reminding.REMIND: reminding.remind,
    reminding.AGAIN: reminding.say_again,
    reminding.UNANSWERED: reminding.unanswered,
    reminding.REFUSED: reminding.tell_refused,
    watching.ARRIVAL: arrivals.look,
    watching.UNCONFIRMED: arrivals.unconfirmed,
    watching.STILL_MISSED: arrivals.still_missed,
    watching.UNCLOSED: arrivals.unclosed,
    watching.MEAL_SOON: arrivals.meal_soon,
    watching.EVE: arrivals.appointment_eve,
    tagging.OVER: tagging.over,
    watching.RATE: asking.ask,
    asking.OVER: asking.over,
    telling.TELL: telling.say,
    rounds.ASK: rounds.ask,
    rounds.UNANSWERED: rounds.unanswered,
    rounds.NEWS: rounds.tell_news,
    retention.SWEEP: retention.sweep,
}


def lanes(notifiers: Mapping[Channel, Notifier]) -> tuple[Lane, ...]:
    """Return the lanes, delivering by ``notifiers``."""
    return (
        Lane(name=PROMISES, handlers=HANDLERS, errands={}),
        Lane(name=DELIVERY, handlers={}, errands={outbox.SEND: sending.SendErrand(notifiers)}),
    )


def build_workers(
    database: Database,
    clock: Clock,
    *,
    wording: Wording,
    settings: Settings,
    notifiers: Mapping[Channel, Notifier],
    committed: Callable[[], None] = lambda: None,
) -> list[Worker]:
    """Build one worker a lane.

    Args:
        database: the database.
        clock: the source of "now".
        wording: how things are said.
        settings: the backend's settings.
        notifiers: who delivers what goes by a network.
        committed: called after each commit.
    """
    parts = WorkerParts(
        database=database,
        clock=clock,
        wording=wording,
        settings=settings,
        gave_up=sending.gave_up,
        committed=committed,
    )
    return [Worker(parts, lane) for lane in lanes(notifiers)]


def catch_up(database: Database, clock: Clock) -> int:
    """Schedule what ought to be and is not (rows from before there was an engine); return how many."""
    now = clock.now()
    database.transact(lambda session: retention.begin(session, now=now))  # each night's; nothing was lost
    return database.transact(
        lambda session: (
            ladder.begin_forgotten(session, now=now)
            + reminding.schedule_forgotten(session, now=now)
            + tagging.expire_forgotten(session, now=now)
        )
    )
