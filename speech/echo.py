"""Tells somebody who speaks while we do from our own voice in the room, by loudness alone.

There is no echo cancelling here. What the microphone hears of the loudspeaker is proportional to what is
played; the proportion is learned while nobody interrupts. Only what is much louder is somebody else.
"""

from __future__ import annotations

from collections import deque

from speech.detectors import loudness
from speech.models import FRAME_S, Sound

LATENCY_S = 0.6
"""Longest time between giving sound to the loudspeaker and hearing it, in seconds."""

LOUDER = 2.5
"""How many times louder than our own echo somebody else must be."""

CALIBRATE_S = 0.8
"""Own voice that must have been heard before anybody can interrupt by voice, in seconds."""

LIKELY = 0.8
"""Probability of speech from which a frame counts while we speak ourselves."""

SUSTAINED_S = 0.35
"""Speech of somebody else after which we fall silent, in seconds."""


class EchoGate:
    """Follows what is played and what is heard meanwhile. Not threadsafe, except ``playing``."""

    def __init__(self) -> None:
        self._played: deque[tuple[float, float]] = deque(maxlen=4096)
        self._proportions: deque[float] = deque(maxlen=round(4.0 / FRAME_S))
        self._other_s = 0.0

    def playing(self, sound: Sound, *, at: float) -> None:
        """Note what begins to be played at ``at`` (monotonic seconds)."""
        step = max(int(sound.rate * FRAME_S) * 2, 2)
        for number, start in enumerate(range(0, len(sound.pcm), step)):
            self._played.append((at + number * FRAME_S, loudness(sound.pcm[start : start + step])))

    def interrupted(self, frame: bytes, probability: float, *, at: float) -> bool:
        """Return whether somebody speaks over us, after a frame that was heard at ``at``."""
        ours = max((loud for when, loud in list(self._played) if at - LATENCY_S <= when <= at), default=0.0)
        heard = loudness(frame)
        known = len(self._proportions) * FRAME_S >= CALIBRATE_S
        if ours > 0.005:
            expected = self._expected(ours) if known else 1.0
            louder = known and heard > LOUDER * expected
            if not louder:
                self._proportions.append(heard / ours)
        else:
            louder = known
        if louder and probability >= LIKELY:
            self._other_s += FRAME_S
        else:
            self._other_s = max(self._other_s - FRAME_S / 2, 0.0)
        return self._other_s >= SUSTAINED_S

    def _expected(self, ours: float) -> float:
        ordered = sorted(self._proportions)
        return max(ours * ordered[int(len(ordered) * 0.95)], 0.004)

    def again(self) -> None:
        """Begin another answer: what was heard of somebody else is over."""
        self._other_s = 0.0
