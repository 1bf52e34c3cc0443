"""kill -9 at every fail point: no promise is lost or kept twice (`kangban bench kills` is the long form)."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from assistant.cli import kills
from backend.failpoints import NAMES
from tests.backend.cluster import Cluster

OF_POSTGRESQL = ("worker.in_claim", "worker.after_effects", "outbox.after_delivery")


@pytest.fixture(scope="module")
def sqlite_day() -> Iterator[tuple[kills.Towns, dict[str, Any], list[str]]]:
    with kills.sqlite_towns() as towns:
        expected, passed = kills.undisturbed(towns)
        yield towns, expected, passed


def test_the_day_passes_every_point_and_leaves_nothing_waiting(
    sqlite_day: tuple[kills.Towns, dict[str, Any], list[str]],
) -> None:
    _, expected, passed = sqlite_day
    assert set(passed) == set(NAMES)
    assert len(NAMES) >= 20
    assert (expected["waiting"], expected["failed"], expected["audit"]) == ([], [], True)
    assert expected["ladder"] == {"no_contact": 1, "told_contact": 1, "told_duty": 1}
    assert [state for state, *_ in expected["requests"].values()] == ["completed", "completed"]


def test_a_day_killed_at_every_point_in_turn_comes_to_the_same_end(
    sqlite_day: tuple[kills.Towns, dict[str, Any], list[str]],
) -> None:
    towns, expected, passed = sqlite_day
    found, killed = kills.in_turn(towns, passed)
    assert killed == len(NAMES), "each point has killed the process"
    assert found == expected


def test_a_day_killed_at_random_moments_comes_to_the_same_end(
    sqlite_day: tuple[kills.Towns, dict[str, Any], list[str]],
) -> None:
    towns, expected, _ = sqlite_day
    found, killed = kills.at_random(towns, Random(7), longest_s=0.4)
    assert killed > 0
    assert found == expected


def test_on_postgresql_too(cluster: Cluster) -> None:
    with kills.postgresql_towns(cluster.url("postgres")) as towns:
        expected, _ = kills.undisturbed(towns)
        for name in OF_POSTGRESQL:
            drilled = kills.at_point(towns, name, 2)
            assert drilled is not None, name
            assert drilled[0] == expected, name
