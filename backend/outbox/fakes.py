"""A notifier for tests and for the simulated week: keeps what it delivers, and fails when told to."""

from __future__ import annotations

from backend.outbox.notifier import NeverDeliveredError, NotDeliveredError, Parcel


class FakeNotifier:
    """Delivers into a list. ``down`` makes attempts fail for now; addresses in ``nobody`` never work."""

    def __init__(self) -> None:
        self.delivered: list[Parcel] = []
        self.down = False
        self.nobody: set[str] = set()

    def deliver(self, parcel: Parcel) -> None:
        """See the port."""
        if parcel.address in self.nobody:
            raise NeverDeliveredError("nobody has this address")
        if self.down:
            raise NotDeliveredError("the line is down")
        self.delivered.append(parcel)
