"""How long each care item takes where nobody said otherwise."""

from __future__ import annotations

from collections.abc import Mapping

MINUTES: Mapping[str, int] = {
    "bathing": 90,
    "cleaning": 120,
    "laundry": 60,
    "cooking": 90,
    "haircut": 30,
    "nail_care": 30,
    "nursing": 30,
    "rehabilitation": 60,
    "accompaniment": 180,
    "errand": 60,
    "repair": 60,
    "medication_pickup": 60,
    "visit": 60,
    "call": 30,
}
"""skill → minutes, the working assumption of this town's book; a request's ``minutes`` overrides it."""

CELL_MINUTES = 30
"""A carer's time is promised in half-hours."""
