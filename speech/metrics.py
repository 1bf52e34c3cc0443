"""How quick and how well the speaker listens, counted from its own events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from speech.events import Event, EventType

KEPT = 1000
"""Delays that are kept, the newest ones."""


def percentile(values: Sequence[float], part: float) -> float | None:
    """Return the value below which ``part`` (0 to 1) of ``values`` lie, or None where there are none."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


class Metrics:
    """Counts events and measures delays; memory is bounded.

    A delay runs from the moment at which we knew that the utterance was over to the first sound of the
    answer. The silence that we had waited for before is kept apart: ``waits_s``.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.delays_s: list[float] = []
        self.waits_s: list[float] = []
        self.audio_s = 0.0
        self.compute_s = 0.0
        self._ended: dict[str, float] = {}

    def __call__(self, event: Event) -> None:
        """Take one event."""
        self.counts[str(event.type)] += 1
        utterance = str(event.data.get("utterance", ""))
        if event.type is EventType.SPEECH_ENDED:
            self._ended[utterance] = event.at
            while len(self._ended) > 100:
                self._ended.pop(next(iter(self._ended)))
            self._keep(self.waits_s, float(event.data["silence_s"]))
        elif event.type is EventType.SPEAKING and utterance in self._ended:
            self._keep(self.delays_s, event.at - self._ended.pop(utterance))
        elif event.type is EventType.TRANSCRIPT:
            self.audio_s += float(event.data["audio_s"])
            self.compute_s += float(event.data["compute_s"])

    def _keep(self, values: list[float], value: float) -> None:
        values.append(value)
        del values[:-KEPT]

    def summary(self) -> dict[str, Any]:
        """Return the figures, JSON-ready, in seconds."""
        return {
            "events": dict(self.counts),
            "voice_fallbacks": self.counts[EventType.VOICE_FELL_BACK],
            "delay_p50_s": percentile(self.delays_s, 0.5),
            "delay_p95_s": percentile(self.delays_s, 0.95),
            "wait_p50_s": percentile(self.waits_s, 0.5),
            "recognition_rtf": self.compute_s / self.audio_s if self.audio_s else None,
        }
