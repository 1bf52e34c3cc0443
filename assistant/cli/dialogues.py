"""Plays written dialogues against the whole system, as an elder who answers what she is asked.

A row says what she says, what she answers when something is asked, and what must stand in the book at the end
(tests/corpora/blind/dialogues.yml explains the columns). Each dialogue gets an elder of its own: a twin
of the one that it names, with the same limits and the same village and no history.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from assistant.cli.api import Api
from assistant.cli.running import started, temporary_home
from assistant.cli.settings import CliSettings
from backend.database import Database
from backend.elders.models import Contact, Elder

CHANNEL = "played"
OPEN = frozenset({"submitted", "accepted", "assigned", "in_progress"})
_IN_ONE = 200
"""Requests asked for at once; no dialogue makes more."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """How one dialogue went.

    Attributes:
        name: the dialogue's.
        wrong: why the goal was missed; empty when it was reached.
        extra: turns beyond the written ones.
        transcript: who said what, in order.
    """

    name: str
    wrong: list[str]
    extra: int
    transcript: list[tuple[str, str]] = field(repr=False)

    @property
    def reached(self) -> bool:
        """Whether the elder got what she wanted, and nothing else."""
        return not self.wrong


def read_dialogues(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a table of dialogues."""
    rows: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return rows


def play_all(
    settings: CliSettings, rows: Sequence[Mapping[str, Any]], *, only: str | None = None
) -> Iterator[Played]:
    """Play the dialogues one after another, each day of theirs in a system of its own.

    Args:
        settings: the command's settings; nothing of their home is touched.
        rows: the dialogues.
        only: part of a name, to play just those.
    """
    chosen = [row for row in rows if only is None or only in row["name"]]
    for now in dict.fromkeys(row["now"] for row in chosen):
        todays = [row for row in chosen if row["now"] == now]
        with _system(settings, now=now) as (api, database):
            twins = [_twin(database, row["elder"], number) for number, row in enumerate(todays, start=1)]
            for row, elder_id in zip(todays, twins, strict=True):
                yield play(api, row, elder_id=elder_id)


@contextmanager
def _system(settings: CliSettings, *, now: str) -> Iterator[tuple[Api, Database]]:
    with (
        temporary_home(replace(settings, now=now)) as lent,
        started(lent, demo=True) as api,
    ):
        database = Database(lent.database_url)
        try:
            yield api, database
        finally:
            database.dispose()


def _twin(database: Database, elder_id: str, number: int) -> str:
    """Register another elder with the same limits, living and contacts; return the id."""

    def add(session: Any) -> str:
        like = session.get(Elder, elder_id)
        columns = {
            column.key: getattr(like, column.key)
            for column in Elder.__table__.columns
            if column.key not in ("id", "phone")
        }
        twin = Elder(id=f"P{number:04d}", phone=f"1390000{number:04d}", **columns)
        twin.contacts = [
            Contact(position=each.position, name=each.name, relation=each.relation, phone=each.phone)
            for each in like.contacts
        ]
        twin.tags = like.tags
        session.add(twin)
        return twin.id

    return str(database.transact(add))


def play(api: Api, row: Mapping[str, Any], *, elder_id: str) -> Played:
    """Play one dialogue to its end and compare the book with its goal."""
    conversation = uuid.uuid4().hex[:12]
    transcript: list[tuple[str, str]] = []
    alarms: list[str] = []
    answered: dict[str, Any] = {}
    errors: list[str] = []

    def say(text: str) -> None:
        nonlocal answered
        answered = api.post(
            "/turns",
            {
                "elder_id": elder_id,
                "channel": CHANNEL,
                "message_id": f"{conversation}-{len(transcript)}",
                "text": text,
            },
        )
        transcript.append((text, " ".join(answered["replies"])))
        if answered["alarm"]:
            alarms.append(answered["alarm"]["category"])
        if answered.get("error"):
            errors.append(f"error {answered['error']}")

    for turn in row["turns"]:
        say(turn)
    extra = 0
    wrong = _wrong(api, row["goal"], elder_id, alarms)
    while wrong and extra < row.get("max_extra_turns", 2):
        reply = _reply(answered.get("asks"), row.get("answers", {}))
        if reply is None:
            break
        say(reply)
        extra += 1
        wrong = _wrong(api, row["goal"], elder_id, alarms)
    return Played(name=row["name"], wrong=wrong + errors, extra=extra, transcript=transcript)


def _reply(asks: Mapping[str, Any] | None, answers: Mapping[str, str]) -> str | None:
    """Return what the elder says to what is asked; None where she has no answer."""
    if not asks:
        return None
    slot = str(asks["slot"])
    if slot in answers:
        return answers[slot]
    if slot == "confirm" or (slot == "choice" and len(asks["choices"]) < 2):
        return answers.get("confirm")
    return None


def _wrong(api: Api, goal: Mapping[str, Any], elder_id: str, alarms: Sequence[str]) -> list[str]:
    rows = api.get(f"/requests?elder_id={elder_id}&limit={_IN_ONE}")["requests"]
    wrong = []
    wanted = goal.get("alarm")
    if wanted is None and alarms:
        wrong.append(f"a false alarm: {alarms[0]}")
    if wanted is not None and wanted not in alarms:
        wrong.append(f"no alarm {wanted}")
    if goal.get("not_committed") and rows:
        wrong.append(f"booked {rows[0]['summary']}")
    standing = [row for row in rows if row["state"] in OPEN]
    wrong += _differences("open", goal.get("committed", []), standing)
    if "cancelled" in goal:
        gone = [row for row in rows if row["state"] == "cancelled"]
        wrong += _differences("cancelled", goal["cancelled"], gone)
    return wrong


def _differences(
    what: str, wanted: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]
) -> list[str]:
    left = list(found)
    wrong = []
    # The wish that says most about its request chooses first: a vague one may fit another's, too.
    for wish in sorted(wanted, key=lambda wish: -len(wish.get("details", {}))):
        fitting = next((row for row in left if not _misfit(wish, row)), None)
        if fitting is not None:
            left.remove(fitting)
            continue
        near = next((row for row in left if row["kind"] == wish["kind"]), None)
        wrong.append(
            f"{what}: {_misfit(wish, near)}" if near is not None else f"{what}: no {wish['kind']} in the book"
        )
    wrong += [f"{what}: one too many, {row['summary']}" for row in left[len(wrong) :]]
    return wrong


def _misfit(wish: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """Return how a request differs from what was wished; empty when it fits."""
    if row["kind"] != wish["kind"]:
        return f"{row['kind']} instead of {wish['kind']}"
    for name, value in wish.get("details", {}).items():
        has = row["details"].get(name)
        if name == "diet":
            same = set(value) <= set(has or [])
        elif isinstance(value, list):
            same = set(value) == set(has or [])
        else:
            same = has == value or (value is False and has is None)
        if not same:
            return f"{name} is {has!r} instead of {value!r}"
    within = wish.get("within")
    if within and not within["start"] <= row["start"] < within["end"]:
        return f"starts {row['start']}, not within {within['start']} and {within['end']}"
    return ""
