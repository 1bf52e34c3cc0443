"""Tells somebody who speaks while we do from our own voice in the room, by loudness alone.

There is no echo cancelling here. What the microphone hears of the loudspeaker is proportional to what is
played; the proportion is learned while nobody interrupts. Only what is much louder is somebody else. Loudness
is taken over a third of a second, in which a voice has vowels as well as pauses.
"""

from __future__ import annotations

import math
from collections import deque

from speech.detectors import loudness
from speech.models import FRAME_S, Sound

LATENCY_S = 0.6
"""Longest time between giving sound to the loudspeaker and hearing it, in seconds."""

WINDOW = 11
"""Frames over which loudness is taken: 0.35 s."""

LOUDER = 1.8
"""How many times louder than our own echo it must be: somebody as loud as the echo makes it 1.4 times."""

OURS = 1.25
"""Up to this it is our echo, from which the proportion is learned."""

ROOM = 0.004
"""Loudness below which nobody is heard over us."""

CALIBRATE_S = 0.8
"""Own voice that must have been heard before anybody can interrupt by voice, in seconds."""

LIKELY = 0.8
"""Probability of speech from which a frame counts while we speak ourselves."""

SUSTAINED_S = 0.25
"""Speech of somebody else after which we fall silent, in seconds."""


class EchoGate:
    """Follows what is played and what is heard meanwhile. Not threadsafe, except ``playing``."""

    def __init__(self) -> None:
        self._played: deque[tuple[float, float]] = deque(maxlen=4096)
        self._heard: deque[float] = deque(maxlen=WINDOW)
        self._proportions: deque[float] = deque(maxlen=round(6.0 / FRAME_S))
        self._other_s = 0.0

    def playing(self, sound: Sound, *, at: float) -> None:
        """Note what begins to be played at ``at`` (monotonic seconds)."""
        step = max(int(sound.rate * FRAME_S) * 2, 2)
        begin = max(at, self._played[-1][0] + FRAME_S) if self._played else at
        for number, start in enumerate(range(0, len(sound.pcm), step)):
            loud = loudness(sound.pcm[start : start + step])
            self._played.append((begin + number * FRAME_S, loud * loud))

    def interrupted(self, frame: bytes, probability: float, *, at: float) -> bool:
        """Return whether somebody speaks over us, after a frame that was heard at ``at``."""
        loud = loudness(frame)
        self._heard.append(loud * loud)
        heard, ours = _level(list(self._heard)), self._ours(at)
        known = len(self._proportions) * FRAME_S >= CALIBRATE_S
        if not known:
            if ours > ROOM:
                self._proportions.append(heard / ours)
            return False
        expected = max(ours * self._proportion(), ROOM)
        if ours > ROOM and heard < OURS * expected:
            self._proportions.append(heard / ours)
        if heard > LOUDER * expected and probability >= LIKELY:
            self._other_s += FRAME_S
        else:
            self._other_s = max(self._other_s - FRAME_S / 2, 0.0)
        return self._other_s >= SUSTAINED_S

    def _ours(self, at: float) -> float:
        """Return how loud at most a window of what was played can be that is heard now."""
        span = WINDOW * FRAME_S
        levels = [energy for when, energy in list(self._played) if at - LATENCY_S - span <= when <= at]
        windows = range(max(len(levels) - WINDOW + 1, 1))
        return max((_level(levels[start : start + WINDOW]) for start in windows), default=0.0)

    def _proportion(self) -> float:
        ordered = sorted(self._proportions)
        return ordered[int((len(ordered) - 1) * 0.95)]

    def again(self) -> None:
        """Begin another answer: what was heard of somebody else is over, what was played before, too."""
        self._other_s = 0.0
        self._heard.clear()
        self._played.clear()


def _level(energies: list[float]) -> float:
    return math.sqrt(sum(energies) / WINDOW) if energies else 0.0
