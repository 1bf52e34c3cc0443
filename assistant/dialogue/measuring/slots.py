"""Slots found against slots said: the table of tests/corpora/slots.yml and the blind sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from assistant.dialogue.measuring.scores import Tally
from assistant.dialogue.measuring.sets import CORPORA, read_yaml
from assistant.nlu.catalogue import Catalogue
from assistant.nlu.understanding import understand
from assistant.vocabulary import BOOKING_INTENTS, Intent

SAID_AT = datetime.fromisoformat("2026-11-22T10:00:00+08:00")
"""When all sentences of the tables are said: a Sunday."""

_SCORED = frozenset(
    (
        *BOOKING_INTENTS,
        *(Intent.CHANGE_REQUEST, Intent.CANCEL_REQUEST, Intent.QUERY_REQUEST, Intent.SET_REMINDER),
        *(Intent.REPORT_WELLBEING, Intent.REPORT_VITALS, Intent.ASK_MENU),
    )
)
"""Intents whose slots count; elsewhere what is found does no harm (head of blind/intents.yml)."""
_KINDS = {intent.value: kind for intent, kind in BOOKING_INTENTS.items()}
_LOOSE = frozenset(("symptom", "reminder_text", "address"))
"""Slots in words: found where one of (expected, found) holds the other."""


def tables() -> Iterator[tuple[str, Tally]]:
    """Yield (name of the table, its tally by slot)."""
    catalogue = Catalogue.from_snapshot(read_yaml(CORPORA / "catalogue.yml"))
    yield "slots", _own_table(catalogue)
    yield "blind", _blind_table(catalogue)


def _own_table(catalogue: Catalogue) -> Tally:
    tally = Tally()
    for row in read_yaml(CORPORA / "slots.yml"):
        found = dict(
            understand(
                row["say"],
                now=SAID_AT,
                catalogue=catalogue,
                context=row.get("in"),
                expecting=row.get("asked"),
            ).slots
        )
        when = found.pop("when", None)
        count(tally, row["slots"], found, frozenset())
        if row.get("day") != "any":
            start = str((when.get("first") or when)["start"]) if when else ""
            expected = str(row.get("day", ""))
            clock = str(row.get("clock", start[11:16]))
            _count_one(tally, "when", expected or None, start[:10] or None, same=start[11:16] == clock)
    return tally


def _blind_table(catalogue: Catalogue) -> Tally:
    tally = Tally()
    for row in read_yaml(CORPORA / "blind" / "intents.yml"):
        if row["intent"] not in _SCORED:
            continue
        kind = _KINDS.get(row["intent"])
        found = understand(
            row["text"], now=SAID_AT, catalogue=catalogue, context=kind.value if kind else None
        ).slots
        count(tally, row["slots"], found, frozenset(row.get("unscored", ())))
    return tally


def count(
    tally: Tally, expected: Mapping[str, Any], found: Mapping[str, Any], unscored: frozenset[str]
) -> None:
    """Count the slots of one sentence: right, too much, missed; a wrong value is both of the latter."""
    for slot in {*expected, *found} - unscored:
        _count_one(tally, slot, expected.get(slot), found.get(slot))


def _count_one(tally: Tally, slot: str, expected: Any, found: Any, *, same: bool = True) -> None:
    if expected is not None and found is not None and same and _agree(slot, expected, found):
        tally.right[slot] += 1
        return
    tally.missed[slot] += expected is not None
    tally.extra[slot] += found is not None


def _agree(slot: str, expected: Any, found: Any) -> bool:
    if slot in _LOOSE:
        return str(expected) in str(found) or str(found) in str(expected)
    return bool(_plain(expected) == _plain(found))


def _plain(value: Any) -> Any:
    """Return ``value`` in a form that compares: a repeat as the set of its parts, lists without order."""
    if isinstance(value, Mapping):
        return {
            key: frozenset(str(part).split(";")) if key == "repeat" else _plain(part)
            for key, part in value.items()
            if part is not None
        }
    if isinstance(value, list):
        return sorted(repr(_plain(item)) for item in value)
    return value
