"""Names that an elder is likely to say, from the live catalogue: recognisers are biased with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from assistant.cli.api import Api, ApiProblem, ApiUnreachable

FRESH_S = 600.0
"""How long names are used before the catalogue is asked again, in seconds."""

KINDS = ("dishes", "doctors", "facilities", "canteens")


class LiveHints:
    """The catalogue's names, taking turns by kind so that a short list has some of each."""

    def __init__(self, api: Api, *, now: Callable[[], float] = time.monotonic) -> None:
        self._api, self._now = api, now
        self._names: tuple[str, ...] = ()
        self._until = -1.0

    def __call__(self) -> Sequence[str]:
        """Return the names; those known before where the system does not answer now."""
        if self._now() >= self._until:
            self._until = self._now() + FRESH_S
            try:
                catalogue = self._api.get("/catalogue", timeout_s=5.0)
            except (ApiProblem, ApiUnreachable):
                return self._names
            lists = [[str(row["name"]) for row in catalogue.get(kind, [])] for kind in KINDS]
            longest = max(map(len, lists), default=0)
            mixed = [names[at] for at in range(longest) for names in lists if at < len(names)]
            self._names = tuple(dict.fromkeys(mixed))
        return self._names
