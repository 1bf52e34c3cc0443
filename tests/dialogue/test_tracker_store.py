"""The bounded tracker store: a turn costs the same at any age, and nothing is lost over the cut."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.dialogue.settings import PROJECT
from assistant.dialogue.tracker_store import BoundedTrackerStore

DOMAIN = Domain.load(str(PROJECT / "domain"))


def _store(tmp_path: Path) -> BoundedTrackerStore:
    return BoundedTrackerStore(domain=DOMAIN, url=str(tmp_path / "dialogue.sqlite3"))


async def _turn(store: BoundedTrackerStore, number: int) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker("E0007")
    if number == 1:
        tracker.update_with_events([ActiveLoop("meal_form"), SlotSet("dish", ["红烧肉"])], DOMAIN)
    tracker.update_with_events(
        [
            ActionExecuted(ACTION_LISTEN_NAME),
            UserUttered(f"第{number}句", {"name": "chitchat"}, message_id=f"web:{number}"),
            SlotSet("talk", {"turns": number}),
            BotUttered(f"答{number}"),
        ],
        DOMAIN,
    )
    await store.save(tracker)
    return tracker


def test_the_400th_turn_reads_and_writes_no_more_than_the_10th(tmp_path: Path) -> None:
    async def talk() -> dict[int, int]:
        store = _store(tmp_path)
        sizes = {}
        for number in range(1, 401):
            await _turn(store, number)
            row = store.snapshot("E0007")
            assert row is not None
            sizes[number] = len(json.loads(row[1]))
        return sizes

    sizes = asyncio.run(talk())
    assert sizes[400] <= sizes[10]
    assert max(sizes.values()) <= 20


def test_slots_and_the_running_form_survive_the_cut(tmp_path: Path) -> None:
    async def talk() -> DialogueStateTracker | None:
        store = _store(tmp_path)
        for number in range(1, 51):
            await _turn(store, number)
        return await _store(tmp_path).retrieve("E0007")

    tracker = asyncio.run(talk())
    assert tracker is not None
    assert tracker.get_slot("dish") == ["红烧肉"]
    assert tracker.get_slot("talk") == {"turns": 50}
    assert tracker.active_loop_name == "meal_form"


def test_the_row_carries_the_key_of_the_last_turn(tmp_path: Path) -> None:
    async def talk() -> BoundedTrackerStore:
        store = _store(tmp_path)
        for number in (1, 2):
            await _turn(store, number)
        return store

    row = asyncio.run(talk()).snapshot("E0007")
    assert row is not None
    assert row[0] == "web:2"


def test_a_failed_turn_leaves_no_trace(tmp_path: Path) -> None:
    async def talk() -> DialogueStateTracker | None:
        store = _store(tmp_path)
        await _turn(store, 1)
        before = store.snapshot("E0007")
        await _turn(store, 2)
        store.restore("E0007", before)
        return await store.retrieve("E0007")

    tracker = asyncio.run(talk())
    assert tracker is not None
    assert tracker.get_slot("talk") == {"turns": 1}
    assert tracker.latest_message is not None
    assert tracker.latest_message.text == "第1句"


def test_an_elder_who_never_spoke_has_no_conversation(tmp_path: Path) -> None:
    store = _store(tmp_path)
    assert asyncio.run(store.retrieve("E0001")) is None
    store.restore("E0001", None)
    assert store.snapshot("E0001") is None
