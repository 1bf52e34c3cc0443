"""Names that an elder is likely to say, from the live catalogue: recognisers are biased with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from assistant.cli.api import Api, ApiProblem, ApiUnreachable
from assistant.vocabulary import Slot

FRESH_S = 600.0
"""How long names are used before the catalogue is asked again, in seconds."""

SHARES = {"dishes": 4, "doctors": 1, "facilities": 1, "canteens": 1}
"""How many names of a kind take their turn: a recogniser holds about forty, and every day has its meals."""

ASKED = {
    Slot.DISH.value: ("dishes", "canteens"),
    Slot.DIET.value: ("dishes", "canteens"),
    Slot.QUANTITY.value: ("dishes", "canteens"),
    Slot.DEPARTMENT.value: ("doctors", "facilities"),
    Slot.DOCTOR.value: ("doctors", "facilities"),
    Slot.FACILITY.value: ("facilities", "doctors"),
}
"""What she is likely to name when we have asked for a slot."""


class LiveHints:
    """The catalogue's names, likeliest first, taking turns by kind so that a short list has some of each.

    Args:
        api: the running system.
        asked: the slot that she was just asked for, None where nothing was.
        now: monotonic seconds.
    """

    def __init__(
        self,
        api: Api,
        *,
        asked: Callable[[], str | None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._api, self._asked, self._now = api, asked, now
        self._names: dict[str, list[str]] = {}
        self._until = -1.0

    def __call__(self) -> Sequence[str]:
        """Return the names; those known before where the system does not answer now."""
        if self._now() >= self._until:
            self._until = self._now() + FRESH_S
            try:
                catalogue = self._api.get("/catalogue", timeout_s=5.0)
                self._names = {kind: [str(row["name"]) for row in catalogue.get(kind, [])] for kind in SHARES}
            except (ApiProblem, ApiUnreachable):
                pass
        first = ASKED.get(self._asked() or "", ())
        likely = [name for kind in first for name in self._names.get(kind, [])]
        return tuple(dict.fromkeys([*likely, *self._by_turns()]))

    def _by_turns(self) -> list[str]:
        left = {kind: iter(names) for kind, names in self._names.items()}
        found: list[str] = []
        while left:
            for kind in list(left):
                turn = [name for _, name in zip(range(SHARES[kind]), left[kind], strict=False)]
                found += turn
                if len(turn) < SHARES[kind]:
                    del left[kind]
        return found
