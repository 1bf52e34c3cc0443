"""Spots the wake phrase in what was heard, by sound: 「康办康班」 is meant as 「康伴康伴」, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

MARKS = frozenset(" ，。！？、,.!?~…")
"""What may stand between the syllables of the phrase, and after it."""


class PhraseSpotter:
    """Looks for phrases near the beginning of an utterance.

    Args:
        phrases: the wake phrases.
        sounds: gives for each character what it sounds like; characters that nobody can tell apart give the
            same. Whoever knows the language supplies it.
        within: how many characters may come before the phrase: 「哎，康伴康伴」.
    """

    def __init__(
        self, phrases: Sequence[str], sounds: Callable[[str], Sequence[str]], *, within: int = 6
    ) -> None:
        self._sounds, self._within = sounds, within
        self._phrases = [tuple(sounds(phrase)) for phrase in sorted(phrases, key=len, reverse=True)]

    def find(self, heard: str) -> int | None:
        """Return where the words after the phrase at the beginning begin, or None without one."""
        places = [at for at, character in enumerate(heard) if character not in MARKS]
        sounds = list(self._sounds("".join(heard[at] for at in places)))
        if len(sounds) != len(places):
            return None
        after, begin = None, 0
        while (found := self._at(sounds, begin)) is not None:
            after = begin = found
        if after is None:
            return None
        end = places[after - 1] + 1
        while end < len(heard) and heard[end] in MARKS:
            end += 1
        return end

    def _at(self, sounds: Sequence[str], begin: int) -> int | None:
        """Return the index after the first phrase that starts soon enough after ``begin``."""
        for start in range(begin, min(begin + (self._within if begin == 0 else 0), len(sounds)) + 1):
            for phrase in self._phrases:
                if tuple(sounds[start : start + len(phrase)]) == phrase:
                    return start + len(phrase)
        return None
