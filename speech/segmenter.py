"""Decides when somebody begins and has ended speaking: time and "is it speech" in, decisions out. Pure.

Old people pause in the middle of a sentence. How long to wait is decided from what has been said so far (a
sentence that cannot be over yet is waited for), from the elder's own pauses, and never beyond hard limits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

MOST_PAUSES = 200
"""Pauses of an elder that are remembered."""

FEWEST_PAUSES = 12
"""Pauses from which on an elder's own habit counts."""


class Completeness(StrEnum):
    """What the words so far say about whether more will come; judged by whoever knows the language."""

    CERTAIN = "certain"
    """A whole answer, such as 「对」 to a question that asks yes or no."""
    COMPLETE = "complete"
    """A sentence that can stand as it is."""
    OPEN = "open"
    """Nobody can say."""
    UNFINISHED = "unfinished"
    """It breaks off: 「那个」, 「我想订」."""


class Decision(StrEnum):
    """What a frame has changed."""

    NOTHING = "nothing"
    STARTED = "started"
    ENDED = "ended"
    TOO_LONG = "too_long"
    """Somebody speaks beyond the limit: what has been said so far is an utterance."""
    NOBODY = "nobody"
    """Nobody began within the time that was waited."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long we wait, in seconds.

    Attributes:
        begin_s: speech after which somebody counts as speaking, within ``begin_within_s``; a knock is less.
        begin_within_s: see ``begin_s``.
        silence_s: silence that ends an utterance. Home Assistant's most relaxed setting is 1.25 s; elders'
            pauses within a sentence reach 1.0 s and more.
        certain_s: the same after a whole answer.
        complete_s: the same after a sentence that can stand.
        unfinished_s: the same after words that break off.
        least_s: an elder's own ``silence_s`` is never learned below this.
        most_s: nor above this.
        longest_s: an utterance is never longer.
        nobody_s: how long we wait for somebody to begin.
    """

    begin_s: float = 0.128
    begin_within_s: float = 0.32
    silence_s: float = 1.2
    certain_s: float = 0.8
    complete_s: float = 1.1
    unfinished_s: float = 2.4
    least_s: float = 1.1
    most_s: float = 2.0
    longest_s: float = 30.0
    nobody_s: float = 8.0

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if not 0 < self.begin_s <= self.begin_within_s:
            raise ValueError("begin_s must be above 0 and within begin_within_s")
        if not 0 < self.certain_s <= self.complete_s <= self.silence_s <= self.unfinished_s:
            raise ValueError("the surer the end, the shorter the wait")
        if not self.least_s <= self.silence_s <= self.most_s <= self.longest_s:
            raise ValueError("silence_s must lie within its limits")

    def after(self, words: Completeness) -> float:
        """Return the silence that ends an utterance after such words, in seconds."""
        return {
            Completeness.CERTAIN: self.certain_s,
            Completeness.COMPLETE: self.complete_s,
            Completeness.OPEN: self.silence_s,
            Completeness.UNFINISHED: self.unfinished_s,
        }[words]


def patience_for(pauses: Iterable[float], usual: Patience | None = None) -> Patience:
    """Return the patience for an elder who has paused like this before going on.

    The wait becomes a quarter longer than all but the longest two in a hundred of her pauses, within the
    limits. A wait for words that break off stays at least twice the certain one and never gets shorter.

    Args:
        pauses: her pauses within utterances, in seconds, in any order.
        usual: what holds where there are too few of them.
    """
    usual = usual or Patience()
    known = sorted(pauses)
    if len(known) < FEWEST_PAUSES:
        return usual
    hers = known[min(len(known) - 1, int(len(known) * 0.98))] * 1.25
    silence_s = min(max(hers, usual.least_s), usual.most_s)
    return Patience(
        begin_s=usual.begin_s,
        begin_within_s=usual.begin_within_s,
        silence_s=silence_s,
        certain_s=min(max(usual.certain_s, silence_s * 0.6), silence_s),
        complete_s=min(max(usual.complete_s, silence_s * 0.85), silence_s),
        unfinished_s=max(usual.unfinished_s, silence_s * 1.4),
        least_s=usual.least_s,
        most_s=usual.most_s,
        longest_s=usual.longest_s,
        nobody_s=usual.nobody_s,
    )


class Segmenter:
    """Follows one stream, utterance after utterance. Not threadsafe."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self.pauses: list[float] = []
        """Pauses after which somebody went on, in seconds, oldest first."""
        self._recent: list[tuple[float, bool]] = []
        self.reset()

    def reset(self) -> None:
        """Wait for another beginning."""
        self.speaking = False
        self.silence_s = 0.0
        self.utterance_s = 0.0
        self._waited = 0.0
        self._recent.clear()

    def process(self, seconds: float, is_speech: bool, words: Completeness = Completeness.OPEN) -> Decision:
        """Take the next stretch of the stream.

        Args:
            seconds: how long it is.
            is_speech: whether somebody speaks in it.
            words: what is known about the words so far.

        Returns:
            What has changed. After ENDED, TOO_LONG and NOBODY the segmenter waits for another beginning.
        """
        return self._within(seconds, is_speech, words) if self.speaking else self._before(seconds, is_speech)

    def _before(self, seconds: float, is_speech: bool) -> Decision:
        self._waited += seconds
        self._recent.append((seconds, is_speech))
        # The small part more than the limit is rounding: frames do not add up to it exactly.
        while sum(length for length, _ in self._recent) > self.patience.begin_within_s + 1e-6:
            self._recent.pop(0)
        if sum(length for length, speech in self._recent if speech) >= self.patience.begin_s - 1e-6:
            self.reset()
            self.speaking = True
            return Decision.STARTED
        if self._waited >= self.patience.nobody_s:
            self.reset()
            return Decision.NOBODY
        return Decision.NOTHING

    def _within(self, seconds: float, is_speech: bool, words: Completeness) -> Decision:
        self.utterance_s += seconds
        if is_speech:
            if self.silence_s >= self.patience.begin_within_s:
                self.pauses.append(self.silence_s)
                del self.pauses[:-MOST_PAUSES]
            self.silence_s = 0.0
        else:
            self.silence_s += seconds
            if self.silence_s >= self.patience.after(words) - 1e-6:
                self.reset()
                return Decision.ENDED
        if self.utterance_s >= self.patience.longest_s:
            self.reset()
            return Decision.TOO_LONG
        return Decision.NOTHING

    def went_on_after(self, seconds: float) -> None:
        """Learn that somebody was cut off: she went on this long after she had fallen silent."""
        self.pauses.append(min(seconds, self.patience.most_s))
        del self.pauses[:-MOST_PAUSES]
