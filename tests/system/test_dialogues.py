"""Elders reach what they want: every sixth written dialogue, played against a whole system of its own."""

from __future__ import annotations

import pytest

from assistant.cli.bench_dialogues import DEV
from assistant.cli.dialogues import play_all, read_dialogues
from assistant.cli.settings import settings_from

pytestmark = pytest.mark.system

LEAST = 0.95
"""Share of goals that must be reached (the goal of the understanding)."""
MOST_EXTRA = 2
"""Turns beyond the needed ones that a goal may take."""


def test_elders_reach_their_goal_in_few_turns() -> None:
    rows = [row for row in read_dialogues(DEV) if row["now"].startswith("2026-11-22")][::6]
    went = list(play_all(settings_from({}), rows))
    missed = {played.name: (played.wrong, played.transcript) for played in went if not played.reached}
    assert len(missed) <= len(went) * (1 - LEAST), missed
    assert all(played.extra <= MOST_EXTRA for played in went if played.reached)
